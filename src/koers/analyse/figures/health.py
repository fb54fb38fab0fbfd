"""How healthy is the relation with each customer, who gives reason to worry, and how is that measured and kept?"""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.customer_value import RUN_PART as VALUE_RUN
from koers.analyse.figures.customer_value import facts_moment
from koers.analyse.figures.facts import fact_store, open_facts, visible_filter
from koers.analyse.figures.order_file import FACT_SOURCE
from koers.analyse.models import RuleSet
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.health_rows import DAYS_ASKED, HEALTH_SIGNALS
from koers.analyse.queries.rule_set import rule_version, rules_in_force
from koers.core.actor import Actor
from koers.core.frames import FrameSource

if TYPE_CHECKING:
    from koers_analytics.customers.health import HealthRules
    from koers_analytics.customers.warning import (
        CustomerHealth,
        HealthRun,
        WarningTotals,
    )

PART, RUN_PART = "customer_health", "customer_health_run"


def health_rules(values: dict[str, Any] | None = None) -> "HealthRules":
    """Weights and bounds in force, or of stored values."""
    from koers_analytics.customers.health import PARTS, HealthRules  # noqa: PLC0415 -- slow import

    kept = rules_in_force(RuleSet.Kind.HEALTH) if values is None else values
    return HealthRules(
        weights={name: float(kept["weights"][name]) for name in PARTS},
        recency=(1.0, float(kept["silence_none"])), trend=(0.0, float(kept["trend_none"])),
        contact=(1.0, float(kept["silence_none"])), trend_months=int(kept["trend_months"]),
        feedback_months=int(kept["feedback_months"]), contact_days=int(kept["contact_days"]),
    )  # fmt: skip


def make_health(*, today: date, at: datetime) -> int:
    """Measure the health of all customers and keep it beside the facts; returns of how many.

    Measured on the day of the last valuation, whose chances and values it takes over.
    """
    from koers_analytics.customers.health import SIGNALS, health_table  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.value.valued import value_run  # noqa: PLC0415 -- slow import

    facts, store, version = open_facts(), fact_store(), _version()
    run, rules = value_run(facts), rules_in_force(RuleSet.Kind.HEALTH)
    as_of = analysis_day(today) if run is None else run.as_of
    day = as_of.isoformat() if connection.vendor == "sqlite" else as_of
    with FrameSource() as source:
        signals = source.table_of(HEALTH_SIGNALS, [day] * DAYS_ASKED, types=SIGNALS)
    made = health_table(facts.cursor(), FACT_SOURCE, signals, as_of=as_of, rules=health_rules(rules))  # fmt: skip
    with store.writer(at=facts_moment(at), currency=store.manifest().currency) as writer:
        writer.put_table(PART, made, version)
        writer.put_table(RUN_PART, _run(as_of, rules), version)
    return int(made.num_rows)


def health_is_due() -> bool:
    """Whether the valuation or the rules differ from those health was measured with."""
    parts = fact_store().manifest().parts
    if VALUE_RUN not in parts:
        return False
    part = parts.get(RUN_PART)
    return part is None or part.version != _version()


def _version() -> str:
    part = fact_store().manifest().parts.get(VALUE_RUN)
    return f"{part.version if part else ''} health {rule_version(RuleSet.Kind.HEALTH)}"


def _run(as_of: date, rules: dict[str, Any]) -> Any:
    import pyarrow as pa

    return pa.table({
        "as_of": pa.array([as_of], pa.date32()), "rule_version": pa.array([rule_version(RuleSet.Kind.HEALTH)], pa.int64()),
        "rules": pa.array([json.dumps(rules)]),
    })  # fmt: skip


@kept_per_facts
def health_run_of(*, actor: Actor) -> "HealthRun | None":
    """When and by which rules health was measured."""
    from koers_analytics.customers.warning import health_run  # noqa: PLC0415 -- slow import

    del actor
    return health_run(open_facts())


@kept_per_facts
def warnings_of(
    *, actor: Actor, by_spending: bool, phase: str = "", reason: str = "", risk: str = "model",
    order: str = "loss", descending: bool = True, limit: int = 50, offset: int = 0, **choices: object,
) -> "tuple[list[CustomerHealth], int]":  # fmt: skip
    """Customers that give reason to worry."""
    from koers_analytics.customers.warning import Choice, warnings  # noqa: PLC0415 -- slow import

    return warnings(
        open_facts(), visible_filter(actor, **choices), Choice(phase, reason, risk), by_spending=by_spending,
        order=order, descending=descending, limit=limit, offset=offset,
    )  # fmt: skip


@kept_per_facts
def healths_of(
    *, actor: Actor, by_spending: bool, phase: str = "", risk: str = "model", limit: int = 50, **choices: object
) -> "tuple[list[CustomerHealth], int]":  # fmt: skip
    """Customers with their health, the lowest first, whether they give reason to worry or not."""
    from koers_analytics.customers.warning import Choice, warnings  # noqa: PLC0415 -- slow import

    return warnings(
        open_facts(), visible_filter(actor, **choices), Choice(phase, "", risk, only_worries=False), by_spending=by_spending,
        order="score", descending=False, limit=limit,
    )  # fmt: skip


@kept_per_facts
def warning_totals_of(
    *, actor: Actor, by_spending: bool, phase: str = "", reason: str = "", risk: str = "model", **choices: object
) -> "WarningTotals":  # fmt: skip
    """How many there are, what is at stake, and how healthy all visible customers are."""
    from koers_analytics.customers.warning import Choice, warning_totals  # noqa: PLC0415 -- slow import

    return warning_totals(
        open_facts(), visible_filter(actor, **choices), Choice(phase, reason, risk), by_spending=by_spending
    )  # fmt: skip
