"""What stands on the paper version of a statement?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.typesetting import pdf_of
from koers.organisation.queries.organisation import the_organisation
from koers.plan.figures.pay import Statement
from koers.plan.views.pay_words import terms_of_plan

TEMPLATE = Path(__file__).resolve().parent.parent / "templates/plan/pay_statement/statement.typ"
CLEAN = dict.fromkeys(range(32), " ")


def statement_pdf(statement: Statement, lines: Sequence[dict[str, Any]]) -> bytes:
    """The statement as a PDF in the reader's language."""
    return pdf_of(TEMPLATE, _words(statement, lines))


def _words(statement: Statement, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    organisation, stored, period = the_organisation(), statement.closed, statement.period
    currency = statement.currency
    facts = [[_("Seller"), statement.seller.full_name], [_("Period"), f"{formats.day(period.start)} – {formats.day(period.last_day)}"],
             [_("Sold"), formats.money(statement.sales, currency)], [_("Quota"), formats.money(statement.quota, currency) if statement.quota else "–"],
             [_("Attainment"), formats.share(statement.attainment) if statement.attainment is not None else "–"]]  # fmt: skip
    state = _("Not closed yet: amounts may still change.")
    if stored is not None:
        words = {"moment": formats.moment(stored.closed_at), "name": stored.closed_by_name, "seal": stored.seal[:16]}  # fmt: skip
        state = _("Closed %(moment)s by %(name)s. Seal %(seal)s.") % words
    return {
        "language": (get_language() or "en")[:2], "title": _("Pay statement"), "sender": _clean(organisation.name) if organisation else "Koers",
        "facts": [[label, _clean(value)] for label, value in facts], "plan": _clean(statement.plan.name), "terms": [[label, _clean(text)] for label, text in terms_of_plan(statement.plan)],
        "heads": [_("Line"), _("Basis"), _("Rate"), _("Amount")],
        "rows": [[f"{each['label']} · {each['note']}" if each["note"] else each["label"], each["basis"], each["rate"], formats.money(each["amount"], currency)] for each in lines],
        "total": [_("Payout"), formats.money(statement.total, currency)], "state": _clean(state),
        "closing": _("Gross pay under the pay plan; no payslip. Lines add up to the payout to the cent."),
    }  # fmt: skip


def _clean(text: str) -> str:
    """Without control characters, which have no place on paper."""
    return str(text).translate(CLEAN)
