"""What are the customers worth, who to see next, and how is the valuation made and kept?"""

from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import fact_store, open_facts, visible_filter
from koers.analyse.figures.order_file import FACT_SOURCE
from koers.analyse.models import RuleSet
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.rule_set import rule_version, rules_in_force
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.customers.baskets import Pair, Space
    from koers_analytics.customers.next_best import NextBest, NextBestRules
    from koers_analytics.customers.value.valued import (
        ValueBridge,
        ValuedCustomer,
        ValueGroup,
        ValueRun,
        ValueTotals,
    )

PART, RUN_PART, NEXT_PART = "customer_value", "customer_value_run", "next_best"


def next_best_rules() -> "NextBestRules":
    """Hours, chances and the cost of an hour in force."""
    from koers_analytics.customers.next_best import ACTIONS, NextBestRules  # noqa: PLC0415 -- slow import

    values = rules_in_force(RuleSet.Kind.NEXT_BEST)
    return NextBestRules(
        **{name: (float(values[name]["hours"]), float(values[name]["chance"])) for name in ACTIONS},
        hour_cost=float(values["hour_cost"]),
        peer_share=float(values["peer_share"]),
    )


def make_valuation(*, today: date, at: datetime) -> int:
    """Value all customers and keep it beside the facts in one step; returns how many were valued.

    Fits models, so it belongs in a background job or a command.
    """
    from koers_analytics.customers.value.valuation import valuation  # noqa: PLC0415 -- slow import

    as_of, version = analysis_day(today), _version(today)
    made = valuation(open_facts().cursor(), FACT_SOURCE, as_of=as_of, rules=next_best_rules())
    store = fact_store()
    with store.writer(at=facts_moment(at), currency=store.manifest().currency) as writer:
        writer.put_table(PART, made.customers, version)
        writer.put_table(RUN_PART, made.run, version)
        writer.put_table(NEXT_PART, made.next_best, version)
    return int(made.customers.num_rows)


def valuation_is_due(today: date) -> bool:
    """Whether orders, rules or the day differ from those of the last valuation."""
    manifest = fact_store().manifest()
    if not manifest.order_line_rows:
        return False
    part = manifest.parts.get(RUN_PART)
    return part is None or part.version != _version(today)


def _version(today: date) -> str:
    parts = sorted(fact_store().manifest().parts.items())
    lines = "\n".join(f"{name}={part.version}" for name, part in parts if name.startswith("order_line:"))  # fmt: skip
    read = sha256(lines.encode()).hexdigest()[:16]
    return f"{analysis_day(today)} rules {rule_version(RuleSet.Kind.NEXT_BEST)} lines {read}"


def facts_moment(at: datetime) -> datetime:
    """The facts themselves did not change: they keep the moment they were built."""
    text = fact_store().manifest().built_at
    return datetime.fromisoformat(text) if text else at


@kept_per_facts
def value_run_of(*, actor: Actor) -> "ValueRun | None":
    """How and when all customers were valued."""
    from koers_analytics.customers.value import valued  # noqa: PLC0415 -- slow import

    del actor
    return valued.value_run(open_facts())


@kept_per_facts
def value_totals_of(*, actor: Actor, by_spending: bool, **choices: object) -> "ValueTotals":
    """Customer equity of the customers the actor may see (F9.13 summed, F9.20)."""
    from koers_analytics.customers.value import valued  # noqa: PLC0415 -- slow import

    return valued.value_totals(open_facts(), visible_filter(actor, **choices), by_spending=by_spending)  # fmt: skip


@kept_per_facts
def value_groups_of(
    *, actor: Actor, by: str, by_spending: bool, **choices: object
) -> "tuple[ValueGroup, ...]":
    """Customer equity per group."""
    from koers_analytics.customers.value import valued  # noqa: PLC0415 -- slow import

    return valued.value_groups(open_facts(), visible_filter(actor, **choices), by, by_spending=by_spending)  # fmt: skip


