"""Which two periods does the reader compare, of what, and divided by what?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import Scope, UnknownPeriodError, scope_from
from koers.core.periods import Period, add_months, year_before

AGAINST = {
    "year": gettext_lazy("the same period a year before"),
    "previous": gettext_lazy("the period just before"),
}
MEASURES = {"turnover": gettext_lazy("Turnover"), "contribution": gettext_lazy("Contribution")}
DIVISIONS = {
    "group": gettext_lazy("Product group"),
    "category": gettext_lazy("Category"),
    "seller": gettext_lazy("Seller"),
    "team": gettext_lazy("Team"),
    "territory": gettext_lazy("Territory"),
    "sbu": gettext_lazy("Business unit"),
}


@dataclass(frozen=True)
class Comparison:
    """Two periods and the choices they share."""

    scope: Scope
    against: str
    before: Period
    measure: str
    by: str

    @property
    def after(self) -> Period:
        """The period that is explained."""
        return self.scope.period

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the figure."""
        return {"before": self.before, "after": self.after, "measure": self.measure} | self.scope.filters  # fmt: skip

    def query(self, **more: object) -> str:
        """The same comparison as the end of an address."""
        own: dict[str, object] = {"by": self.by, "measure": self.measure}
        if self.against == "custom":
            own |= {"against_from": self.before.start.isoformat(), "against_to": self.before.last_day.isoformat()}  # fmt: skip
        elif self.against != "year":
            own["against"] = self.against
        return self.scope.query(**{**own, **more})


def comparison_from(data: QueryDict, *, today: date) -> Comparison:
    """Read the address; what is unknown is refused, not guessed."""
    scope = scope_from(data, today=today)
    against = data.get("against", "") or "year"
    if data.get("against_from") or data.get("against_to"):
        against = "custom"
    measure = _known(data.get("measure", "") or "turnover", MEASURES)
    by = _known(data.get("by", "") or "group", DIVISIONS)
    return Comparison(scope, against, _before(data, scope.period, against), measure, by)


def _before(data: QueryDict, after: Period, against: str) -> Period:
    if against == "custom":
        try:
            start = date.fromisoformat(data.get("against_from", ""))
            end = date.fromisoformat(data.get("against_to", "")) + timedelta(days=1)
        except ValueError as error:
            raise UnknownPeriodError(_("Give both days of the period to compare with.")) from error
        return Period(start, end)
    _known(against, AGAINST)
    return year_before(after) if against == "year" else just_before(after)


def just_before(period: Period) -> Period:
    """The stretch of the same length that ends where the period starts; months stay months."""
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if months and add_months(period.start, months) == period.end:
        return Period(add_months(period.start, -months), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def _known(value: str, known: dict[str, Any]) -> str:
    if value not in known:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": value[:40]})
    return value
