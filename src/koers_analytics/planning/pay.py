"""What does a seller earn in a period under a pay plan, and from which orders does each part come?

Source: F6.12 (base + tiered commission, chapter 6) is the case of two tiers by amount and nothing
else; tiers by attainment, accelerator, cap, bonuses, splits and clawback are general knowledge.
Amounts are exact decimals in one currency, shares are 0-1. Payouts are rounded half up to cents and
the rest goes to the other parts, so that lines always add up to the payout (domain rule 0.3.2).
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median

from koers_analytics.result import E4, share

CENT = Decimal("0.01")
NOTHING, WHOLE = Decimal(0), Decimal(1)


class PayPlanError(ValueError):
    """The terms contradict themselves; the text says where."""


class TierBy(StrEnum):
    """What the borders of the tiers are counted in."""

    AMOUNT = "amount"
    ATTAINMENT = "attainment"


class LineKind(StrEnum):
    """What a line of a statement pays."""

    BASE = "base"
    TIER = "tier"
    ACCELERATED = "accelerated"
    BONUS = "bonus"
    TEAM = "team"
    CAP = "cap"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Tier:
    """From ``start`` (an amount, or an attainment as a share) on, ``rate`` is paid over what lies above."""

    start: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """A pay plan over one whole period.

    ``accelerator`` multiplies the rate above quota; ``cap`` is the most variable pay; ``bonus`` and
    ``team_bonus`` are paid from that attainment on, by the person and by the team.
    """

    base: Decimal = NOTHING
    tiers: tuple[Tier, ...] = ()
    tier_by: TierBy = TierBy.AMOUNT
    quota: Decimal | None = None
    accelerator: Decimal = WHOLE
    cap: Decimal | None = None
    bonus: Decimal = NOTHING
    bonus_from: Decimal = WHOLE
    team_bonus: Decimal = NOTHING
    team_from: Decimal = WHOLE

    def __post_init__(self) -> None:
        """Refuse terms that nobody could be paid by."""
        starts = [tier.start for tier in self.tiers]
        if starts and (starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts))):
            raise PayPlanError("tiers")
        if any(not 0 <= tier.rate <= 1 for tier in self.tiers):
            raise PayPlanError("rate")
        if self.accelerator < 1:
            raise PayPlanError("accelerator")
        amounts = (
            self.base,
            self.bonus,
            self.team_bonus,
            self.cap or NOTHING,
            self.quota or NOTHING,
        )
        if any(amount < 0 for amount in amounts):
            raise PayPlanError("negative")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an order (negative: a credit note) counts for a seller, in the order of time."""

    order_id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PayLine:
    """A part of the payout.

    Of a tier ``basis`` is the amount that fell between ``start`` and ``end``, and ``rate`` what is
    paid of it. Of the base pay ``rate`` is the part of the period; of a bonus the attainment, from
    ``start`` on. Of a cap ``basis`` is the variable pay before it and ``start`` the cap; of a
    correction what is due now, and what was paid.
    """

    kind: LineKind
    basis: Decimal
    rate: Decimal | None
    start: Decimal | None
    end: Decimal | None
    amount: Decimal
    sources: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Payout:
    """A statement: its lines add up to ``total``; ``no_quota`` tells that parts could not be counted."""

    lines: tuple[PayLine, ...]
    sales: Decimal
    quota: Decimal | None
    part: Decimal
    no_quota: bool = False

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return sum((line.amount for line in self.lines), NOTHING)

    @property
    def variable(self) -> Decimal:
        """What is paid besides base pay."""
        return sum((line.amount for line in self.lines if line.kind is not LineKind.BASE), NOTHING)

    @property
    def attainment(self) -> Decimal | None:
        """Sales over quota (F2.11), as a share."""
        return share(self.sales, self.quota)


def cents(amount: Decimal) -> Decimal:
    """Half up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rounded_parts(amounts: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Parts in cents that add up to the rounded whole: each gets what its running total rounds to."""
    running = [cents(total) for total in itertools.accumulate(amounts)]
    return tuple(now - before for before, now in itertools.pairwise([cents(NOTHING), *running]))


