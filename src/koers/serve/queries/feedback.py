"""Which answers of customers may this person see, and whom was a link sent to?"""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Contact
from koers.customers.queries.company import companies_visible_to, contacts_visible_to
from koers.serve.models import Feedback, FeedbackRequest

# A customer belongs to its own business unit, or to that of its account manager.
UNIT_KEY = Coalesce("company__business_unit", "company__owner__business_unit")
FIELDS = {
    "channel": "channel", "segment": "company__segment", "owner": "company__owner", "team": "company__owner__team",
    "territory": "company__territory", "from": "day__gte", "to": "day__lte",
}  # fmt: skip
# What the scores 0-6, 7-8 and 9-10 of 'would you recommend us?' are called.
NPS_GROUPS = {"detractor": (0, 6), "passive": (7, 8), "promoter": (9, 10)}


def feedback_visible_to(actor: Actor) -> QuerySet[Feedback]:
    """Answers that are not in the bin, of companies the actor sees."""
    return Feedback.objects.filter(deleted_at=None, company__in=companies_visible_to(actor))


def feedback_matching(actor: Actor, *, q: str, choices: Mapping[str, str]) -> QuerySet[Feedback]:
    """Visible answers of companies that begin with ``q``, by the choices of the list."""
    found = feedback_visible_to(actor).select_related("company__owner", "contact")
    if q:
        found = found.filter(company__name__istartswith=q)
    if choices.get("group") in NPS_GROUPS:
        found = found.filter(nps__range=NPS_GROUPS[choices["group"]])
    if choices.get("sbu"):
        found = found.alias(unit_key=UNIT_KEY).filter(unit_key=choices["sbu"])
    for name, field in FIELDS.items():
        if choices.get(name):
            found = found.filter(**{field: choices[name]})
    return found


def feedback_for(*, actor: Actor, feedback_id: int, deleted: bool = False) -> Feedback:
    """One answer, or as if it did not exist."""
    rows = Feedback.objects.filter(company__in=companies_visible_to(actor), deleted_at__isnull=not deleted)  # fmt: skip
    found = rows.select_related("company", "contact").filter(pk=feedback_id).first()
    if found is None:
        raise NotFoundError(_("This answer does not exist."))
    return found


def requests_visible_to(actor: Actor) -> QuerySet[FeedbackRequest]:
    """Links made for companies the actor sees, the latest first."""
    rows = FeedbackRequest.objects.filter(company__in=companies_visible_to(actor))
    return rows.select_related("company", "contact", "made_by", "answer")


def request_for(*, actor: Actor, request_id: int) -> FeedbackRequest:
    """One link, or as if it did not exist."""
    found = requests_visible_to(actor).filter(pk=request_id).first()
    if found is None:
        raise NotFoundError(_("This link does not exist."))
    return found


def request_of(token: str) -> FeedbackRequest:
    """The link a customer opened; used, withdrawn and expired ones are found too."""
    found = FeedbackRequest.objects.select_related("company", "contact").filter(token=token).first()
    if found is None or found.company.deleted_at is not None:
        raise NotFoundError(_("This link is not valid."))
    return found


def contacts_of(actor: Actor, company: Company) -> QuerySet[Contact]:
    """Who may have answered for a company."""
    return contacts_visible_to(actor).filter(company=company)
