"""Which opportunities may this person see?"""

from collections.abc import Mapping

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Company
from koers.organisation.policies import Right, require
from koers.sell.models import (
    ActivityStatus,
    Opportunity,
    Pipeline,
    Stage,
    StageChange,
    StageKind,
)

MOST_REASONS = 12
LONGEST_KEY = 18
DECIDED = (StageKind.WON, StageKind.LOST)


def opportunities_visible_to(actor: Actor) -> QuerySet[Opportunity]:
    """Opportunities of people and customers the actor sees."""
    return _in_sight(actor).filter(deleted_at=None)


def binned_opportunities(actor: Actor) -> QuerySet[Opportunity]:
    """Opportunities in the bin, as far as the actor would see them outside it."""
    return _in_sight(actor).exclude(deleted_at=None)


def _in_sight(actor: Actor) -> QuerySet[Opportunity]:
    require(actor, Right.READ_CUSTOMERS)
    found = Opportunity.objects.select_related("company", "owner", "product", "stage__pipeline")
    if actor.visible_people is None:
        return found
    return found.filter(
        Q(owner_id__in=actor.visible_people) | Q(company__owner_id__in=actor.visible_people)
    )


def opportunity_for(*, actor: Actor, opportunity_id: int) -> Opportunity:
    """One opportunity, or as if it did not exist."""
    found = opportunities_visible_to(actor).filter(pk=opportunity_id).first()
    if found is None:
        raise NotFoundError(_("This opportunity does not exist."))
    return found


def binned_opportunity_for(*, actor: Actor, opportunity_id: int) -> Opportunity:
    """One opportunity in the bin, or as if it did not exist."""
    found = binned_opportunities(actor).filter(pk=opportunity_id).first()
    if found is None:
        raise NotFoundError(_("This opportunity does not exist."))
    return found


def has_next_step(opportunity: Opportunity) -> bool:
    """Whether something is planned for it, be it overdue."""
    return opportunity.activities.filter(status=ActivityStatus.PLANNED).exists()


def lost_reasons() -> list[str]:
    """Reasons given before, those given most first."""
    rows = (
        Opportunity.objects.exclude(lost_reason="")
        .values_list("lost_reason")
        .annotate(times=Count("id"))
        .order_by("-times", "lost_reason")[:MOST_REASONS]
    )
    return [reason for reason, _times in rows]


def opportunities_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str]
) -> QuerySet[Opportunity]:
    """Visible opportunities whose name begins with ``q``; pipeline, stage, kind and owner as chosen."""
    found = opportunities_visible_to(actor)
    if choices.get("kind"):
        found = found.filter(stage_kind=choices["kind"])
    for name, column in (("pipeline", "stage__pipeline_id"), ("stage", "stage_id")):
        chosen = choices.get(name, "")
        if chosen:
            found = found.filter(**{column: chosen}) if chosen.isdecimal() else found.none()
    if choices.get("owner"):
        owner = choices["owner"]
        found = found.filter(owner=None if owner == "none" else int(owner))
    for name, column in (("situation", "buying_situation"), ("role", "selling_role")):
        if chosen := choices.get(name, ""):
            found = found.filter(**{column: "" if chosen == "none" else chosen})
    return found.filter(name__istartswith=q) if q else found


def opportunities_of(actor: Actor, company: Company) -> QuerySet[Opportunity]:
    """Opportunities at a company, the open ones first, then the latest decided."""
    is_decided = Case(When(stage_kind=StageKind.OPEN, then=0), default=1)
    found = opportunities_visible_to(actor).filter(company=company)
    return found.order_by(
        is_decided, F("closed_on").desc(nulls_last=True), "expected_close_on", "pk"
    )


def pipeline_choices() -> list[tuple[str, str]]:
    """Pipelines as choices of a list."""
    return [(str(key), name) for key, name in Pipeline.objects.values_list("pk", "name")]


def stage_choices() -> list[tuple[str, str]]:
    """Stages of all pipelines as choices of a list, with the pipeline where there are several."""
    rows = list(Stage.objects.values_list("pk", "name", "pipeline_id", "pipeline__name"))
    several = len({pipeline for _key, _name, pipeline, _label in rows}) > 1
    return [
        (str(key), f"{name} ({label})" if several else name) for key, name, _pipeline, label in rows
    ]


def stages_beside(opportunity: Opportunity) -> list[Stage]:
    """Stages of the pipeline the opportunity is in, in order."""
    return list(Stage.objects.filter(pipeline_id=opportunity.stage.pipeline_id))


def first_open_stage(text: str = "") -> Stage | None:
    """The open stage with this number, else the first of the first pipeline."""
    found = Stage.objects.filter(kind=StageKind.OPEN)
    if text.isascii() and text.isdigit() and len(text) < LONGEST_KEY:
        chosen = found.filter(pk=int(text)).first()
        if chosen is not None:
            return chosen
    return found.first()


def history_of(opportunity: Opportunity) -> list[StageChange]:
    """How the opportunity stood after each change, the latest first."""
    return list(opportunity.stage_changes.select_related("stage", "owner").order_by("-id"))


def decided_counts(actor: Actor) -> tuple[int, int]:
    """How many opportunities were won and lost; open ones are left out."""
    rows = (
        opportunities_visible_to(actor)
        .filter(stage_kind__in=DECIDED)
        .order_by()
        .values_list("stage_kind")
        .annotate(deals=Count("id"))
    )
    found = dict(rows)
    return found.get(StageKind.WON, 0), found.get(StageKind.LOST, 0)
