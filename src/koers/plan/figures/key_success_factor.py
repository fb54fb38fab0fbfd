"""How does each key success factor stand: does it pass, or how far is it on its way?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.actor import Actor
from koers.core.periods import Period, last_twelve_months
from koers.plan.figures.goal import Asked, counted
from koers.plan.models import KeySuccessFactor
from koers.plan.queries.key_success_factor import (
    factors_visible_to,
    sees_actual_of_factor,
    with_last_measured,
)


@dataclass(frozen=True, slots=True)
class FactorStanding:
    """A factor as it stands; ``passes`` of a hygiene factor, ``share`` (0-1) of a visionary one."""

    factor: KeySuccessFactor
    actual: Decimal | None
    measured_on: date | None
    is_hidden: bool
    passes: bool | None
    share: Decimal | None

    @property
    def fails(self) -> bool:
        """Whether a hygiene factor was measured on the wrong side of its threshold."""
        return self.passes is False


def period_of_factor(today: date) -> Period:
    """A figure counts the last twelve months."""
    return last_twelve_months(today)


def asked_of_factor(factor: KeySuccessFactor, *, today: date) -> Asked | None:
    """What the factor's figure counts: all customers over the last twelve months."""
    if not factor.figure:
        return None
    period = period_of_factor(today)
    return Asked(factor.figure, period.start, period.end, None, None)


def factor_standings_of(
    *, actor: Actor, factors: Iterable[KeySuccessFactor], today: date
) -> list[FactorStanding]:
    """How factors stand; they come from ``with_last_measured``. The same number of queries for any number."""
    from koers_analytics.planning.goals import passes, way_gone  # noqa: PLC0415 -- slow import

    found = list(factors)
    seen = {factor.pk for factor in found if sees_actual_of_factor(actor, factor)}
    asks = {each.pk: ask for each in found if each.pk in seen and (ask := asked_of_factor(each, today=today))}  # fmt: skip
    values = counted(actor, asks.values())
    standings = []
    for factor in found:
        actual, day = None, None
        if factor.pk in asks:
            actual, day = values.get(asks[factor.pk]), today
        elif factor.pk in seen:
            actual, day = factor.measured, factor.measured_on  # type: ignore[attr-defined]
        passed, share = None, None
        if factor.threshold is not None:
            passed = passes(actual, threshold=factor.threshold, at_least=factor.bound == KeySuccessFactor.Bound.LEAST)  # fmt: skip
        elif factor.ambition is not None and actual is not None:
            way = way_gone(start=factor.start_value, target=factor.ambition, actual=actual)
            share = min(max(way, Decimal(0)), Decimal(1))
        standings.append(FactorStanding(factor, actual, day, factor.pk not in seen, passed, share))  # fmt: skip
    return standings


def failing_factors(*, actor: Actor, today: date) -> list[FactorStanding]:
    """Hygiene factors that fail, of those whose standing the actor may see."""
    hygiene = factors_visible_to(actor).filter(factor_class=KeySuccessFactor.Class.HYGIENE)
    found = with_last_measured(hygiene)
    return [each for each in factor_standings_of(actor=actor, factors=found, today=today) if each.fails]  # fmt: skip


def value_of_factor(factor: KeySuccessFactor, value: Decimal | None) -> str:
    """A value in the factor's own unit."""
    if value is None:
        return formats.EN_DASH
    if factor.unit == KeySuccessFactor.Unit.MONEY:
        return formats.money(value, factor.currency, digits=0)
    if factor.unit == KeySuccessFactor.Unit.SHARE:
        return formats.share(value)
    return formats.number(value)


def norm_words(factor: KeySuccessFactor) -> str:
    """The threshold with its side, or the ambition."""
    if factor.is_hygiene:
        words = {"value": value_of_factor(factor, factor.threshold)}
        if factor.bound == KeySuccessFactor.Bound.LEAST:
            return _("at least %(value)s") % words
        return _("at most %(value)s") % words
    return value_of_factor(factor, factor.ambition)
