"""Does the division of visits reach the best there is, or stay below its bound?"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.effort import Curve, Customer, EffortInputError, calibrate, optimise


def test_the_curve_is_the_one_of_the_book():
    curve = Curve(20, 120, 1, 4)

    assert [curve.at(visits) for visits in (0, 4, 6)] == pytest.approx([20, 70, 80])


def test_estimates_that_lie_on_a_curve_give_it_back():
    curve = Curve(20, 120, 1.7, 30)
    found = calibrate(
        none=20, half=curve.at(4), now=curve.at(8), more=curve.at(12), most=120, visits=8
    )

    assert (found.shape, found.scale) == pytest.approx((1.7, 30))
    assert found.error == pytest.approx(0, abs=1e-9)


def test_a_curve_passes_through_what_is_sold_today_and_tells_its_misfit():
    found = calibrate(none=10, half=40, now=60, more=65, most=100, visits=12)

    assert found.at(12) == pytest.approx(60)
    assert found.error == pytest.approx(max(abs(found.at(6) - 40), abs(found.at(18) - 65)))
    assert found.error > 1


@pytest.mark.parametrize("change", [{"half": 70}, {"most": 65}, {"visits": 0}, {"none": 50}])
def test_estimates_that_do_not_rise_are_refused(change):
    good = {"none": 10, "half": 40, "now": 60, "more": 65, "most": 100, "visits": 12}
    with pytest.raises(EffortInputError):
        calibrate(**(good | change))


def best_by_trying(customers, hours):
    plans = product(*(range(c.least, c.most + 1) for c in customers))
    return max(
        sum(c.margin * c.curve.at(n) for c, n in zip(customers, plan, strict=True))
        for plan in plans
        if sum(c.hours * n for c, n in zip(customers, plan, strict=True)) <= hours + 1e-9
    )


curves = st.builds(
    Curve, st.floats(0, 30), st.floats(31, 200), st.floats(0.3, 1.0), st.floats(0.5, 50)
)
s_shapes = st.builds(
    Curve, st.floats(0, 30), st.floats(31, 200), st.floats(1.1, 5), st.floats(0.5, 400)
)


@settings(deadline=None)
@given(st.lists(curves, min_size=1, max_size=4), st.integers(0, 14))
def test_concave_curves_are_divided_exactly(found, visits):
    customers = [Customer(str(n), curve, 0.5, 1, 0, 5) for n, curve in enumerate(found)]
    plan = optimise(customers, hours=visits)

    assert plan.exact
    assert plan.contribution == pytest.approx(best_by_trying(customers, visits))


@settings(deadline=None)
@given(st.lists(st.tuples(st.one_of(curves, s_shapes), st.sampled_from([0.5, 1.0, 1.7])), min_size=1, max_size=4), st.floats(0, 20))  # fmt: skip
def test_no_plan_passes_the_bound_and_the_hours_are_kept(found, hours):
    customers = [Customer(str(n), curve, 0.4, each, 0, 5) for n, (curve, each) in enumerate(found)]
    plan = optimise(customers, hours=hours)
    best = best_by_trying(customers, hours)

    assert plan.contribution <= best + 1e-6 <= plan.bound + 2e-6
    assert plan.hours_used == pytest.approx(sum(advice.hours for advice in plan.advice))
    assert plan.hours_used <= hours + 1e-6
    assert all(0 <= advice.visits <= 5 for advice in plan.advice)
    assert plan.contribution == pytest.approx(sum(advice.contribution for advice in plan.advice))


def test_an_s_shape_gets_its_visits_together_or_none():
    slow = Customer("slow", Curve(0, 100, 8, 4.0**8), 1, 1, 0, 8)
    steady = Customer("steady", Curve(0, 30, 1, 4), 1, 1, 0, 8)

    assert [a.visits for a in optimise([slow, steady], hours=2).advice] == [0, 2]
    assert optimise([slow, steady], hours=6).advice[0].visits >= 4


def test_norm_optimum_and_actual_stand_beside_each_other():
    customer = Customer("Bakker", Curve(20, 120, 1, 4), 0.5, 2, least=2, most=6, norm=4, actual=5)
    (advice,) = optimise([customer], hours=9).advice

    assert (advice.visits, advice.norm, advice.actual, advice.hours) == (4, 4, 5, 8)
    assert advice.contribution == pytest.approx(35)
    assert advice.one_more == pytest.approx(0.5 * (20 + 100 * 5 / 9) - 35)
    assert advice.one_less == pytest.approx(35 - 0.5 * (20 + 100 * 3 / 7))


def test_least_visits_that_do_not_fit_are_refused():
    customer = Customer("Bakker", Curve(20, 120, 1, 4), 0.5, 2, least=3, most=6)

    with pytest.raises(EffortInputError, match=r"^The least visits take 6 hours; there are 5\.$"):
        optimise([customer], hours=5)
