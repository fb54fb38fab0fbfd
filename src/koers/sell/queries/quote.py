"""Which quotes may this person see, and which quote does a link mean?"""

from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.sell.models import Quote, QuoteLine

SIGNER = Signer(salt="koers.sell.offer")


def quotes_visible_to(actor: Actor) -> QuerySet[Quote]:
    """Quotes of customers whose owner the actor sees, and those such a person made, with net amount."""
    require(actor, Right.READ_CUSTOMERS)
    found = Quote.objects.select_related("company", "owner").annotate(net=Sum("lines__net"))
    if actor.visible_people is None:
        return found
    return found.filter(
        Q(company__owner_id__in=actor.visible_people) | Q(owner_id__in=actor.visible_people)
    )


def _whole(found: QuerySet[Quote]) -> QuerySet[Quote]:
    lines = Prefetch("lines", QuoteLine.objects.select_related("product").order_by("position"))
    return found.select_related(
        "company", "owner", "contact", "opportunity", "price_list", "approved_by", "order"
    ).prefetch_related(lines)


def quote_for(*, actor: Actor, quote_id: int) -> Quote:
    """One version of a quote with its lines, or as if it did not exist."""
    found = _whole(quotes_visible_to(actor)).filter(pk=quote_id).first()
    if found is None:
        raise NotFoundError(_("This quote does not exist."))
    return found


def revisions_of(quote: Quote) -> list[Quote]:
    """All versions of the same quote, the latest first."""
    return list(Quote.objects.filter(number=quote.number).order_by("-revision"))


def offer_link(quote: Quote) -> str:
    """The part of the address only the customer knows; empty while the quote was not sent."""
    return SIGNER.sign(f"{quote.pk}.{quote.nonce}").replace(":", "~") if quote.nonce else ""


def offer_of(secret: str) -> Quote:
    """The quote a customer's link means, or as if it did not exist."""
    try:
        key, nonce = SIGNER.unsign(secret.replace("~", ":")).split(".", 1)
    except (BadSignature, ValueError):
        raise NotFoundError(_("This link is not valid.")) from None
    found = _whole(Quote.objects.all()).filter(pk=int(key)).exclude(nonce="").filter(nonce=nonce)
    quote = found.first()
    if quote is None:
        raise NotFoundError(_("This link is not valid."))
    return quote