def split(amount: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """An order divided between sellers, in cents; shares add up to 1 and parts to the order.

    The last one bears what is smaller than a cent, so that nothing is lost.
    """
    if sum(shares) != 1 or any(part <= 0 for part in shares):
        raise PayPlanError("shares")
    parts = rounded_parts([amount * part for part in shares])
    return (*parts[:-1], amount - sum(parts[:-1], NOTHING))


def payout(
    terms: Terms,
    entries: Sequence[Entry],
    *,
    part: Decimal = WHOLE,
    team_attainment: Decimal | None = None,
) -> Payout:
    """What is paid over the entries; ``part`` (0-1) is how much of the period the seller was there.

    Base, borders in amounts, quota, cap and bonuses count for that part. A net credit pays no
    commission; it never takes from base pay. Without a quota nothing that needs one is paid.
    """
    if not 0 < part <= 1:
        raise PayPlanError("part")
    sales = sum((entry.amount for entry in entries), NOTHING)
    quota = None if terms.quota is None else _border(terms.quota * part)
    needs = terms.tier_by is TierBy.ATTAINMENT or terms.accelerator > 1 or terms.bonus > 0
    lines = [
        *_bands(terms, entries, quota, part),
        *_bonuses(terms, sales, quota, part, team_attainment),
    ]
    if terms.cap is not None:
        lines += _capped(lines, (terms.cap * part).quantize(CENT, ROUND_DOWN))
    amounts = rounded_parts([line.amount for line in lines])
    variable = [replace(line, amount=amount) for line, amount in zip(lines, amounts, strict=True)]
    base = PayLine(LineKind.BASE, terms.base, part, None, None, cents(terms.base * part))
    return Payout((base, *variable), sales, quota, part, needs and not quota)


def _border(amount: Decimal) -> Decimal:
    """In ten-thousandths, as amounts are stored, so that what lies on both sides adds up exactly."""
    return amount.quantize(E4, ROUND_HALF_UP)


def _bands(
    terms: Terms, entries: Sequence[Entry], quota: Decimal | None, part: Decimal
) -> list[PayLine]:
    if terms.tier_by is TierBy.ATTAINMENT and not quota:
        return []
    unit = quota if terms.tier_by is TierBy.ATTAINMENT and quota else part
    starts = [(_border(tier.start * unit), tier.rate) for tier in terms.tiers]
    borders = {start for start, _rate in starts}
    if quota and terms.accelerator > 1 and starts:
        borders.add(quota)
    found: list[PayLine] = []
    ordered = sorted(borders)
    for start, end in itertools.zip_longest(ordered, ordered[1:]):
        rate = next(rate for low, rate in reversed(starts) if low <= start)
        above = bool(quota) and terms.accelerator > 1 and quota is not None and start >= quota
        sources = _inside(entries, start, end)
        basis = sum((source.amount for source in sources), NOTHING)
        paid = rate * terms.accelerator if above else rate
        kind = LineKind.ACCELERATED if above else LineKind.TIER
        if sources:
            found.append(PayLine(kind, basis, paid, start, end, basis * paid, sources))
    return found


def _inside(entries: Sequence[Entry], start: Decimal, end: Decimal | None) -> tuple[Entry, ...]:
    """What of each order fell between two borders, as sales grew; a credit note takes from the top."""

    def reached(total: Decimal) -> Decimal:
        top = total if end is None else min(total, end)
        return max(top, start) - start

    found, total = [], NOTHING
    for entry in entries:
        after = total + entry.amount
        amount = reached(after) - reached(total)
        if amount:
            found.append(Entry(entry.order_id, amount))
        total = after
    return tuple(found)


def _bonuses(
    terms: Terms, sales: Decimal, quota: Decimal | None, part: Decimal, team: Decimal | None
) -> list[PayLine]:
    found = []
    own = share(sales, quota)
    for kind, bonus, begins, reached in (
        (LineKind.BONUS, terms.bonus, terms.bonus_from, own),
        (LineKind.TEAM, terms.team_bonus, terms.team_from, team),
    ):
        if bonus and reached is not None and reached >= begins:
            found.append(PayLine(kind, bonus, reached, begins, None, bonus * part))
    return found


def _capped(lines: Iterable[PayLine], cap: Decimal) -> list[PayLine]:
    variable = sum((line.amount for line in lines), NOTHING)
    if variable <= cap:
        return []
    return [PayLine(LineKind.CAP, variable, None, cap, None, cap - variable)]


def correction(*, due: Decimal, paid: Decimal, sources: Iterable[Entry] = ()) -> PayLine:
    """What a closed period still owes (or, after credit notes, is owed): due now less what was paid."""
    return PayLine(LineKind.CORRECTION, due, None, paid, None, cents(due - paid), tuple(sources))


@dataclass(frozen=True, slots=True)
class Spread:
    """How far payouts lie apart; ``ratio`` is the highest over the lowest."""

    lowest: Decimal
    middle: Decimal
    highest: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Highest over lowest; None where the lowest is nothing."""
        return share(self.highest, self.lowest)


def spread(totals: Sequence[Decimal]) -> Spread | None:
    """Lowest, median and highest payout; None without any."""
    return Spread(min(totals), median(totals), max(totals)) if totals else None


def cost_of_sales(paid: Decimal, turnover: Decimal) -> Decimal | None:
    """All pay as a share of turnover; None without turnover."""
    return share(paid, turnover)


def scaled(entries: Sequence[Entry], factor: Decimal) -> tuple[Entry, ...]:
    """The same orders, each ``factor`` times as large, for what sales that differ would have paid."""
    return tuple(Entry(entry.order_id, entry.amount * factor) for entry in entries)
