"""Which figures describe the customer base: pyramid, movement, life cycle, RFM?"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.analyse.figures.wallet import wallet_fall
from koers.analyse.models import RuleSet
from koers.analyse.queries.rule_set import rules_in_force
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.customers.lifecycle import (
        LifecycleRules,
        PhaseCount,
        PhaseFlow,
        PhaseMember,
        PhaseSpan,
    )
    from koers_analytics.customers.movement import Movement, Mover
    from koers_analytics.customers.pyramid import Pyramid, PyramidMember, PyramidRule
    from koers_analytics.customers.rfm import RfmBands, RfmCell, RfmMember

Slice = tuple[int, int]
EVERYONE: Slice = (0, 2**63 - 1)


def pyramid_rule(method: str = "") -> "PyramidRule":
    """The pyramid rule in force; ``method`` ('rank' or 'limits') overrules for one look."""
    from koers_analytics.customers.pyramid import PyramidMethod, PyramidRule  # noqa: PLC0415 -- slow import

    values = rules_in_force(RuleSet.Kind.PYRAMID)
    cuts = tuple(int(cut) for cut in values["cuts"])
    limits = tuple(Decimal(str(limit)) for limit in values["limits"])
    return PyramidRule(PyramidMethod(method or values["method"]), cuts, limits)  # type: ignore[arg-type]


def lifecycle_rules() -> "LifecycleRules":
    """The life-cycle rules in force."""
    from koers_analytics.customers.lifecycle import LifecycleRules  # noqa: PLC0415 -- slow import

    values = rules_in_force(RuleSet.Kind.LIFECYCLE)
    return LifecycleRules(
        start_months=int(values["start_months"]),
        growth_above=Decimal(str(values["growth_above"])),
        decline_below=Decimal(str(values["decline_below"])),
        flat_quarters=int(values["flat_quarters"]),
        lost_months=int(values["lost_months"]),
        wallet_fall=wallet_fall(values["wallet_fall"]),
        wallet_months=int(values["wallet_months"]),
    )


def rfm_bands() -> "RfmBands":
    """The RFM bands in force."""
    from koers_analytics.customers.rfm import RfmBands  # noqa: PLC0415 -- slow import

    values = rules_in_force(RuleSet.Kind.RFM)
    return RfmBands(
        tuple(values["days"]),
        tuple(values["orders"]),
        tuple(Decimal(str(edge)) for edge in values["turnover"]),  # type: ignore[arg-type]
    )


@kept_per_facts
def pyramid_of(*, actor: Actor, period: Period, method: str = "", **choices: object) -> "Pyramid":
    """Classes A-D with value and effort (F2.4, F2.5, F2.6)."""
    from koers_analytics.customers import pyramid  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return pyramid.pyramid(open_facts(), flt, pyramid_rule(method))


@kept_per_facts
def pyramid_members_of(
    *,
    actor: Actor,
    period: Period,
    method: str = "",
    classes: Sequence[str] = (),
    order: str = "turnover",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
    **choices: object,
) -> "tuple[list[PyramidMember], int]":
    """Customers of some classes."""
    from koers_analytics.customers import pyramid  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return pyramid.pyramid_members(
        open_facts(), flt, pyramid_rule(method), classes=classes, order=order, descending=descending,
        limit=limit, offset=offset,
    )  # fmt: skip


@kept_per_facts
def movement_of(*, actor: Actor, before: Period, after: Period, method: str = "") -> "Movement":
    """Who went from which class to which, and the bridge between two turnovers."""
    from koers_analytics.customers import movement  # noqa: PLC0415 -- slow import

    return movement.movement(
        open_facts(),
        visible_filter(actor, start=before.start, end=before.end),
        visible_filter(actor, start=after.start, end=after.end),
        pyramid_rule(method),
    )


@kept_per_facts
def movers_of(
    *,
    actor: Actor,
    before: Period,
    after: Period,
    kinds: tuple[str, ...] = (),
    largest: str = "any",
    method: str = "",
    limit: int = 50,
    offset: int = 0,
) -> "tuple[list[Mover], int]":
    """Customers with the largest changes between two periods."""
    from koers_analytics.customers import movement  # noqa: PLC0415 -- slow import

    return movement.movers(
        open_facts(),
        visible_filter(actor, start=before.start, end=before.end),
        visible_filter(actor, start=after.start, end=after.end),
        pyramid_rule(method), kinds=kinds, largest=largest, limit=limit, offset=offset,
    )  # fmt: skip


def class_of_each(*, actor: Actor, period: Period) -> dict[int, tuple[str, int, int | None]]:
    """Class, turnover and contribution (e4) of every customer in the period, by id (F2.4, F2.6)."""
    from koers_analytics.customers import pyramid  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end)
    return pyramid.class_of_each(open_facts(), flt, pyramid_rule())


@kept_per_facts
def phase_board_of(*, actor: Actor, as_of: date) -> "list[PhaseCount]":
    """Customers per life-cycle phase."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    return lifecycle.phase_board(
        open_facts(), visible_filter(actor), lifecycle_rules(), as_of=as_of
    )


@kept_per_facts
def phase_members_of(
    *,
    actor: Actor,
    as_of: date,
    phase: str = "",
    limit: int | None = 50,
    offset: int = 0,
    companies: Slice = EVERYONE,
) -> "tuple[list[PhaseMember], int]":
    """Customers in a phase."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    return lifecycle.phase_members(
        open_facts(),
        visible_filter(actor),
        lifecycle_rules(),
        as_of=as_of,
        phase=phase,
        limit=limit,
        offset=offset,
        companies=companies,
    )


@kept_per_facts
def phase_flow_of(*, actor: Actor, before: date, as_of: date) -> "list[PhaseFlow]":
    """Flow between phases from one date to another."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    return lifecycle.phase_flow(
        open_facts(), visible_filter(actor), lifecycle_rules(), before=before, as_of=as_of
    )


def company_slices(size: int) -> list[Slice]:
    """Id ranges of so many companies each; together they hold every id."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    return lifecycle.company_slices(open_facts(), size)


def phase_spans(*, as_of: date, companies: Slice) -> "list[PhaseSpan]":
    """Dated phases of the customers in a range of ids, for the stored history."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    return lifecycle.phase_history(
        open_facts(), lifecycle_rules(), as_of=as_of, companies=companies
    )


@kept_per_facts
def rfm_of(*, actor: Actor, period: Period) -> "list[RfmCell]":
    """Customers per combination of recency, frequency and money (F9.14)."""
    from koers_analytics.customers import rfm  # noqa: PLC0415 -- slow import

    return rfm.rfm(
        open_facts(), visible_filter(actor, start=period.start, end=period.end), rfm_bands()
    )


@kept_per_facts
def rfm_members_of(
    *,
    actor: Actor,
    period: Period,
    recency: int | None = None,
    frequency: int | None = None,
    money: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> "tuple[list[RfmMember], int]":
    """Customers with the given scores."""
    from koers_analytics.customers import rfm  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end)
    return rfm.rfm_members(
        open_facts(),
        flt,
        rfm_bands(),
        recency=recency,
        frequency=frequency,
        money=money,
        limit=limit,
        offset=offset,
    )