@kept_per_facts
def value_bridge_of(*, actor: Actor, by_spending: bool, **choices: object) -> "ValueBridge | None":
    """Why customer equity changed in a year."""
    from koers_analytics.customers.value import valued  # noqa: PLC0415 -- slow import

    return valued.value_bridge(open_facts(), visible_filter(actor, **choices), by_spending=by_spending)  # fmt: skip


@kept_per_facts
def value_members_of(
    *, actor: Actor, by_spending: bool, kind: str = "", risk: str = "", order: str = "worth",
    descending: bool = True, limit: int = 50, offset: int = 0, **choices: object,
) -> "tuple[list[ValuedCustomer], int]":  # fmt: skip
    """Valued customers."""
    from koers_analytics.customers.value import valued  # noqa: PLC0415 -- slow import

    return valued.value_members(
        open_facts(), visible_filter(actor, **choices), by_spending=by_spending, kind=kind, risk=risk,
        order=order, descending=descending, limit=limit, offset=offset,
    )  # fmt: skip


@kept_per_facts
def next_best_of(
    *, actor: Actor, by_spending: bool, action: str = "", limit: int = 50, offset: int = 0, **choices: object,
) -> "tuple[list[NextBest], int]":  # fmt: skip
    """What to do first, for whom; ``by_spending`` for those who may not see costs."""
    from koers_analytics.customers import next_best  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.value.valued import customer_where  # noqa: PLC0415 -- slow import

    where = customer_where(visible_filter(actor, **choices))
    return next_best.next_best(
        open_facts(), where, by_spending=by_spending, action=action, limit=limit, offset=offset
    )


@kept_per_facts
def next_best_counts_of(*, actor: Actor, **choices: object) -> dict[str, tuple[int, float]]:
    """For how many customers each action fits, and the gain expected of all."""
    from koers_analytics.customers import next_best  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.value.valued import customer_where  # noqa: PLC0415 -- slow import

    return next_best.next_best_counts(open_facts(), customer_where(visible_filter(actor, **choices)))  # fmt: skip


@kept_per_facts
def pairs_of(*, actor: Actor, period: Period, level: str, **choices: object) -> "list[Pair]":
    """What is bought together."""
    from koers_analytics.customers import baskets  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return baskets.pairs(open_facts(), flt, level=level)


@kept_per_facts
def white_space_of(*, actor: Actor, period: Period, level: str, **choices: object) -> "Space":
    """Largest customers against the products most customers buy."""
    from koers_analytics.customers import baskets  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return baskets.white_space(open_facts(), flt, level=level)


@kept_per_facts
def cohorts_seen(
    *, actor: Actor, as_of: date, step: str, silence: int, **choices: object
) -> dict[str, Any] | None:
    """Cohorts, retention (F5.1) and survival of visible customers; nothing where nobody bought."""
    from koers.analyse.figures.customer_flow import cohorts_of  # noqa: PLC0415 -- slow import
    from koers.analyse.figures.order_file import RefusedFile  # noqa: PLC0415 -- slow import
    from koers_analytics.filters import LINE_SOURCE  # noqa: PLC0415 -- slow import

    where, values = visible_filter(actor, include_fees=True, **choices).where()
    connection = open_facts().cursor()
    connection.execute(
        f"""CREATE TEMP TABLE seen_purchase AS
            SELECT l.company_id AS customer, l.order_date AS day, l.net_e4 AS amount_e4 FROM {LINE_SOURCE}
            WHERE l.company_id IS NOT NULL AND l.net_e4 IS NOT NULL AND (l.list_e4 IS NULL OR l.list_e4 <> 0)
              AND {where}""",  # noqa: S608 -- marks for all values
        values,
    ).fetchall()
    try:
        return cohorts_of(connection, "seen_purchase", as_of=as_of, step=step, silence=silence, out=None)  # fmt: skip
    except RefusedFile:
        return None
    finally:
        connection.close()
