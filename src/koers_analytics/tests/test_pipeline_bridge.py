"""Does the bridge between the pipelines of two days add up, and does each deal fall where it belongs?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.selling.pipeline_bridge import (
    DealBetween,
    Effect,
    Standing,
    effect_of,
    pipeline_bridge,
)

OPEN = Standing(1, "open", Decimal(100))
STANDINGS = st.builds(
    Standing,
    stage=st.integers(1, 4),
    kind=st.sampled_from(["open", "open", "won", "lost"]),
    amount=st.decimals(-1_000, 10**9, places=4),
    in_scope=st.booleans(),
    in_time=st.booleans(),
)


@st.composite
def deals(draw):
    pairs = draw(st.lists(st.tuples(st.none() | STANDINGS, STANDINGS), max_size=30))
    return [DealBetween(key, before, after) for key, (before, after) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (None, OPEN, Effect.NEW),
        (Standing(3, "lost", Decimal(90)), OPEN, Effect.REOPENED),
        (Standing(1, "open", Decimal(90), in_scope=False), OPEN, Effect.TAKEN_OVER),
        (Standing(1, "open", Decimal(90), in_time=False), OPEN, Effect.PULLED_IN),
        (Standing(1, "open", Decimal(90), in_scope=False, in_time=False), OPEN, Effect.TAKEN_OVER),
        (OPEN, Standing(2, "open", Decimal("100.01")), Effect.GREW),
        (OPEN, Standing(2, "open", Decimal("99.99")), Effect.SHRUNK),
        (OPEN, Standing(2, "open", Decimal("100.004")), Effect.UNCHANGED),
        (OPEN, Standing(1, "open", Decimal(100), in_time=False), Effect.SLIPPED),
        (OPEN, Standing(1, "open", Decimal(100), in_scope=False), Effect.HANDED_OVER),
        (OPEN, Standing(4, "won", Decimal(120), in_scope=False, in_time=False), Effect.WON),
        (OPEN, Standing(5, "lost", Decimal(100)), Effect.LOST),
        (None, Standing(4, "won", Decimal(120)), None),
        (Standing(4, "won", Decimal(120)), Standing(4, "won", Decimal(120)), None),
        (None, None, None),
    ],
)
def test_a_deal_has_one_effect(before, after, effect):
    assert effect_of(before, after) == effect


def test_a_won_deal_leaves_with_what_it_was_worth_on_the_first_day():
    found = pipeline_bridge([DealBetween(7, OPEN, Standing(4, "won", Decimal(250)))])
    assert {name: (level.deals, level.amount) for name, level in found.effects.items()} == {
        Effect.WON: (1, Decimal(-100))
    }
    assert (found.before.amount, found.after.amount, found.after.deals) == (100, 0, 0)


def test_a_deal_does_not_vanish():
    with pytest.raises(ValueError, match="stands on the second"):
        pipeline_bridge([DealBetween(1, OPEN, None)])


@given(deals())
def test_the_effects_lead_from_one_day_to_the_other_to_the_cent(given_deals):
    found = pipeline_bridge(given_deals)
    effects = sum(level.amount for level in found.effects.values())
    assert found.before.amount + effects == found.after.amount
    assert found.after.amount == found.after.amount.quantize(Decimal("0.01"))
    gone = (Effect.WON, Effect.LOST, Effect.SLIPPED, Effect.HANDED_OVER)
    come = (Effect.NEW, Effect.REOPENED, Effect.TAKEN_OVER, Effect.PULLED_IN)
    count = {name: level.deals for name, level in found.effects.items()}
    assert (
        found.before.deals
        - sum(count.get(name, 0) for name in gone)
        + sum(count.get(name, 0) for name in come)
        == found.after.deals
    )
    assert sum(count.values()) == len(found.changes)


@given(deals())
def test_every_division_adds_up_to_the_whole(given_deals):
    whole = pipeline_bridge(given_deals)
    parts = [pipeline_bridge(given_deals[place::3]) for place in range(3)]
    for effect in Effect:
        assert sum(part.effects[effect].amount for part in parts if effect in part.effects) == (
            whole.effects[effect].amount if effect in whole.effects else 0
        )
    for level, stages in (("before", whole.stages_before), ("after", whole.stages_after)):
        found = getattr(whole, level)
        assert sum(stage.amount for stage in stages.values()) == found.amount
        assert sum(stage.deals for stage in stages.values()) == found.deals
