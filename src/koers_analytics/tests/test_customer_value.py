"""Value models: exact gradients, chances that add up, the rules of counting, clear refusals."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.value.beta_geometric import (
    BetaGeometricModel,
    ModifiedBetaGeometricModel,
)
from koers_analytics.customers.value.customer_table import customer_table
from koers_analytics.customers.value.customer_value import (
    Holdout,
    SpendModel,
    ValueSettings,
    choose,
    customer_value,
    score,
    value_rows,
)
from koers_analytics.customers.value.fitting import TooFewPurchasesError
from koers_analytics.customers.value.gamma_gamma import GammaGammaModel
from koers_analytics.customers.value.goodness import (
    HoldoutScore,
    counts_side_by_side,
    curves_side_by_side,
)
from koers_analytics.customers.value.histories import Histories
from koers_analytics.customers.value.kept_customers import kept_customers
from koers_analytics.customers.value.pareto import ParetoModel
from koers_analytics.customers.value.spend import giant_cap
from koers_analytics.tests.world import purchases

MODELS = [BetaGeometricModel, ModifiedBetaGeometricModel, ParetoModel]
BG_CDNOW = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def some_histories(seed=4, n=300):
    random = np.random.default_rng(seed)
    age = random.integers(180, 280, n).astype(float)
    rate, leaves = random.gamma(0.5, 1 / 40, n), random.beta(0.8, 2.4, n)
    frequency, recency = np.zeros(n), np.zeros(n)
    for who in range(n):
        moment = 0.0
        while (moment := moment + random.exponential(1 / rate[who])) < age[who]:
            frequency[who] += 1
            recency[who] = np.ceil(moment)
            if random.random() < leaves[who]:
                break
    return Histories.of_arrays(frequency, recency / 7, age / 7)


def with_parameters(kind, values):
    model = kind()
    model.parameters_ = dict(values)
    model.unit_days_ = 7.0
    return model


def one(value):
    return np.asarray([float(value)])


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=25, deadline=None)
@given(logs=st.lists(st.floats(-2.5, 2.5), min_size=4, max_size=4))
def test_the_gradient_is_exact(kind, logs):
    histories = some_histories()
    objective = kind()._objective(histories)  # noqa: SLF001 -- what the search climbs
    at = np.asarray(logs)
    _, slope = objective(at)
    for index in range(4):
        step = np.zeros(4)
        step[index] = 1e-5
        numeric = (objective(at + step)[0] - objective(at - step)[0]) / 2e-5
        assert slope[index] == pytest.approx(numeric, rel=1e-5, abs=1e-3)


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize(
    "values", [(0.5, 6.0, 0.9, 1.6), (2.0, 0.5, 3.0, 8.0), (0.3, 20.0, 1.0, 4.0)]
)
def test_chances_of_repeats_add_up_to_one_and_to_the_expectation(kind, values):
    model = with_parameters(kind, zip(kind.parameter_names, values, strict=True))
    chances = model.repeat_chances(39.0, 3000)
    assert chances.sum() == pytest.approx(1, abs=1e-7)
    assert chances @ np.arange(3001) == pytest.approx(
        float(model.expected_since_first(39.0)), rel=2e-4
    )


def test_bg_nbd_gives_the_authors_example():
    model = with_parameters(BetaGeometricModel, BG_CDNOW)
    history = (one(2), one(30.43), one(38.86))
    assert model.p_alive(*history)[0] == pytest.approx(0.7265785701, abs=1e-10)
    assert model.expected_purchases(39.0, *history)[0] == pytest.approx(1.2260281748, abs=1e-9)


def test_bg_nbd_stays_finite_for_customers_with_hundreds_of_purchases():
    model = with_parameters(BetaGeometricModel, BG_CDNOW)
    told = model.expected_purchases(52.0, one(900), one(201), one(201))
    assert told[0] == pytest.approx(52 * 900 / 201, rel=0.15)
    assert model.p_alive(one(900), one(100), one(201))[0] < 1e-50


def test_bg_nbd_has_no_hole_where_a_is_one():
    told = [
        with_parameters(BetaGeometricModel, {**BG_CDNOW, "a": a}).expected_purchases(
            39.0, one(2), one(30), one(38)
        )[0]
        for a in (1 - 1e-3, 1.0, 1 + 1e-3)
    ]
    assert told[1] == pytest.approx((told[0] + told[2]) / 2, rel=1e-5)


@pytest.mark.parametrize("kind", MODELS)
def test_grouped_histories_give_the_same_estimates_as_single_ones(kind):
    single = some_histories(n=800)
    grouped, place = single.grouped()
    assert len(grouped.age) < len(single.age)
    np.testing.assert_array_equal(grouped.age[place], single.age)
    np.testing.assert_array_equal(grouped.frequency[place], single.frequency)
    a, b = kind().fit(single), kind().fit(grouped)
    assert b.log_likelihood_ == pytest.approx(a.log_likelihood_, abs=1e-6)
    for name in kind.parameter_names:
        assert b.parameters_[name] == pytest.approx(a.parameters_[name], rel=1e-4)


def test_the_time_unit_changes_scales_and_likelihood_but_not_answers():
    weeks = some_histories(n=500)
    days = Histories(weeks.frequency, weeks.recency * 7, weeks.age * 7, weeks.customers, 1.0)
    a, b = BetaGeometricModel().fit(weeks), BetaGeometricModel().fit(days)
    assert b.parameters_["alpha"] == pytest.approx(7 * a.parameters_["alpha"], rel=1e-4)
    assert a.parameters_in(1.0)["alpha"] == pytest.approx(b.parameters_["alpha"], rel=1e-4)
    shift = float(weeks.frequency @ weeks.customers) * np.log(7)
    assert a.log_likelihood_ == pytest.approx(b.log_likelihood_ + shift, abs=1e-5)


def test_a_penalty_draws_parameters_to_moderate_values():
    histories = some_histories(n=60)
    free, held = (
        BetaGeometricModel().fit(histories),
        BetaGeometricModel(penalty=0.05).fit(histories),
    )
    assert held.log_likelihood_ < free.log_likelihood_
    assert abs(np.log(held.parameters_["b"])) < abs(np.log(free.parameters_["b"]))


@pytest.mark.parametrize("kind", MODELS)
def test_without_repeat_purchases_a_model_refuses(kind):
    nobody = Histories.of_arrays([0, 0, 0], [0, 0, 0], [10, 20, 30])
    with pytest.raises(TooFewPurchasesError, match="second day"):
        kind().fit(nobody)


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "why"),
    [
        ([1], [5], [4], "after the day of measuring"),
        ([0], [1], [4], "without repeat purchases"),
        ([1], [-1], [4], "missing or negative"),
        ([1, 2], [1], [4], "same length"),
    ],
)
def test_impossible_histories_are_refused(frequency, recency, age, why):
    with pytest.raises(ValueError, match=why):
        Histories.of_arrays(frequency, recency, age)


def test_gamma_gamma_refuses_where_all_spend_the_same():
    with pytest.raises(TooFewPurchasesError, match="same"):
        GammaGammaModel().fit(np.asarray([1.0, 2, 3]), np.asarray([10.0, 10, 10]))


@pytest.mark.usefixtures("both_engines")
def test_purchases_are_counted_per_day_and_credits_only_lower_what_was_spent():
    connection = purchases([
        ("a", "2024-01-01", 10), ("a", "2024-01-01", 20),
        ("a", "2024-01-11", 60), ("a", "2024-02-01", 30),
        ("a", "2024-02-05", -12),
        ("b", "2024-01-05", 0), ("b", "2024-01-06", 0),
        ("c", "2024-01-07", -5),
        ("d", "2024-03-01", 9), ("a", "2024-03-02", 8),
    ])  # fmt: skip
    table = customer_table(connection, "line", as_of=date(2024, 2, 29))
    with kept_customers(connection, "line", as_of=date(2024, 2, 29)) as kept:
        later = kept.later_groups("line", until=date(2024, 3, 31))
    assert table.customer.to_pylist() == ["a", "b"]
    assert table.frequency.tolist() == [2, 1]
    assert table.recency.tolist() == [31, 1]
    assert table.age.tolist() == [59, 55]
    assert table.monetary.tolist() == [45 * 0.9, 0]
    assert table.spent.tolist() == [108, 0]
    assert (later.frequency.tolist(), later.recency.tolist()) == ([1, 2], [1, 31])
    assert (later.later.tolist(), later.customers.tolist()) == ([0, 1], [1, 1])


@pytest.mark.usefixtures("both_engines")
def test_a_purchase_on_the_day_of_measuring_counts():
    connection = purchases([("a", "2024-01-01", 1), ("a", "2024-01-08", 1)])
    table = customer_table(connection, "line", as_of=date(2024, 1, 8))
    assert (table.frequency[0], table.recency[0], table.age[0]) == (1, 7, 7)


def test_one_giant_is_capped_and_an_ordinary_spread_is_not():
    random = np.random.default_rng(3)
    ordinary = np.exp(random.normal(3, 0.6, 500))
    assert giant_cap(ordinary) > ordinary.max()
    assert giant_cap(np.append(ordinary, 1e6)) < 1e6


@pytest.mark.usefixtures("both_engines")
def test_the_table_per_customer_has_the_promised_columns_in_order():
    random = np.random.default_rng(8)
    rows = [
        (f"c{k % 40}", date.fromordinal(738_000 + int(d)).isoformat(), float(a))
        for k, (d, a) in enumerate(zip(random.integers(0, 300, 200), random.gamma(4, 9, 200), strict=True))
    ]  # fmt: skip
    found = customer_value(purchases(rows), "line", as_of=date.fromordinal(738_300))
    table = value_rows(found)
    assert table.column_names == [
        "customer_id", "frequency", "recency", "age", "monetary", "p_alive",
        "expected_purchases", "expected_spend", "clv",
    ]  # fmt: skip
    assert table.num_rows == 40
    shares = np.asarray(table.column("p_alive"))
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (np.asarray(table.column("clv")) > 0).all()


def steady(customers=40, seed=8, days=300):
    """A log of customers that buy at random moments and never leave."""
    random = np.random.default_rng(seed)
    return [
        (f"c{k % customers}", date.fromordinal(738_000 + int(d)).isoformat(), float(a))
        for k, (d, a) in enumerate(
            zip(random.integers(0, days, 5 * customers), random.gamma(4, 9, 5 * customers), strict=True)
        )
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "within"), [(30, 1e-9), (365, 1e-7), (3650, 1e-5), (36525, 1e-4)])
def test_the_discounted_value_is_the_integral_of_the_discounted_rate(days, within):
    table = customer_table(purchases(steady()), "line", as_of=date.fromordinal(738_300))
    model = ParetoModel().fit(table.histories().grouped()[0])
    spend = SpendModel(None, 1.0, 1.0, 0)
    told = score(model, spend, table, ValueSettings(horizon_days=days)).clv
    weeks, rate = days / 7, np.log(1.1) * 7 / 365.25
    history = table.frequency.astype(float), table.recency / 7, table.age / 7
    edges = np.concatenate([[0.0], np.geomspace(weeks / 1e4, weeks, 3_000)])
    whole = np.asarray([model.expected_purchases(float(edge), *history) for edge in edges])
    middle = np.exp(-rate * (edges[1:] + edges[:-1]) / 2)
    assert told == pytest.approx(middle @ np.diff(whole, axis=0), rel=max(within, 2e-4))


def test_a_model_that_ran_to_the_edge_is_named_and_another_chosen():
    connection = purchases(steady())
    found = customer_value(connection, "line", as_of=date.fromordinal(738_300))
    fitted = {model.name: model for model in (found.model, *found.others)}
    assert found.choice.model == found.model.name
    for name, flaw in found.choice.left_out.items():
        before = {model.name: model for model in found.holdout.fitted}[name]
        edges = {*fitted[name].edge_, *before.edge_}
        assert edges
        assert "ran to the edge" in flaw
    assert found.model.name not in found.choice.left_out


class Fitted:
    def __init__(self, name, *, edge=(), converged=True):
        self.name, self.edge_, self.converged_ = name, edge, converged
        self.at_bound_ = bool(edge)


def test_the_choice_passes_over_models_at_the_edge_and_takes_one_where_none_is_left():
    scores = [
        HoldoutScore(name, 10, 10, 0, 0.1, 0.1, 0.1, 0.1, mark)
        for name, mark in (("A", 0.1), ("B", 0.3), ("C", 0.2))
    ]
    split = date(2024, 6, 1)

    def chosen(*fitted):
        held = Holdout(
            split, date(2024, 7, 1), 5, given=True, fitted=fitted, scores=tuple(scores), times=None
        )
        return choose(fitted, held)

    found = chosen(Fitted("A", edge=("b",)), Fitted("B"), Fitted("C", converged=False))
    assert found.model == "B"
    assert found.left_out == {
        "A": "b ran to the edge on the whole time: the purchases do not hold it",
        "C": "its search did not end on the whole time",
    }
    assert chosen(*(Fitted(name, edge=("s",)) for name in "ABC")).model == "A"
    assert choose([Fitted("B"), Fitted("C")], None, "Too short.").model == "B"


def test_counts_and_curves_side_by_side_add_up():
    found = customer_value(purchases(steady()), "line", as_of=date.fromordinal(738_300))
    counts = counts_side_by_side([found.model, *found.others], found.table.histories())
    assert sum(row["actual"] for row in counts) == 40
    for name in ("BG/NBD", "MBG/NBD", "Pareto/NBD"):
        assert sum(row["expected"][name] for row in counts) == pytest.approx(40)
    weeks = curves_side_by_side(found.holdout.fitted, found.holdout.times)
    assert sum(row["actual_week"] for row in weeks) == weeks[-1]["actual"]
    for name in weeks[-1]["expected"]:
        assert sum(row["expected_week"][name] for row in weeks) == pytest.approx(
            weeks[-1]["expected"][name]
        )
    assert [row["held_out"] for row in weeks] == [row["until"] > found.holdout.split for row in weeks]  # fmt: skip


def test_only_credits_are_told_apart_from_nobody_yet():
    with pytest.raises(TooFewPurchasesError, match="only credits and returns"):
        customer_value(purchases([("a", "2024-01-01", -5)]), "line", as_of=date(2024, 6, 1))
    with pytest.raises(TooFewPurchasesError, match="first purchase is on 2024-01-01"):
        customer_value(purchases([("a", "2024-01-01", 5)]), "line", as_of=date(2023, 6, 1))


@pytest.mark.parametrize("split", [date.fromordinal(737_000), date.fromordinal(738_300)])
def test_a_hold_out_outside_the_purchases_says_between_which_days(split):
    with pytest.raises(TooFewPurchasesError, match="Purchases run from 2021-08-01 to 2022-05-25"):
        customer_value(purchases(steady()), "line", as_of=date.fromordinal(738_300), holdout=split)
