"""Does pay follow F6.12, and do its lines add up whatever the plan and the orders?"""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.pay import (
    Entry,
    LineKind,
    PayPlanError,
    Spread,
    Terms,
    Tier,
    TierBy,
    correction,
    cost_of_sales,
    payout,
    scaled,
    split,
    spread,
)

CENT = Decimal("0.01")
BOOK = Terms(base=Decimal(3000), tiers=(Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(40_000), Decimal("0.08"))))  # fmt: skip
money = st.integers(-500_000_00, 2_000_000_00).map(lambda cents: Decimal(cents).scaleb(-2))
sold = st.lists(money, max_size=8).map(lambda found: [Entry(place, amount) for place, amount in enumerate(found)])  # fmt: skip
shares = st.integers(0, 100).map(lambda value: Decimal(value).scaleb(-2))
amounts = st.integers(0, 300_000_00).map(lambda cents: Decimal(cents).scaleb(-2))
parts = st.integers(1, 90).map(lambda days: Decimal(days) / 90)


@st.composite
def plans(draw, **fixed):
    by = draw(st.sampled_from(TierBy))
    unit = Decimal(100_000) if by is TierBy.AMOUNT else Decimal(1)
    starts = sorted(draw(st.sets(shares.filter(bool), max_size=3)))
    tiers = [Tier(start * unit, draw(shares)) for start in [Decimal(0), *starts]]
    found = {
        "base": draw(amounts), "tiers": tuple(tiers), "tier_by": by, "quota": draw(st.none() | amounts), "accelerator": 1 + draw(shares),
        "cap": draw(st.none() | amounts), "bonus": draw(amounts), "team_bonus": draw(amounts),
    }  # fmt: skip
    return Terms(**(found | fixed))


def lines(found):
    return [(line.kind, line.basis, line.rate, line.amount) for line in found.lines]


def test_the_worked_example_of_f6_12():
    found = payout(BOOK, [Entry(1, Decimal(30_000)), Entry(2, Decimal(20_000))])
    assert found.total == 5_800
    assert lines(found) == [
        (LineKind.BASE, 3000, 1, 3000), (LineKind.TIER, 40_000, Decimal("0.05"), 2000), (LineKind.TIER, 10_000, Decimal("0.08"), 800)
    ]  # fmt: skip
    assert [line.sources for line in found.lines] == [
        (), (Entry(1, Decimal(30_000)), Entry(2, Decimal(10_000))), (Entry(2, Decimal(10_000)),)
    ]  # fmt: skip


def test_accelerator_bonus_team_and_cap_each_have_a_line_of_their_own():
    terms = replace(
        BOOK, quota=Decimal(45_000), accelerator=Decimal("1.5"), bonus=Decimal(500), bonus_from=Decimal("1.1"), team_bonus=Decimal(250), cap=Decimal(3_000)
    )  # fmt: skip
    found = payout(terms, [Entry(1, Decimal(50_000))], team_attainment=Decimal("1.02"))
    assert lines(found) == [
        (LineKind.BASE, 3000, 1, 3000), (LineKind.TIER, 40_000, Decimal("0.05"), 2000), (LineKind.TIER, 5_000, Decimal("0.08"), 400),
        (LineKind.ACCELERATED, 5_000, Decimal("0.12"), 600), (LineKind.BONUS, 500, found.attainment, 500),
        (LineKind.TEAM, 250, Decimal("1.02"), 250), (LineKind.CAP, 3_750, None, -750),
    ]  # fmt: skip
    assert found.total == 6_000
    missed = payout(terms, [Entry(1, Decimal(49_000))], team_attainment=Decimal("0.99"))
    assert {LineKind.BONUS, LineKind.TEAM} & {line.kind for line in missed.lines} == set()


def test_tiers_by_attainment_follow_the_quota_and_part_of_a_period_takes_its_part():
    terms = Terms(base=Decimal(9_000), tier_by=TierBy.ATTAINMENT, quota=Decimal(100_000),
                  tiers=(Tier(Decimal(0), Decimal(0)), Tier(Decimal("0.8"), Decimal("0.1"))))  # fmt: skip
    assert payout(terms, [Entry(1, Decimal(90_000))]).variable == 1_000
    third = payout(terms, [Entry(1, Decimal(90_000))], part=Decimal(1) / 3)
    assert (third.lines[0].amount, third.variable) == (3_000, Decimal("6333.33"))
    unknown = payout(replace(terms, quota=None), [Entry(1, Decimal(90_000))])
    assert (unknown.variable, unknown.no_quota) == (0, True)


