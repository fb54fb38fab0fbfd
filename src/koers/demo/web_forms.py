"""Which web forms has the demo company, and what came in by them?"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from koers.sell.models import Lead, LeadSource, LeadStatus, WebForm
from koers.sell.queries.lead_score import score_of

SEED = 82
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
CONSENT = (
    "Ja, Fornuis mag mij per e-mail aanbiedingen en nieuws sturen. Dat kan ik altijd intrekken."
)
SPAM = (
    ("Webdesign Pro", "Johnson", "Wij zetten u bovenaan: https://een.example https://twee.example www.drie.example", "links"),
    ("Best Rank https://vier.example", "SEO", "First page guaranteed", "link fast"),
    ("", "Smith", "Hello, are you the owner of this website?", "trap fast"),
)  # fmt: skip


def write_web_forms(today: date) -> None:
    """A form on the site, by which the leads from the website came, an old one of a fair, and some spam.

    Has dice of its own, so that orders and targets stay what they are.
    """
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    asked = {"company_name": True, "first_name": False, "last_name": True, "email": True, "phone": False, "city": False, "need": True}  # fmt: skip
    site = WebForm.objects.create(
        name="Site: vraag advies aan", language="nl", title="Vraag advies aan", intro="Wat wilt u met uw keuken? Binnen één werkdag belt of mailt een adviseur u.",
        asked=asked, source=LeadSource.WEBSITE, consent_text=CONSENT, thanks="Bedankt, uw vraag is aangekomen. U hoort binnen één werkdag van ons.",
        sites=["https://www.fornuis.example"], secret=_secret(dice),
    )  # fmt: skip
    WebForm.objects.create(
        name="Horecava stand", language="en", title="Send us your question", asked={"company_name": True, "last_name": True, "email": True},
        source=LeadSource.FAIR, source_detail="Horecava", thanks="Thank you. We will be in touch after the fair.", secret=_secret(dice), is_open=False,
    )  # fmt: skip
    for lead in Lead.objects.filter(source=LeadSource.WEBSITE).order_by("pk"):
        lead.web_form, lead.sent_at = (
            site,
            _moment(dice, min(lead.received_on, today - timedelta(days=1))),
        )
        if lead.email and dice.random() < 0.4:
            lead.consent_text, lead.consent_channel = CONSENT, "mail"
        lead.save(update_fields=["web_form", "sent_at", "consent_text", "consent_channel"])
    for days, (company, name, need, because) in enumerate(SPAM, start=1):
        day = today - timedelta(days=days)
        lead = Lead(
            company_name=company, last_name=name, email=f"{name.lower()}@mailbox.example", need=need, source=LeadSource.WEBSITE, currency="EUR",
            received_on=day, web_form=site, sent_at=_moment(dice, day), status=LeadStatus.SUSPECT, suspect_because=because,
        )  # fmt: skip
        lead.score = score_of(lead)
        lead.save()


def _secret(dice: random.Random) -> str:
    return "".join(dice.choice(ALPHABET) for _place in range(32))


def _moment(dice: random.Random, day: date) -> datetime:
    at = time(dice.randint(8, 21), dice.randint(0, 59))
    return datetime.combine(day, at, tzinfo=timezone.get_current_timezone())
