"""How promising is a lead, and why? Points one can read, not a model."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from koers.sell.models.lead import Lead, LeadSource

FREE_MAIL = frozenset({"gmail.com", "hotmail.com", "outlook.com", "live.nl", "ziggo.nl", "kpnmail.nl", "icloud.com", "yahoo.com"})  # fmt: skip
DECIDERS = ("direct", "owner", "eigenaar", "chef", "manager", "hoofd", "inkoper", "buyer", "purchas", "ceo", "partner")  # fmt: skip
SOURCE_POINTS = {
    LeadSource.REFERENCE: 25, LeadSource.CUSTOMER: 25, LeadSource.FAIR: 20, LeadSource.WEBSITE: 15, LeadSource.CAMPAIGN: 10,
    LeadSource.ADVERTISEMENT: 5,
}  # fmt: skip
LONG_NEED = 20


@dataclass(frozen=True, slots=True)
class Point:
    """Points for one thing that is known of the lead, or that is missing (0)."""

    reason: str
    points: int


def points_of(lead: Lead) -> list[Point]:
    """What counts for the lead, at most 100 together; what is missing stands there with 0."""
    domain = lead.email.rpartition("@")[2].lower()
    title = lead.job_title.lower()
    return [
        Point(_("Source: %(source)s") % {"source": lead.get_source_display()}, SOURCE_POINTS.get(LeadSource(lead.source), 0)),
        Point(_("Has said what is needed"), 25 if len(lead.need.strip()) >= LONG_NEED else 0),
        Point(_("Job title of somebody who decides or buys"), 20 if any(word in title for word in DECIDERS) else 0),
        Point(_("E-mail address of the company itself"), 15 if domain and domain not in FREE_MAIL else 0),
        Point(_("Phone number is known"), 10 if lead.phone else 0),
        Point(_("Company is known"), 5 if lead.company_name else 0),
    ]  # fmt: skip


def score_of(lead: Lead) -> int:
    """The points together, 0-100."""
    return sum(point.points for point in points_of(lead))
