"""How is a quote written, approved, sent, revised and answered?"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import PriceList
from koers.catalogue.queries.discount_policy import limit_of
from koers.catalogue.queries.price_list import costs_on
from koers.core import audit
from koers.core.actor import Actor, Channel
from koers.core.errors import NotAllowedError, RuleError
from koers.customers.models import Contact
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.sell.actions.numbering import next_number
from koers.sell.actions.order import write_order
from koers.sell.models import Opportunity, Quote, QuoteLine, QuoteStatus
from koers.sell.models.quote import ALLOWED_MOVES
from koers.sell.queries.opportunity import opportunity_for
from koers.sell.queries.pricing import LineWish, PricedLine, cents, priced, totals_of_lines
from koers.sell.queries.quote import offer_of, quote_for


class QuoteRefusedError(RuleError):
    """The quote cannot be kept, moved or answered like this."""


class QuoteChangedError(QuoteRefusedError):
    """Somebody else saved the quote first."""

    status = 409


@dataclass(frozen=True, slots=True)
class QuoteValues:
    """What a quote says beside its lines; ``valid_until`` is the last day it holds."""

    quoted_on: date
    valid_until: date
    language: str
    contact: Contact | None = None
    opportunity: Opportunity | None = None
    price_list: PriceList | None = None
    promised_on: date | None = None
    note: str = ""


HEADER = ("quoted_on", "valid_until", "language", "contact", "opportunity", "price_list",
          "promised_on", "note")  # fmt: skip


@transaction.atomic
def make_quote(
    *,
    actor: Actor,
    company_id: int,
    values: QuoteValues,
    wishes: Sequence[LineWish],
    at: datetime,
) -> Quote:
    """Write the first version as a draft, under the next number of the year."""
    require(actor, Right.EDIT_ORDERS)
    company = company_for(actor=actor, company_id=company_id)
    _check(actor, values, company.pk)
    quote = Quote.objects.create(
        number=next_number("Q", values.quoted_on.year), company=company, owner_id=actor.user_id,
        currency=base_currency(), **{name: getattr(values, name) for name in HEADER},
    )  # fmt: skip
    _write_lines(quote, wishes)
    audit.record(actor=actor, at=at, verb="create", obj=quote)
    return quote


@transaction.atomic
def change_quote(
    *,
    actor: Actor,
    quote_id: int,
    version: int,
    values: QuoteValues,
    wishes: Sequence[LineWish],
    at: datetime,
) -> Quote:
    """Change a draft with its lines, unless somebody else saved it since ``version``."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    if quote.status != QuoteStatus.DRAFT:
        raise QuoteRefusedError(_("Only a draft can be changed; revise the quote instead."))
    if quote.version != version:
        raise QuoteChangedError(
            _("Somebody else saved this quote first. Open it anew to see what changed.")
        )
    _check(actor, values, quote.company_id)
    before = {name: getattr(quote, name) for name in HEADER}
    net_before = totals_of_lines(quote.lines.all()).net
    for name in HEADER:
        setattr(quote, name, getattr(values, name))
    quote.version += 1
    quote.save()
    quote.lines.all().delete()
    net = _write_lines(quote, wishes)
    changes = {
        name: audit.Change(before[name], getattr(values, name))
        for name in HEADER
        if before[name] != getattr(values, name)
    }
    changes["net"] = audit.Change(net_before, net)
    audit.record(actor=actor, at=at, verb="change", obj=quote, changes=changes)
    return quote


