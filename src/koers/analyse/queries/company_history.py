"""Through which phases and classes did a customer go?"""

from dataclasses import dataclass

from koers.analyse.models import ClassChange, PhaseInterval


@dataclass(frozen=True, slots=True)
class CompanyHistory:
    """Phases and classes, the latest first."""

    phases: list[PhaseInterval]
    classes: list[ClassChange]


def history_of(company_id: int) -> CompanyHistory:
    """Dated phases and class changes of a customer the caller has already been allowed to see."""
    phases = PhaseInterval.objects.filter(company_id=company_id).order_by("-start")
    classes = ClassChange.objects.filter(company_id=company_id).order_by("-as_of")
    return CompanyHistory(list(phases), list(classes))
