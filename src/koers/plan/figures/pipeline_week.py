"""What changed in the pipeline since last week, per seller, team or business unit, to the cent?"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.plan.queries.call_period import quarter_period
from koers.plan.queries.pipeline_forecast import members_of as part_of
from koers.sell.queries.past_pipeline import (
    PastPipeline,
    PastScope,
    PastStanding,
    members_of_teams,
    members_of_units,
    past_pipeline,
)

if TYPE_CHECKING:
    from koers_analytics.selling.pipeline_bridge import PipelineBridge, Standing

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekRow:
    """A part of the level, or the whole (``key`` None), with its bridge from a week ago to today."""

    key: int | None
    label: str
    bridge: "PipelineBridge"


@dataclass(frozen=True)
class Week:
    """All rows and the whole of the deals to close in the running quarter, and what the history leaves out."""

    before: date
    after: date
    period: Period
    rows: tuple[WeekRow, ...]
    total: WeekRow
    past: PastPipeline


def week_of(*, actor: Actor, today: date, level: str, base: str) -> Week:
    """The pipeline of a week ago and of today, due before the end of the running quarter; one reading for all rows.

    A deal that passes from one part to another leaves the one and enters the other; in the whole it
    stays. So both days add up over the parts (each person in one part), and every row adds up.
    """
    period, before = quarter_period(today).period, today - WEEK
    past = past_pipeline(actor, scope=PastScope(closing_before=period.end), before=before, after=today, base=base)  # fmt: skip
    owners = {
        standing.owner_id for deal in past.deals for standing in (deal.before, deal.after)
        if standing is not None and standing.owner_id is not None
    }  # fmt: skip
    if actor.visible_people is not None:  # a deal of today's may have been somebody else's
        owners &= actor.visible_people
    parts = sorted(set(part_of(level, owners).values()), key=lambda part: part[1])
    people = _people(level, [key for key, _label in parts])
    rows = [WeekRow(key, label, _bridge(past, people[key])) for key, label in parts]
    shown = tuple(row for row in rows if row.bridge.changes)
    return Week(before, today, period, shown, WeekRow(None, "", _bridge(past, None)), past)


def _people(level: str, keys: list[int]) -> dict[int, frozenset[int]]:
    """Whom the list of deals behind a row filters by: a team with those below it."""
    if level == "seller":
        return {key: frozenset({key}) for key in keys}
    return members_of_teams(keys) if level == "team" else members_of_units(keys)


def _bridge(past: PastPipeline, people: frozenset[int] | None) -> "PipelineBridge":
    from koers_analytics.selling.pipeline_bridge import DealBetween, pipeline_bridge  # noqa: PLC0415 -- analytics

    return pipeline_bridge(
        DealBetween(deal.key, _standing(deal.before, people), _standing(deal.after, people))
        for deal in past.deals
    )


def _standing(past: PastStanding | None, people: frozenset[int] | None) -> "Standing | None":
    from koers_analytics.selling.pipeline_bridge import Standing  # noqa: PLC0415 -- analytics

    if past is None:
        return None
    found = Standing(past.stage.pk, past.stage.kind, past.amount, past.in_scope, past.in_time)
    return found if people is None else replace(found, in_scope=past.owner_id in people)
