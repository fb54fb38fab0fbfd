"""Are talks counted by their ending as by hand, and do the parts add up?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.selling.call_outcomes import ENDINGS, call_outcomes

ROWS = [
    (1, "Ann", "order", 6), (1, "Ann", "advance", 14), (1, "Ann", "continuation", 16), (1, "Ann", "no_sale", 4),
    (1, "Ann", "not_reached", 9), (1, "Ann", "", 5), (2, "Bas", "no_sale", 2), (2, "Bas", "not_reached", 1), (3, "Cor", "", 1),
]  # fmt: skip


def test_the_published_example_and_what_is_left_out():
    groups, total = call_outcomes(ROWS)
    ann, bas, cor = groups
    assert (ann.label, ann.calls, ann.moved_on, ann.success, ann.not_reached, ann.unsaid, ann.is_few) == ("Ann", 40, 20, 0.5, 9, 5, False)  # fmt: skip
    assert [ann.share(ending) for ending in ENDINGS] == [0.15, 0.35, 0.4, 0.1]
    assert (bas.calls, bas.success, bas.is_few) == (2, 0.0, True)
    assert (cor.calls, cor.success, cor.interval, cor.share("order"), cor.unsaid) == (
        0,
        None,
        None,
        None,
        1,
    )
    assert (total.calls, total.success, total.not_reached, total.unsaid) == (42, pytest.approx(20 / 42), 10, 6)  # fmt: skip


def test_without_talks_there_is_no_figure():
    groups, total = call_outcomes([])
    assert (groups, total.calls, total.success, total.interval) == ([], 0, None, None)


def test_an_ending_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="ending"):
        call_outcomes([(1, "Ann", "lunch", 1)])


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.just("x"),
            st.sampled_from([*ENDINGS, "not_reached", ""]),
            st.integers(0, 50),
        )
    )
)
def test_groups_add_up_to_the_total_and_shares_to_one(rows):
    groups, total = call_outcomes(rows)
    assert sum(each.calls + each.not_reached + each.unsaid for each in groups) == sum(row[3] for row in rows)  # fmt: skip
    assert total.calls == sum(each.calls for each in groups)
    for each in [*groups, total]:
        if each.calls:
            assert sum(each.share(ending) for ending in ENDINGS) == pytest.approx(1)
            assert each.interval.low <= each.success <= each.interval.high
