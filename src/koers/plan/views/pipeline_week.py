"""How is shown what changed in the pipeline since last week, each step down to its deals?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from koers.core.actor import Actor
from koers.organisation.policies import Right, may
from koers.organisation.queries.organisation import base_currency
from koers.plan.figures.pipeline_week import Week, WeekRow, week_of
from koers.plan.queries.pipeline_forecast import LEVELS
from koers.sell.forms.past_pipeline import WORDS, owner_choices

FILTERS = {"seller": "owner", "team": "team", "sbu": "unit"}
ALWAYS = ("new", "won", "lost", "pulled_in", "slipped", "grew", "shrunk")
SOMETIMES = ("reopened", "taken_over", "handed_over")


def week_words(actor: Actor, level: str, today: date) -> dict[str, Any] | None:
    """The table of the week; None where nothing was open on either day, or its deals may not be seen."""
    if not may(actor, Right.READ_CUSTOMERS):
        return None
    found = week_of(actor=actor, today=today, level=level, base=base_currency())
    if not found.total.bridge.changes:
        return None
    seen = {effect.value for row in (*found.rows, found.total) for effect in row.bridge.effects}
    columns = [name for name in (*ALWAYS, *SOMETIMES) if name in ALWAYS or name in seen]
    opens = owner_choices(actor) if level == "seller" else None
    return {
        "found": found, "heads": [WORDS[name] for name in columns], "level": LEVELS[level],
        "rows": [_row(found, row, level, columns, opens=opens is None or str(row.key) in opens) for row in found.rows],
        "total": _row(found, found.total, level, columns, opens=True),
    }  # fmt: skip


def _row(found: Week, row: WeekRow, level: str, columns: list[str], *, opens: bool) -> dict[str, Any]:  # fmt: skip
    kept: dict[str, Any] = {"day": found.before, "until": found.after, "closing": found.period.end}
    if row.key is not None:
        kept[FILTERS[level]] = row.key

    def url(part: str) -> str:
        return f"{reverse('sell:past_pipeline_deals')}?{urlencode(kept | {'part': part})}" if opens else ""  # fmt: skip

    effects = {effect.value: level for effect, level in row.bridge.effects.items()}
    cells = [
        (WORDS[name][0], effects[name].amount if name in effects else None, url(name) if name in effects else "")
        for name in columns
    ]  # fmt: skip
    change: Decimal = row.bridge.after.amount - row.bridge.before.amount
    return {
        "label": row.label, "before": row.bridge.before, "after": row.bridge.after, "cells": cells, "change": change,
        "before_url": url("before"), "after_url": url("after"),
    }  # fmt: skip
