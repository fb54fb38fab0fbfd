"""The customer table by its rules on random logs; groups made in the engine tell what all rows tell."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.value.customer_table import customer_table
from koers_analytics.customers.value.customer_value import customer_value, fitted_value
from koers_analytics.customers.value.kept_customers import EXACT_SPENDERS, kept_customers
from koers_analytics.customers.value.spend import fit_spend
from koers_analytics.tests.world import purchases

START = date(2024, 1, 1)
Lines = list[tuple[str, str, float]]


def by_the_rules(lines: Lines, as_of: date) -> list[tuple]:
    """Customer, frequency, recency, age, monetary and spent, customer by customer and day by day."""
    days: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for customer, day, amount in lines:
        if date.fromisoformat(day) <= as_of:
            days[customer][date.fromisoformat(day)].append(amount)
    rows = []
    for customer, seen in sorted(days.items()):
        bought = {day: sum(a for a in amounts if a > 0) for day, amounts in seen.items()}
        credited = -sum(a for amounts in seen.values() for a in amounts if a < 0)
        purchase = sorted(day for day, amounts in seen.items() if bought[day] or not any(amounts))
        if not purchase:
            continue
        total = sum(bought.values())
        kept = max(1 - credited / total, 0) if total else 0
        repeats = len(purchase) - 1
        monetary = (total - bought[purchase[0]]) * kept / repeats if repeats else 0
        rows.append((customer, repeats, (purchase[-1] - purchase[0]).days, (as_of - purchase[0]).days,
                     monetary, max(total - credited, 0)))  # fmt: skip
    return rows


def rows_of(lines: Lines, as_of: date) -> list[tuple]:
    """The same from the table."""
    found = customer_table(purchases(lines), "line", as_of=as_of)
    columns = (found.frequency, found.recency, found.age, found.monetary, found.spent)
    return list(zip(found.customer.to_pylist(), *(c.tolist() for c in columns), strict=True))


def same(found: list[tuple], expected: list[tuple]) -> None:
    assert [row[:4] for row in found] == [row[:4] for row in expected]
    for place in (4, 5):
        assert [row[place] for row in found] == pytest.approx([row[place] for row in expected], rel=1e-12, abs=1e-12)  # fmt: skip


def day(number: int) -> str:
    return (START + timedelta(days=int(number))).isoformat()


def random_log(customers: int, lines: int, seed: int) -> Lines:
    """Several lines a day, credits, lines of 0, days with credits only."""
    random = np.random.default_rng(seed)
    who = random.integers(0, customers, lines)
    when = random.integers(0, 120, lines) * random.integers(1, 3, lines)
    amount = random.gamma(2, 20, lines) * random.gamma(3, 1, customers)[who]
    kind = random.choice([1, 1, 1, 1, 0, -1], lines)
    return [
        (f"c{k:03d}", day(d), float(a))
        for k, d, a in zip(who, when, np.round(amount * kind, 2), strict=True)
    ]


LINE = st.tuples(st.sampled_from("abc"), st.integers(0, 6).map(day), st.sampled_from([-7.5, -1.25, 0.0, 2.5, 10.0]))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=25), st.integers(0, 7))
def test_the_table_follows_its_rules(lines, last):
    as_of = START + timedelta(days=last)
    same(rows_of(lines, as_of), by_the_rules(lines, as_of))


@pytest.mark.usefixtures("both_engines")
def test_a_random_log_follows_the_rules_on_both_engines():
    lines, as_of = random_log(60, 1_500, 5), START + timedelta(days=180)
    same(rows_of(lines, as_of), by_the_rules(lines, as_of))


@pytest.mark.usefixtures("both_engines")
def test_groups_add_up_to_what_the_rows_give():
    connection, as_of = purchases(random_log(300, 2_000, 6)), START + timedelta(days=230)
    found = customer_value(connection, "line", as_of=as_of)
    totals, scores = found.totals, found.scores
    assert totals.customers == len(found.table)
    assert totals.expected_alive == pytest.approx(scores.p_alive.sum(), rel=1e-12)
    assert totals.expected_purchases == pytest.approx(scores.expected_purchases.sum(), rel=1e-12)
    assert totals.equity == pytest.approx(scores.clv.sum(), rel=1e-12)
    in_rows, in_groups = fit_spend(found.table.spending()), found.spend
    assert in_groups.cap == pytest.approx(in_rows.cap, rel=1e-12)
    assert in_groups.giants == in_rows.giants
    assert in_groups.model.parameters_ == pytest.approx(in_rows.model.parameters_, rel=1e-6)
    assert in_groups.model.correlation_ == pytest.approx(in_rows.model.correlation_, rel=1e-9)
    assert fitted_value(connection, "line", as_of=as_of).totals == totals


class Counting:
    """A connection that counts the rows that come back as columns."""

    def __init__(self, connection):
        self.connection, self.rows = connection, []

    def sql(self, query):
        return Counted(self.connection.sql(query), self.rows)

    def execute(self, query, parameters=()):
        return self.connection.execute(query, parameters)


class Counted:
    def __init__(self, answer, rows):
        self.answer, self.rows = answer, rows

    def to_arrow_table(self):
        found = self.answer.to_arrow_table()
        self.rows.append(found.num_rows)
        return found


def test_only_groups_come_back_for_a_fit():
    lines = [
        (f"c{k}", day(d), 10.0 + k % 7 + d) for k in range(4_000) for d in range(0, 12, 1 + k % 4)
    ]
    connection = Counting(purchases(lines))
    found = fitted_value(connection, "line", as_of=START + timedelta(days=40))
    assert found.totals.customers == 4_000
    assert max(connection.rows) == 4 * 7  # spending: four rhythms, seven amounts; histories: four
    assert len(found.groups.age) == 4


def test_means_in_steps_of_one_percent_give_the_parameters_of_all_customers():
    random = np.random.default_rng(11)
    customers = EXACT_SPENDERS * 3 // 2
    times = random.integers(2, 9, customers)
    scale = random.gamma(3.74, 1 / 15.44, customers)
    lines = [
        (f"c{k:05d}", day(d), round(float(random.gamma(6.25) / scale[k]), 2))
        for k in range(customers)
        for d in range(times[k])
    ]
    with kept_customers(purchases(lines), "line", as_of=START + timedelta(days=40)) as kept:
        together, alone = kept.spending(), kept.table().spending()
    assert len(together.customers) < len(alone.customers) / 5
    assert together.customers.sum() == len(alone.customers)
    found, exact = fit_spend(together).model, fit_spend(alone).model
    assert found.parameters_ == pytest.approx(exact.parameters_, rel=1e-4)
    assert found.mean_ == pytest.approx(exact.mean_, rel=1e-5)
