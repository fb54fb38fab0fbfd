"""How are the terms of a pay plan and the lines of a statement worded?"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.core import formats
from koers.plan.figures.pay import StatementLine
from koers.plan.models import PayPlan

KINDS = {
    "base": _l("Base pay"), "tier": _l("Commission"), "accelerated": _l("Commission above quota"), "bonus": _l("Bonus"),
    "team": _l("Team bonus"), "cap": _l("Above the cap, not paid"), "correction": _l("Correction"),
}  # fmt: skip
EXPRESSIONS = {
    "base": _l("base pay per period × days there ÷ days of the period"), "tier": _l("what was sold within the tier × its rate"),
    "accelerated": _l("what was sold within the tier × its rate × accelerator"), "bonus": _l("the bonus, from this attainment on"),
    "team": _l("the team bonus, from this attainment of the team on"), "cap": _l("cap − variable pay before it"),
    "correction": _l("due by the orders as they are now − paid"),
}  # fmt: skip


def terms_of_plan(plan: PayPlan) -> list[tuple[str, str]]:
    """The terms in words, those that say nothing left out."""
    currency = plan.currency
    found = [(_("Paid per"), str(plan.get_period_display())), (_("Base pay"), formats.money(plan.base, currency)),
             (_("Measured by"), str(plan.get_measure_display())), (_("Quota"), formats.money(plan.quota, currency) if plan.quota is not None else str(plan.get_quota_from_display()))]  # fmt: skip
    for place, (start, rate) in enumerate(plan.tiers):
        end = plan.tiers[place + 1][0] if place + 1 < len(plan.tiers) else None
        found.append((_("Commission %(rate)s") % {"rate": rate_words(Decimal(rate))}, _stretch(plan, Decimal(start), end)))  # fmt: skip
    if plan.accelerator > 1:
        found.append((_("Above quota"), _("× %(factor)s") % {"factor": formats.number(plan.accelerator)}))  # fmt: skip
    for label, amount, begins in ((_("Bonus"), plan.bonus, plan.bonus_from), (_("Team bonus"), plan.team_bonus, plan.team_from)):  # fmt: skip
        if amount:
            words = {"amount": formats.money(amount, currency), "share": formats.share(begins, 0)}
            found.append((label, _("%(amount)s from %(share)s on") % words))
    if plan.cap is not None:
        found.append((_("Cap on variable pay"), formats.money(plan.cap, currency)))
    return found


def _stretch(plan: PayPlan, start: Decimal, end: str | None) -> str:
    def words(value: Decimal) -> str:
        return formats.share(value, 0) if plan.tier_by == PayPlan.TierBy.ATTAINMENT else formats.money(value, plan.currency, digits=0)  # fmt: skip

    if end is None:
        return _("from %(start)s") % {"start": words(start)}
    if not start:
        return _("up to %(end)s") % {"end": words(Decimal(end))}
    return _("from %(start)s to %(end)s") % {"start": words(start), "end": words(Decimal(end))}


def rate_words(rate: Decimal) -> str:
    """A rate with as many decimals as it has, up to three."""
    places = max(-int(rate.normalize().as_tuple().exponent) - 2, 0)
    return formats.share(rate, min(places, 3))


def line_words(each: StatementLine, currency: str, corrected: dict[int, str]) -> dict[str, Any]:
    """A line: what it is, what it was counted from, and at which rate."""
    line = each.line
    kind = line.kind.value
    basis, rate, note = formats.money(line.basis, currency), "", ""
    if kind in ("tier", "accelerated"):
        rate = rate_words(line.rate or Decimal(0))
        note = tier_words(line.start or Decimal(0), line.end, currency)
    elif kind == "base":
        rate = formats.share(line.rate or Decimal(0), 0 if line.rate == 1 else 1)
        note = _("part of the period")
    elif kind in ("bonus", "team"):
        rate = formats.share(line.rate or Decimal(0))
        note = _("attainment, paid from %(share)s on") % {"share": formats.share(line.start or Decimal(0), 0)}  # fmt: skip
    elif kind == "cap":
        note = _("cap on variable pay %(cap)s") % {"cap": formats.money(line.start or Decimal(0), currency)}  # fmt: skip
    else:
        words = {"period": corrected.get(each.corrects or 0, ""), "paid": formats.money(line.start or Decimal(0), currency)}  # fmt: skip
        note = _("%(period)s: due now, %(paid)s was paid") % words
    return {"label": str(KINDS[kind]), "note": note, "basis": basis, "rate": rate, "amount": line.amount, "orders": len({source.order_id for source in line.sources})}  # fmt: skip


def tier_words(start: Decimal, end: Decimal | None, currency: str) -> str:
    """Between which amounts a tier lies."""
    if end is None:
        return _("from %(start)s") % {"start": formats.money(start, currency)}
    if not start:
        return _("up to %(end)s") % {"end": formats.money(end, currency)}
    return _("from %(start)s to %(end)s") % {"start": formats.money(start, currency), "end": formats.money(end, currency)}  # fmt: skip