def test_a_credit_note_takes_from_the_tier_that_was_reached_last():
    found = payout(BOOK, [Entry(1, Decimal(50_000)), Entry(2, Decimal(-15_000))])
    assert [line.sources for line in found.lines[1:]] == [
        (Entry(1, Decimal(40_000)), Entry(2, Decimal(-5_000))), (Entry(1, Decimal(10_000)), Entry(2, Decimal(-10_000)))
    ]  # fmt: skip
    assert found.variable == 1_750


def test_a_split_gives_the_rest_to_the_other_party():
    assert split(Decimal("14.02"), [Decimal("0.3"), Decimal("0.7")]) == (Decimal("4.21"), Decimal("9.81"))  # fmt: skip
    with pytest.raises(PayPlanError):
        split(Decimal(10), [Decimal("0.3"), Decimal("0.6")])


def test_what_was_paid_too_much_comes_back_as_a_correction():
    assert correction(due=Decimal(3000), paid=Decimal(5800)).amount == -2_800


def test_spread_and_cost_of_sales():
    assert spread([Decimal(4), Decimal(10), Decimal(6)]) == Spread(Decimal(4), Decimal(6), Decimal(10))  # fmt: skip
    assert spread([Decimal(4), Decimal(10)]).ratio == Decimal("2.5")
    assert (spread([]), spread([Decimal(0), Decimal(5)]).ratio) == (None, None)
    assert (cost_of_sales(Decimal(5), Decimal(100)), cost_of_sales(Decimal(5), Decimal(0))) == (Decimal("0.05"), None)  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {"tiers": (Tier(Decimal(5), Decimal(0)),)}, {"tiers": (Tier(Decimal(0), Decimal(0)), Tier(Decimal(0), Decimal(0)))},
    {"tiers": (Tier(Decimal(0), Decimal("1.1")),)}, {"accelerator": Decimal("0.9")}, {"base": Decimal(-1)},
])  # fmt: skip
def test_terms_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(PayPlanError):
        Terms(**wrong)


@settings(max_examples=50, deadline=None)
@given(plans(), sold, parts, st.none() | shares.map(lambda value: value * 2))
def test_lines_add_up_to_the_payout_and_sources_to_their_basis(terms, entries, part, team):
    found = payout(terms, entries, part=part, team_attainment=team)
    assert found.total == found.lines[0].amount + found.variable
    assert all(line.amount == line.amount.quantize(CENT) for line in found.lines)
    banded = [line for line in found.lines if line.kind in (LineKind.TIER, LineKind.ACCELERATED)]
    assert all(sum(source.amount for source in line.sources) == line.basis for line in banded)
    if terms.tier_by is TierBy.AMOUNT or terms.quota:
        assert sum(line.basis for line in banded) == max(found.sales, 0)


@settings(max_examples=50, deadline=None)
@given(plans(cap=None), sold, st.integers(0, 50_000_00))
def test_more_sales_never_pay_less_where_there_is_no_cap(terms, entries, cents):
    more = [*entries, Entry(99, Decimal(cents).scaleb(-2))]
    assert payout(terms, more).total >= payout(terms, entries).total


@settings(max_examples=50, deadline=None)
@given(plans(), sold, parts, shares)
def test_variable_pay_never_exceeds_the_cap(terms, entries, part, team):
    found = payout(terms, entries, part=part, team_attainment=team)
    assert terms.cap is None or found.variable <= terms.cap * part


@settings(max_examples=50, deadline=None)
@given(plans(bonus=Decimal(0), team_bonus=Decimal(0)), shares.filter(bool))
def test_pay_does_not_jump_at_the_border_of_a_tier(terms, at):
    border = at * 100_000
    below, above = (payout(terms, [Entry(1, border + step)]).total for step in (-CENT, CENT))
    assert 0 <= above - below <= 2 * CENT * 2 + CENT


@settings(max_examples=50, deadline=None)
@given(plans(), sold)
def test_crediting_every_order_leaves_no_commission(terms, entries):
    back = [*entries, *scaled(entries, Decimal(-1))]
    commission = [line.amount for line in payout(terms, back).lines if line.kind in (LineKind.TIER, LineKind.ACCELERATED)]  # fmt: skip
    assert sum(commission) == 0


@settings(max_examples=50, deadline=None)
@given(money, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_a_split_adds_up_to_the_order(amount, weights):
    first = [Decimal(weight) / 100 for weight in weights[:-1]]
    assert sum(split(amount, [*first, 1 - sum(first, Decimal(0))])) == amount
