"""How does the reader want to see the pipeline: per whom, and with which chances?"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import UnknownPeriodError
from koers.plan.queries.pipeline_forecast import CATEGORIES, LATER, LEVELS, NO_DATE, OVERDUE

BASES = {
    "stage": gettext_lazy("as the stages say"),
    "record": gettext_lazy("as deals in the stage ended"),
}
SLOTS = (OVERDUE, LATER, NO_DATE)


@dataclass(frozen=True)
class PipelineQuestion:
    """Per whom chances are shown (``level``), by which chances deals are weighed, and which rows."""

    level: str
    basis: str
    unit: int | None = None
    slot: str = ""
    category: str = ""

    def query(self, **more: object) -> str:
        """The same question as the end of an address."""
        values: dict[str, object] = {}
        if self.level != "seller":
            values["per"] = self.level
        if self.basis != "stage":
            values["chances"] = self.basis
        values |= {key: value for key, value in more.items() if value not in (None, "")}
        return f"?{urlencode(values)}" if values else ""


def question_from(data: QueryDict) -> PipelineQuestion:
    """Read the address; what is unknown is refused, not guessed."""
    unit = data.get("unit", "")
    if unit and not (unit.isascii() and unit.isdigit() and len(unit) < 18):
        raise _refusal(unit)
    slot = data.get("slot", "")
    if slot and slot not in SLOTS:
        try:
            date.fromisoformat(slot.removeprefix("period:"))
        except ValueError as error:
            raise _refusal(slot) from error
    return PipelineQuestion(
        level=_known(data.get("per", "") or "seller", LEVELS),
        basis=_known(data.get("chances", "") or "stage", BASES),
        unit=int(unit) if unit else None,
        slot=slot,
        category=_known(data.get("category", ""), ("", *CATEGORIES)),
    )


def _known(value: str, known: object) -> str:
    if value not in known:  # type: ignore[operator]
        raise _refusal(value)
    return value


def _refusal(value: str) -> UnknownPeriodError:
    return UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": value[:40]})
