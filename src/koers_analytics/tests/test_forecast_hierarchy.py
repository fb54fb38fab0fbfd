"""Do forecasts of parts and sums add up to the cent, whatever the tree?"""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.forecast.grid import Grid
from koers_analytics.forecast.hierarchy import HierarchyError, forecast_tree, tree_of
from koers_analytics.forecast.reconciliation import (
    in_cents,
    largest_remainder,
    one_step_covariance,
    reconcile,
)
from koers_analytics.forecast.series_file import Series

GRID = Grid("M")
START = 2020 * 12


def series_of(groups, values, first=START, name=None):
    return Series(name or "/".join(groups), GRID, first, np.array(values, dtype=float), 0, groups)


def four_stores(length=48):
    rng = np.random.default_rng(7)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(length) / 12)
    return [
        series_of((region, store), level * season * rng.lognormal(0, 0.1, length))
        for region, store, level in (("N", "1", 100), ("N", "2", 30), ("S", "3", 500), ("S", "4", 8))
    ]  # fmt: skip


def test_the_tree_holds_the_total_a_sum_per_value_and_the_series():
    tree = tree_of(four_stores())
    assert [node.unique_id for node in tree.series] == ["total", "N", "S", "N/1", "N/2", "S/3", "S/4"]  # fmt: skip
    assert tree.children == [[1, 2], [3, 4], [5, 6]]
    assert tree.series[1].groups == ("N", "")
    assert tree.sums.tolist()[:3] == [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]]
    assert tree.series[0].values == pytest.approx(sum(node.values for node in tree.series[3:]))


def test_a_column_with_many_series_under_a_value_makes_its_own_sums():
    series = [series_of(("N", "1"), [1, 2, 3], name=f"p{k}") for k in range(3)]
    assert [node.unique_id for node in tree_of(series).series] == ["total", "N", "N/1", "p0", "p1", "p2"]  # fmt: skip


def test_a_series_counts_as_nothing_before_it_began_and_after_it_ended():
    tree = tree_of([series_of(("N",), [1, 1, 1, 1]), series_of(("S",), [5, 5], first=START + 1)])
    assert tree.series[0].values.tolist() == [1, 6, 6, 1]
    assert tree.series[2].values.tolist() == [5, 5, 0]


def test_a_series_that_bears_the_name_of_a_sum_is_refused():
    with pytest.raises(HierarchyError, match="total stands for a sum"):
        tree_of([series_of(("N",), [1.0], name="total"), series_of(("S",), [1.0], name="b")])


def test_series_on_other_steps_are_refused():
    other = Series("b", Grid("Q", phase=1), 3, np.ones(3), 0, ("S",))
    with pytest.raises(HierarchyError, match="b does not lie on the same steps as a"):
        tree_of([Series("a", Grid("Q"), 3, np.ones(3), 0, ("N",)), other])


def cents(value):
    return int(Decimal(f"{value:.2f}") * 100)


@pytest.mark.parametrize("negative", [False, True])
def test_forecasts_add_up_to_the_cent_and_intervals_nest(negative):
    series = four_stores()
    if negative:
        series[3] = series_of(("S", "4"), series[3].values - 9)
    found = {one.series.unique_id: one for one in forecast_tree(series, horizon=6, workers=1)}
    for parent, parts in {"total": "NS", "N": ("N/1", "N/2"), "S": ("S/3", "S/4")}.items():
        for step in range(6):
            assert cents(found[parent].values[step]) == sum(cents(found[p].values[step]) for p in parts)  # fmt: skip
        for level in (80, 95):
            reach = sum(found[p].highs[level] - found[p].values for p in parts)
            assert (found[parent].highs[level] - found[parent].values <= reach + 0.03).all()
    for one in found.values():
        order = [one.lows[95], one.lows[80], one.values, one.highs[80], one.highs[95]]
        assert all((low <= high).all() for low, high in zip(order[:-1], order[1:], strict=True))
        assert one.method.endswith("+MinT")
        if one.series.values.min() >= 0:
            assert one.lows[95].min() >= 0


