"""Which part of what customers buy do they buy from us (F5.6)?"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.analyse.models import RuleSet
from koers.analyse.queries.rule_set import rules_in_force
from koers.core.actor import Actor

if TYPE_CHECKING:
    from koers_analytics.customers.wallet import (
        WalletGroup,
        WalletPoint,
        WalletRules,
        WalletShare,
    )


def wallet_rules() -> "WalletRules":
    """How long a record holds and which fall is one, by the life-cycle rules in force."""
    from koers_analytics.customers.wallet import WalletRules  # noqa: PLC0415 -- slow import

    values = rules_in_force(RuleSet.Kind.LIFECYCLE)
    return WalletRules(int(values["wallet_months"]), wallet_fall(values["wallet_fall"]))


def wallet_fall(text: object) -> Decimal | None:
    """The fall of a stored rule; nothing where the rule is left out."""
    return None if text in (None, "") else Decimal(str(text))


@kept_per_facts
def wallet_shares_of(
    *, actor: Actor, as_of: date, state: str = "", order: str = "room", descending: bool = True,
    limit: int = 50, offset: int = 0, **choices: object,
) -> "tuple[list[WalletShare], int]":  # fmt: skip
    """Customers with their share of wallet."""
    from koers_analytics.customers import wallet  # noqa: PLC0415 -- slow import

    return wallet.wallet_shares(
        open_facts(), visible_filter(actor, **choices), wallet_rules(), as_of=as_of, state=state, order=order,
        descending=descending, limit=limit, offset=offset,
    )  # fmt: skip


@kept_per_facts
def wallet_groups_of(
    *, actor: Actor, as_of: date, by: str = "", **choices: object
) -> "list[WalletGroup]":
    """Share of wallet of all together, or per group."""
    from koers_analytics.customers import wallet  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, **choices)
    return wallet.wallet_groups(open_facts(), flt, wallet_rules(), as_of=as_of, by=by)


@kept_per_facts
def wallet_trend_of(
    *, actor: Actor, days: Sequence[date], **choices: object
) -> "list[WalletPoint]":
    """Share of wallet at each of the days."""
    from koers_analytics.customers import wallet  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, **choices)
    return wallet.wallet_trend(open_facts(), flt, wallet_rules(), days=days)
