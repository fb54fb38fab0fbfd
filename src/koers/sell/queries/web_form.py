"""Which web forms are there, which one does an address mean, and what looks like spam?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Count, Max, Q, QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.sell.models import Lead, LeadStatus, WebForm
from koers.sell.models.lead import Suspicion
from koers.sell.queries.lead import leads_visible_to

SALT = "koers.sell.web_form"
LONGEST = timedelta(hours=24)
"""How long a page may stay open before it is sent."""
SHORTEST = timedelta(seconds=3)
FLOOD, FLOOD_WITHIN = 20, timedelta(minutes=10)
LINKS_ALLOWED = 2
IN_A_NAME = re.compile(r"https?:|www\.|://|</|\[/?url|<\s*(a|script|img|iframe)\b", re.IGNORECASE)
IN_A_TEXT = re.compile(r"https?://|www\.", re.IGNORECASE)
NAME_FIELDS = ("company_name", "first_name", "last_name", "job_title", "phone", "city")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a page was handed out, and its mark."""

    issued: datetime
    mark: str


def web_forms(actor: Actor, q: str = "") -> QuerySet[WebForm]:
    """Forms with the visible leads they brought: all, suspect ones, and when the last came."""
    require(actor, Right.EDIT_WEB_FORMS)
    seen = Q(leads__in=leads_visible_to(actor).order_by())
    suspect = Q(leads__status=LeadStatus.SUSPECT)
    found = WebForm.objects.annotate(
        brought=Count("leads", filter=seen & ~suspect), suspect=Count("leads", filter=seen & suspect), last_on=Max("leads__sent_at", filter=seen)
    )  # fmt: skip
    return found.filter(name__istartswith=q) if q else found


def web_form_for(*, actor: Actor, form_id: int) -> WebForm:
    """One form, for who may set forms up."""
    found = web_forms(actor).filter(pk=form_id).first()
    if found is None:
        raise NotFoundError(_("This web form does not exist."))
    return found


def web_form_of(secret: str) -> WebForm:
    """The form a visitor opened; closed ones are found too."""
    found = WebForm.objects.filter(secret=secret).first() if secret.isprintable() else None
    if found is None:
        raise NotFoundError(_("This form does not exist (any more)."))
    return found


def web_form_choices() -> list[tuple[str, str]]:
    """Every form, for a filter of leads."""
    return [(str(key), name) for key, name in WebForm.objects.values_list("pk", "name")]


def suspect_leads(actor: Actor) -> int:
    """How many visible leads wait for somebody to say whether they are real."""
    return leads_visible_to(actor).filter(status=LeadStatus.SUSPECT).count()


def stamp_for(web_form: WebForm, at: datetime) -> str:
    """A signed word that this form was handed out at a moment; a page gets one of its own."""
    told = {"form": web_form.pk, "at": int(at.timestamp()), "mark": get_random_string(16)}
    return signing.Signer(salt=SALT).sign_object(told)


def stamp_read(web_form: WebForm, text: str, at: datetime) -> Stamp | None:
    """What a stamp says; nothing where it is not ours, of another form, too old or of later."""
    try:
        told = signing.Signer(salt=SALT).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    issued = datetime.fromtimestamp(told["at"], tz=at.tzinfo)
    if told["form"] != web_form.pk or not timedelta(seconds=-1) <= at - issued <= LONGEST:
        return None
    return Stamp(issued, told["mark"])


def suspicions_of(
    values: Mapping[str, str], *, trapped: bool, open_for: timedelta, came_lately: int
) -> list[Suspicion]:
    """What about a message looks like spam; ``came_lately`` counts those of the form just before it."""
    named = " ".join(values.get(name, "") for name in NAME_FIELDS)
    links = len(IN_A_TEXT.findall(values.get("need", "")))
    found = {
        Suspicion.TRAP: trapped,
        Suspicion.FAST: open_for < SHORTEST,
        Suspicion.LINK: bool(IN_A_NAME.search(named)),
        Suspicion.LINKS: links > LINKS_ALLOWED,
        Suspicion.FLOOD: came_lately >= FLOOD,
    }
    return [word for word, holds in found.items() if holds]


def came_lately(web_form: WebForm, at: datetime) -> int:
    """How many messages the form brought within the last ten minutes."""
    return Lead.objects.filter(web_form=web_form, sent_at__gte=at - FLOOD_WITHIN).count()
