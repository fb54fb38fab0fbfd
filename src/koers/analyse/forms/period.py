"""Over which period, and for whom, does the reader want the figures?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.entry import record_key
from koers.core.errors import RuleError
from koers.core.periods import Period, add_months, last_twelve_months, year_before, year_of
from koers.organisation.models import BusinessUnit, Team, Territory, User
from koers.organisation.models.user import SELLING_ROLES

PERIODS = (
    ("12m", gettext_lazy("Last 12 months")),
    ("ytd", gettext_lazy("This year")),
    ("year", gettext_lazy("Last year")),
    ("quarter", gettext_lazy("Last quarter")),
    ("24m", gettext_lazy("Last 24 months")),
    ("36m", gettext_lazy("Last 36 months")),
)
CHOICES = ("sbu", "team", "seller", "territory")


class UnknownPeriodError(RuleError):
    """The address asks for a period or choice that does not exist."""


@dataclass(frozen=True)
class Scope:
    """The period and the choices of an analysis, as the address asks for them."""

    name: str
    period: Period
    chosen: dict[str, int]

    @property
    def before(self) -> Period:
        """The same stretch a year earlier."""
        return year_before(self.period)

    @property
    def filters(self) -> dict[str, Any]:
        """Keyword arguments of a fact filter."""
        names = {
            "sbu": "sbu_ids",
            "team": "team_ids",
            "seller": "seller_ids",
            "territory": "territory_ids",
        }
        return {names[key]: (value,) for key, value in self.chosen.items()}

    def query(self, **more: object) -> str:
        """The same scope as the end of an address."""
        values: dict[str, object] = {}
        if self.name == "custom":
            values = {"from": self.period.start.isoformat(), "to": self.period.last_day.isoformat()}
        elif self.name != "12m":
            values = {"period": self.name}
        values |= self.chosen
        values |= {key: value for key, value in more.items() if value not in (None, "")}
        return f"?{urlencode(values)}" if values else ""


def scope_from(data: QueryDict, *, today: date) -> Scope:
    """Read the scope; an unknown period or a number that is none is refused, not guessed."""
    chosen = {}
    for key in CHOICES:
        text = data.get(key, "")
        if text:
            if (number := record_key(text)) is None:
                raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
            chosen[key] = number
    if data.get("from") or data.get("to"):
        return Scope("custom", _custom(data), chosen)
    name = data.get("period", "") or "12m"
    return Scope(name, _named(name, today), chosen)


def _custom(data: QueryDict) -> Period:
    try:
        start = date.fromisoformat(data.get("from", ""))
        end = date.fromisoformat(data.get("to", "")) + timedelta(days=1)
    except ValueError as error:
        raise UnknownPeriodError(_("Give both days as a date.")) from error
    return Period(start, end)


def _named(name: str, today: date) -> Period:
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    named = {
        "12m": lambda: last_twelve_months(today),
        "24m": lambda: Period(add_months(today, -24), today),
        "36m": lambda: Period(add_months(today, -36), today),
        "ytd": lambda: Period(date(today.year, 1, 1), max(today, date(today.year, 1, 2))),
        "year": lambda: year_of(date(today.year - 1, 1, 1)),
        "quarter": lambda: Period(add_months(quarter, -3), quarter),
    }
    if name not in named:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": name[:40]})
    return named[name]()


@dataclass(frozen=True)
class Select:
    """One choice above an analysis."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def selects(scope: Scope, visible: frozenset[int] | None) -> list[Select]:
    """Period, business unit, team, seller and territory; people only as far as they are visible."""
    people = User.objects.filter(role__in=SELLING_ROLES)
    if visible is not None:
        people = people.filter(pk__in=visible)
    lists: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("period", _("Period"), [(key, str(label)) for key, label in PERIODS]),
        ("sbu", _("All business units"), _options(BusinessUnit.objects.values_list("id", "name"))),
        ("team", _("All teams"), _options(Team.objects.values_list("id", "name"))),
        (
            "seller",
            _("All sellers"),
            _options(people.order_by("full_name").values_list("id", "full_name")),
        ),
        ("territory", _("All territories"), _options(Territory.objects.values_list("id", "name"))),
    ]
    return [
        Select(
            name,
            label,
            options,
            scope.name if name == "period" else str(scope.chosen.get(name, "")),
        )
        for name, label, options in lists
        if options
    ]


def _options(rows: Any) -> list[tuple[str, str]]:
    return [(str(key), str(label)) for key, label in rows]
