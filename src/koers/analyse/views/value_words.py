"""In which words are steps of the bridge, risks, models and next actions told?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from koers.analyse.queries.currency import reporting_currency
from koers.core import formats

KIND_WORDS = {
    "won": (_l("Won"), _l("No customer a year before.")),
    "grown": (_l("Grown"), _l("Bought in the year, and is worth more (over 5%).")),
    "kept": (_l("Kept"), _l("Bought in the year, and is worth the same (within 5%).")),
    "revalued": (_l("Revalued"), _l("Bought nothing in the year: only time passed.")),
    "shrunk": (_l("Shrunk"), _l("Bought in the year, and is worth less (over 5%).")),
    "lost": (_l("Lost"), _l("The chance of still being a customer fell below one half.")),
}
RISK_WORDS = {
    "safe": _l("Safe (80% and more)"),
    "doubtful": _l("Doubtful (50 to 80%)"),
    "at_risk": _l("Probably gone (below 50%)"),
}
GROUP_WORDS = {
    "segment": _l("By segment"),
    "seller": _l("By account manager"),
    "sbu": _l("By business unit"),
    "territory": _l("By territory"),
}
ACTION_WORDS = {
    "win_back": _l("Win back"),
    "keep": _l("Keep"),
    "grow": _l("Grow"),
    "reprice": _l("Reprice"),
    "let_go": _l("Let go"),
}


def action_of(name: str) -> str:
    """The action as people say it."""
    return str(ACTION_WORDS[name])


def reason_of(row: Any, *, sees_cost: bool) -> str:
    """Why this action for this customer, in one sentence with its numbers."""
    if row.action in ("win_back", "keep"):
        return _silence(row, sees_cost=sees_cost)
    if row.action == "grow":
        return _space(row, sees_cost=sees_cost)
    if row.action == "reprice":
        return _discount(row)
    if not sees_cost:
        return _("What it is expected to bring does not pay for a visit; serve it without.")
    return _("Expected to bring %(worth)s in a year, less than a visit costs; serve it without visits.") % {
        "worth": _amount(row.stake)}  # fmt: skip


def _silence(row: Any, *, sees_cost: bool) -> str:
    chance = formats.share(row.p_alive)
    if row.rhythm is None:
        text = _("Bought once, %(days)s days ago; chance of still being a customer %(chance)s.") % {
            "days": formats.number(row.silent, 0), "chance": chance}  # fmt: skip
    else:
        text = _("Buys every %(rhythm)s days, silent for %(days)s; chance of still being a customer %(chance)s.") % {
            "rhythm": formats.number(row.rhythm, 0), "days": formats.number(row.silent, 0), "chance": chance}  # fmt: skip
    return text + (" " + _("At stake: %(stake)s.") % {"stake": _amount(row.stake)} if sees_cost else "")  # fmt: skip


def _space(row: Any, *, sees_cost: bool) -> str:
    text = ngettext(
        "Does not buy %(what)s; %(buying)s of %(peers)s comparable customer does.",
        "Does not buy %(what)s; %(buying)s of %(peers)s comparable customers do.",
        row.peers,
    ) % {"what": row.what, "buying": formats.number(row.peers_buying, 0), "peers": formats.number(row.peers, 0)}  # fmt: skip
    return text + (" " + _("Typical contribution: %(stake)s a year.") % {"stake": _amount(row.stake)} if sees_cost else "")  # fmt: skip


def _discount(row: Any) -> str:
    return _("Gets %(own)s discount, comparable customers %(peers)s (median); the difference is %(stake)s a year.") % {
        "own": formats.share(row.discount), "peers": formats.share(row.peers_discount), "stake": _amount(row.stake)}  # fmt: skip


def _amount(value: float) -> str:
    return formats.money(value, reporting_currency(), digits=0)