def test_reconciliation_leaves_forecasts_that_add_up_as_they_are():
    sums = tree_of(four_stores(12)).sums
    lowest = np.array([[4.0], [6.0], [10.0], [30.0]])
    covariance = np.diag(np.arange(1.0, 8.0))
    assert reconcile(sums @ lowest, sums, covariance, np.ones(4, bool)) == pytest.approx(lowest)


def test_reconciliation_divides_a_difference_by_uncertainty():
    # total 12 (variance 1), parts 4 and 6 (variances 1 and 2): the difference of 2 is divided 1 : 1 : 2
    sums = np.array([[1.0, 1], [1, 0], [0, 1]])
    lowest = reconcile(np.array([[12.0], [4], [6]]), sums, np.diag([1.0, 1, 2]), np.ones(2, bool))
    assert lowest[:, 0] == pytest.approx([4.5, 7.0])


def test_what_falls_below_zero_is_held_at_zero_and_the_rest_is_solved_again():
    sums = np.array([[1.0, 1], [1, 0], [0, 1]])
    base = np.array([[2.0], [8], [0]])
    held = reconcile(base, sums, np.eye(3), np.array([True, True]))
    assert held[:, 0] == pytest.approx([5.0, 0.0])
    free = reconcile(base, sums, np.eye(3), np.array([True, False]))
    assert free[:, 0] == pytest.approx([6.0, -2.0])


def test_covariance_is_shrunk_for_few_nodes_and_plain_for_many():
    rng = np.random.default_rng(8)
    shared = rng.normal(0, 1, 30)
    errors = [shared + rng.normal(0, 0.1, 30), shared + rng.normal(0, 0.1, 40)[10:], rng.normal(0, 1, 30)]  # fmt: skip
    covariance, name = one_step_covariance(errors, [1.0, 1.0, 1.0])
    correlation = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert name == "MinT"
    assert 0.7 < correlation < np.corrcoef(errors[0], errors[1])[0, 1]
    assert one_step_covariance([e[:5] for e in errors], [1, 2, 3])[1] == "WLS"
    assert np.diag(one_step_covariance([e[:5] for e in errors], [1, 2, 3])[0]).tolist() == [1, 4, 9]


trees = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(trees, st.data())
def test_cents_add_up_at_every_level_of_any_tree(widths, data):
    count = sum(widths)
    amounts = st.lists(st.floats(-1e7, 1e7), min_size=count, max_size=count)
    lowest = np.array(data.draw(amounts)).reshape(-1, 1)
    groups, place = [], 1 + len(widths)
    for width in widths:
        groups.append(list(range(place, place + width)))
        place += width
    children = [list(range(1, 1 + len(widths))), *groups]
    made = in_cents(lowest, children)
    for parent, parts in enumerate(children):
        assert made[parent, 0] == made[parts, 0].sum()
    assert abs(made[0, 0] - 100 * lowest.sum()) <= 0.5 + 1e-4
    assert np.abs(made[-count:, 0] - 100 * lowest[:, 0]).max() <= 3
    assert (made == np.rint(made)).all()
    if (lowest >= 0).all():
        assert (made >= 0).all()


def test_cents_go_to_the_largest_remainders():
    parts = np.array([[1.5], [2.25], [3.25]])
    assert largest_remainder(parts, np.array([7.0]))[:, 0].tolist() == [2, 2, 3]
    assert largest_remainder(parts, np.array([6.0]))[:, 0].tolist() == [1, 2, 3]


def test_four_hundred_nodes_and_more_are_weighed_by_their_own_errors():
    rng = np.random.default_rng(9)
    series = [series_of((f"r{k % 20}", f"s{k}"), rng.poisson(3, 10)) for k in range(400)]
    found = forecast_tree(series, horizon=2, workers=2)
    assert (len(found), {one.method.split("+")[1] for one in found}) == (421, {"WLS"})
    lowest = sum(cents(one.values[0]) for one in found[21:])
    assert cents(found[0].values[0]) == sum(cents(one.values[0]) for one in found[1:21]) == lowest
