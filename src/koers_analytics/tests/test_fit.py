"""Is the fit of an offer the weighted share of what is met?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.selling.fit import fit

WANTS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]))
)


def test_counted_by_hand():
    found = fit([(5, Decimal(1)), (3, Decimal("0.5")), (2, Decimal(0))])
    assert (found.met, found.importance, found.share) == (Decimal("6.5"), 10, Decimal("0.65"))


def test_where_nothing_is_wanted_there_is_no_fit():
    assert fit([]).share is None


@pytest.mark.parametrize("wrong", [(0, Decimal(1)), (3, Decimal(2)), (3, Decimal(-1))])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match="range"):
        fit([wrong])


@given(WANTS, st.integers(1, 5))
def test_it_lies_between_nothing_and_all_and_meeting_more_never_lowers_it(wants, importance):
    found = fit(wants)
    if wants:
        assert 0 <= found.share <= 1
        assert (found.share == 1) == all(part == 1 for _weight, part in wants)
    assert fit([*wants, (importance, Decimal(1))]).share >= (found.share or 0)