@transaction.atomic
def submit_quote(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Finish a draft: approved when its discount lies within one's own limit, else it waits."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    totals = totals_of_lines(quote.lines.all())
    if not quote.lines.exists():
        raise QuoteRefusedError(_("A quote needs at least one line."))
    if totals.largest_share <= limit_of(actor):
        return _move(actor, quote, QuoteStatus.APPROVED, at, approved_by_id=actor.user_id)
    return _move(actor, quote, QuoteStatus.WAITING, at)


@transaction.atomic
def approve_quote(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Approve the discount of a waiting quote; one's limit must reach its largest discount."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    if quote.status != QuoteStatus.WAITING:
        raise QuoteRefusedError(_("This quote does not wait for approval."))
    if totals_of_lines(quote.lines.all()).largest_share > limit_of(actor):
        raise NotAllowedError(_("The discount lies above your own limit."))
    return _move(actor, quote, QuoteStatus.APPROVED, at, approved_by_id=actor.user_id)


@transaction.atomic
def return_quote(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Make a waiting or approved quote a draft again."""
    require(actor, Right.EDIT_ORDERS)
    return _move(actor, _locked(actor, quote_id), QuoteStatus.DRAFT, at, approved_by_id=None)


@transaction.atomic
def send_quote(*, actor: Actor, quote_id: int, at: datetime, today: date) -> Quote:
    """Freeze an approved quote and open its link for the customer."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    if quote.valid_until < today:
        raise QuoteRefusedError(_("The last day of this quote has passed."))
    return _move(actor, quote, QuoteStatus.SENT, at, sent_at=at, nonce=secrets.token_urlsafe(24))


@transaction.atomic
def revise_quote(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Make the next version as a draft; the link of the earlier one stops."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    lines = list(quote.lines.all())
    _move(actor, quote, QuoteStatus.REPLACED, at, nonce="")
    fresh = Quote.objects.create(
        number=quote.number, revision=quote.revision + 1, company_id=quote.company_id, owner_id=quote.owner_id,
        currency=quote.currency, **{name: getattr(quote, name) for name in HEADER},
    )  # fmt: skip
    for line in lines:
        line.pk, line.quote = None, fresh
    QuoteLine.objects.bulk_create(lines)
    audit.record(actor=actor, at=at, verb="create", obj=fresh)
    return fresh


@transaction.atomic
def decline_quote(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Note that the customer said no; the link stops."""
    require(actor, Right.EDIT_ORDERS)
    quote = _locked(actor, quote_id)
    return _move(actor, quote, QuoteStatus.DECLINED, at, answered_at=at, nonce="")


@transaction.atomic
def accept_offer(*, secret: str, name: str, address: str, at: datetime, today: date) -> Quote:
    """The customer accepts the version the link means; it becomes an order at the costs of today.

    A used, expired or replaced link refuses. Name, moment and network address go to the audit trail.
    """
    quote = Quote.objects.select_for_update().get(pk=offer_of(secret).pk)
    if quote.status != QuoteStatus.SENT:
        raise QuoteRefusedError(_("This quote has been answered already."))
    if quote.has_expired(today):
        raise QuoteRefusedError(_("The last day of this quote has passed."))
    customer = Actor(
        user_id=None, name=f"{name} ({quote.company})"[:200], role="", channel=Channel.SCREEN,
        visible_people=frozenset(),
    )  # fmt: skip
    promised = quote.promised_on if quote.promised_on and quote.promised_on >= today else None
    order = write_order(
        actor=customer, company=quote.company, lines=_for_order(quote, today), ordered_on=today,
        promised_on=promised, seller_id=quote.owner_id, currency=quote.currency, at=at,
    )  # fmt: skip
    return _move(
        customer, quote, QuoteStatus.ACCEPTED, at, order_id=order.pk, answered_at=at,
        answered_by=name, answered_from=address,
    )  # fmt: skip


def _for_order(quote: Quote, day: date) -> list[PricedLine]:
    """The lines as they were offered, with the cost of the day of the order."""
    rows = list(quote.lines.select_related("product").order_by("position"))
    wishes = [LineWish(row.product, row.quantity, row.discount_share, row.bundle, row.vat_code) for row in rows]  # fmt: skip
    costs = costs_on([row.product for row in rows], day=day, currency=quote.currency)
    return [
        PricedLine(
            wish, row.unit_price, cents(row.unit_price * row.quantity) - row.net, row.net, row.vat_rate,
            costs[row.product_id] * row.quantity if row.product_id in costs else None,
        )
        for wish, row in zip(wishes, rows, strict=True)
    ]  # fmt: skip


def _write_lines(quote: Quote, wishes: Sequence[LineWish]) -> Decimal:
    lines = priced(
        wishes, price_list=quote.price_list, currency=quote.currency, day=quote.quoted_on
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote, position=place, bundle=line.wish.bundle, product=line.wish.product, quantity=line.wish.quantity,
            unit_price=line.unit_price, discount_share=line.wish.discount_share, net=line.net,
            vat_code=line.wish.vat_code, vat_rate=line.vat_rate,
        )
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
    return sum((line.net for line in lines), Decimal(0))


def _locked(actor: Actor, quote_id: int) -> Quote:
    quote_for(actor=actor, quote_id=quote_id)
    return Quote.objects.select_for_update().get(pk=quote_id)


def _move(actor: Actor, quote: Quote, status: str, at: datetime, **values: object) -> Quote:
    if status not in ALLOWED_MOVES[quote.status]:
        raise QuoteRefusedError(
            _("A quote that is “%(now)s” cannot become “%(then)s”.")
            % {"now": quote.get_status_display(), "then": QuoteStatus(status).label}
        )
    changes = {"status": audit.Change(quote.status, status)}
    shown = {name: value for name, value in values.items() if name != "nonce"}
    changes |= {name: audit.Change(getattr(quote, name), value) for name, value in shown.items()}
    quote.status = status
    for name, value in values.items():
        setattr(quote, name, value)
    quote.version += 1
    quote.save()
    audit.record(actor=actor, at=at, verb="change", obj=quote, changes=changes)
    return quote


def _check(actor: Actor, values: QuoteValues, company_id: int) -> None:
    if values.valid_until < values.quoted_on:
        raise QuoteRefusedError(_("The last day lies before the day of the quote."))
    if values.contact is not None and values.contact.company_id != company_id:
        raise QuoteRefusedError(_("This contact works for another company."))
    if values.opportunity is not None:
        found = opportunity_for(actor=actor, opportunity_id=values.opportunity.pk)
        if found.company_id != company_id:
            raise QuoteRefusedError(_("This opportunity is of another company."))
