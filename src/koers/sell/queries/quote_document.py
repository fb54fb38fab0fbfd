"""What stands on the paper version of a quote?"""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.typesetting import pdf_of
from koers.customers.models import Site
from koers.organisation.models import Organisation
from koers.sell.models import Quote, QuoteLine
from koers.sell.queries.pricing import totals_of_lines

TEMPLATE = Path(__file__).resolve().parent.parent / "templates/sell/quote/quote.typ"
CLEAN = {code: " " for code in range(32) if chr(code) != "\n"}


def quote_pdf(quote: Quote) -> bytes:
    """The quote as a PDF, in the language chosen for the customer."""
    with translation.override(quote.language):
        return pdf_of(TEMPLATE, words_of(quote))


def words_of(quote: Quote) -> dict[str, Any]:
    """Every word of the document in the active language; what people typed stands here as text only."""
    lines = list(quote.lines.all())
    organisation = Organisation.objects.first()
    facts = [[_("Number"), str(quote)], [_("Date"), formats.day(quote.quoted_on)],
             [_("Valid up to and including"), formats.day(quote.valid_until)]]  # fmt: skip
    if quote.contact:
        facts.append([_("Contact"), clean(str(quote.contact))])
    if quote.promised_on:
        facts.append([_("Promised delivery date"), formats.day(quote.promised_on)])
    if quote.owner:
        facts.append([_("Your contact with us"), clean(quote.owner.full_name)])
    heads = [_("Product"), _("Quantity"), _("Price per unit"), _("Discount"), _("VAT"), _("Net")]
    return {
        "language": quote.language, "title": _("Quote %(number)s") % {"number": quote}, "number": str(quote),
        "sender": clean(organisation.name) if organisation else "Koers", "receiver": clean(quote.company.name),
        "address": _address(quote), "facts": facts, "note": clean(quote.note.replace("\r", "")), "heads": heads,
        "rows": _rows(quote, lines), "sums": _sums(quote, lines),
        "closing": _("Prices in %(currency)s. VAT is shown apart.") % {"currency": quote.currency},
    }  # fmt: skip


def _rows(quote: Quote, lines: list[QuoteLine]) -> list[list[str]]:
    rows: list[list[str]] = []
    system = ""
    for line in lines:
        if line.bundle != system:
            system = line.bundle
            if system:
                rows.append([clean(system)])
        discount = formats.share(line.discount_share) if line.discount_share else ""
        rows.append([
            clean(line.product.name), formats.number(line.quantity), formats.money(line.unit_price, quote.currency), discount,
            formats.share(line.vat_rate, 0), formats.money(line.net, quote.currency),
        ])  # fmt: skip
    return rows


def _sums(quote: Quote, lines: list[QuoteLine]) -> list[list[str]]:
    totals = totals_of_lines(lines)
    rows = [[_("Net"), formats.money(totals.net, quote.currency)]]
    for rate, over, amount in totals.vat:
        words = {"rate": formats.share(rate, 0), "over": formats.money(over, quote.currency)}
        rows.append(
            [_("VAT %(rate)s over %(over)s") % words, formats.money(amount, quote.currency)]
        )
    return [*rows, [_("Total"), formats.money(totals.total, quote.currency)]]


def _address(quote: Quote) -> list[str]:
    site = Site.objects.filter(company=quote.company).order_by("pk").first()
    if site is None:
        return [clean(quote.company.city)] if quote.company.city else []
    return [clean(each) for each in (site.street, f"{site.postcode} {site.city}".strip()) if each]


def clean(text: str) -> str:
    """Without control characters, which have no place on paper."""
    return text.translate(CLEAN)
