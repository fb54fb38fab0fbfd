"""Which own scores of the drivers are there, and which survey scores stand beside them?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncQuarter
from django.utils.translation import gettext as _

from koers.analyse.models import EquityAssessment
from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.customers.models import Segment
from koers.organisation.policies import Right, require
from koers.serve.models import Feedback
from koers.serve.models.feedback import ITEMS

BY: Mapping[str, Any] = {"segment": F("company__segment"), "quarter": TruncQuarter("day")}
Sums = dict[str, tuple[int, float, float]]


def segment_for(text: str) -> Segment | None:
    """The segment an address names; None where it names none."""
    if not text:
        return None
    key = record_key(text)
    found = Segment.objects.filter(pk=key).first() if key is not None else None
    if found is None:
        raise NotFoundError(_("This segment does not exist."))
    return found


def assessments_visible_to(actor: Actor) -> QuerySet[EquityAssessment]:
    """All of them: they are the company's own, not a customer's."""
    require(actor, Right.READ_CUSTOMERS)
    found = EquityAssessment.objects.select_related("segment", "made_by")
    return found.prefetch_related("scores").order_by("-day", "-id")


def assessment_for(*, actor: Actor, assessment_id: int) -> EquityAssessment:
    """One of them."""
    found = assessments_visible_to(actor).filter(pk=assessment_id).first()
    if found is None:
        raise NotFoundError(_("These scores do not exist."))
    return found


def latest_assessments(actor: Actor, *, before: date) -> dict[int | None, EquityAssessment]:
    """Per segment (None: all customers) the last one before a day."""
    latest: dict[int | None, EquityAssessment] = {}
    for each in assessments_visible_to(actor).filter(day__lt=before):
        latest.setdefault(each.segment_id, each)
    return latest


def item_sums_by(rows: QuerySet[Feedback], by: str) -> dict[Any, tuple[int, Sums]]:
    """Per segment or quarter: answers, and per item of a driver number, sum and squares of its scores."""
    asked: dict[str, Any] = {"answers": Count("id")}
    for name in ITEMS:
        score = Cast(name, FloatField())
        asked |= {f"{name}__n": Count(name), f"{name}__s": Coalesce(Sum(score), 0.0), f"{name}__q": Coalesce(Sum(score * score), 0.0)}  # fmt: skip
    found: Any = rows.annotate(group_key=BY[by]).values("group_key").annotate(**asked).order_by("group_key")  # fmt: skip
    return {
        each["group_key"]: (each["answers"], {name: (each[f"{name}__n"], each[f"{name}__s"], each[f"{name}__q"]) for name in ITEMS})
        for each in found
    }  # fmt: skip
