"""In which words are parts of the health score and reasons to worry told?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from koers.analyse.forms.rule_set import HEALTH_PARTS
from koers.core import formats

REASON_WORDS = {
    "recency": _l("Silent"), "trend": _l("Buying less"), "feedback": _l("Not content"), "contact": _l("Out of touch"),
    "model": _l("By the model"),
}  # fmt: skip
RISK_WORDS = {"model": _l("Risk by the model"), "rule": _l("Risk by its buying")}
# What a campaign usually does about a reason.
CAMPAIGN_WORDS = {
    "": _l("Call: how are things, and what can be better?"), "recency": _l("Call: why did it become silent?"),
    "trend": _l("Call: why does it buy less?"), "feedback": _l("Call about the last answer"),
    "contact": _l("Visit: it has been too long"), "model": _l("Call: win back"),
}  # fmt: skip


def reasons_of(row: Any, *, run: Any, currency: str) -> list[str]:
    """Each reason of a customer as one sentence with its numbers."""
    tell = {
        "recency": lambda: _recency(row), "trend": lambda: _trend(row, run, currency), "feedback": lambda: _feedback(row),
        "contact": lambda: _contact(row, run), "model": lambda: _model(row),
    }  # fmt: skip
    told = [
        name for name in row.reasons if name != "model"
    ] or row.reasons  # the list has a column for it
    return [tell[name]() for name in told]


def parts_of(row: Any, *, run: Any, currency: str) -> list[tuple[str, float, float | None, str]]:
    """Per part its name, weight, value of 0-1 (or nothing) and what it was measured from."""
    told = {
        "recency": _recency(row) if row.rhythm and row.purchase_days > 2 else _("Bought on fewer than three days."),
        "trend": _("Nothing to compare with a year before.") if row.turnover_before is None else _trend(row, run, currency),
        "feedback": _("No answer that still holds.") if row.nps is None else _feedback(row),
        "contact": _("No contact was written down.") if row.contact_on is None else _contact(row, run),
    }  # fmt: skip
    weights = run.rules["weights"]
    return [(str(word), float(weights[name]), getattr(row, name), told[name]) for name, word in HEALTH_PARTS.items()]  # fmt: skip


def _recency(row: Any) -> str:
    return _("Buys every %(rhythm)s days, silent for %(days)s.") % {
        "rhythm": formats.number(row.rhythm, 0), "days": formats.number(row.silent, 0)}  # fmt: skip


def _trend(row: Any, run: Any, currency: str) -> str:
    months, change = int(run.rules["trend_months"]), row.change
    words = {"now": formats.money(row.turnover, currency, digits=0), "months": months}
    if round(change, 3) == 0:
        return ngettext(
            "Bought %(now)s in %(months)s month, as much as a year before.",
            "Bought %(now)s in %(months)s months, as much as a year before.", months,
        ) % words  # fmt: skip
    words["change"] = formats.share(abs(change), 0)
    if change < 0:
        return ngettext(
            "Bought %(now)s in %(months)s month, %(change)s less than a year before.",
            "Bought %(now)s in %(months)s months, %(change)s less than a year before.", months,
        ) % words  # fmt: skip
    return ngettext(
        "Bought %(now)s in %(months)s month, %(change)s more than a year before.",
        "Bought %(now)s in %(months)s months, %(change)s more than a year before.", months,
    ) % words  # fmt: skip


def _feedback(row: Any) -> str:
    return _("Would recommend us: %(score)s of 10, on %(day)s.") % {"score": row.nps, "day": formats.day(row.nps_on)}  # fmt: skip


def _contact(row: Any, run: Any) -> str:
    days = (run.as_of - row.contact_on).days
    words = {"days": formats.number(days, 0), "norm": formats.number(row.contact_norm, 0)}
    if row.has_norm:
        return _("Last contact %(days)s days ago, due every %(norm)s by its visit norm.") % words  # fmt: skip
    return _("Last contact %(days)s days ago, due every %(norm)s.") % words


def _model(row: Any) -> str:
    return _("Chance of still being a customer %(chance)s.") % {"chance": formats.share(row.p_alive, 0)}  # fmt: skip
