"""What do the screens of this stage share: scope, freshness, and pages of computed rows?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from koers.analyse.figures.facts import fact_store, stale_parts
from koers.analyse.forms.period import Scope, scope_from, selects
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core.tables import Column, ListState
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of


@dataclass(frozen=True)
class ComputedPage:
    """A page of rows that came from the facts, in the form the pager of lists expects."""

    rows: Sequence[Any]
    state: ListState
    total: int
    total_is_exact: bool = True
    exact_url: str = ""

    @property
    def first(self) -> int:
        """Number of the first row; 0 where there is none."""
        return (self.state.page - 1) * self.state.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.last < self.total

    @property
    def previous_url(self) -> str:
        """Address of the page before, or nothing."""
        return self.state.query(page=self.state.page - 1) if self.state.page > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the page after, or nothing."""
        return self.state.query(page=self.state.page + 1) if self.has_next else ""


def scope_of(request: HttpRequest) -> Scope:
    """The scope the address asks for, seen from today."""
    return scope_from(request.GET, today=analysis_day(timezone.localdate()))


def context_of(
    request: HttpRequest, scope: Scope, *, has_period: bool = True, **more: Any
) -> dict[str, Any]:
    """What every analysis page shows beside its figures; some look at one day, not at a period."""
    actor = actor_of(request)
    choices = selects(scope, actor.visible_people)
    return {
        "scope": scope,
        "has_period": has_period,
        "selects": [choice for choice in choices if has_period or choice.name != "period"],
        "scope_query": scope.query(),
        "sees_cost": may(actor, Right.SEE_COST),
        "currency": reporting_currency(),
        "facts_at": facts_built_at(),
        "facts_are_stale": bool(stale_parts()),
        "may_export": may(actor, Right.EXPORT),
        **more,
    }


def export_urls(state: ListState) -> dict[str, str]:
    """Addresses of the whole list, as it is chosen and sorted, as a file."""
    return {f"{kind}_url": state.query(export=kind, page=None) for kind in ("csv", "xlsx")}


def facts_built_at() -> datetime | None:
    """When the facts were last refreshed."""
    text = fact_store().manifest().built_at
    return parse_datetime(text) if text else None


def column(name: str, label: str, *, numeric: bool = False, sort: bool = True) -> Column:
    """A column of a computed list."""
    return Column(name, label, sort=name if sort else "", numeric=numeric)
