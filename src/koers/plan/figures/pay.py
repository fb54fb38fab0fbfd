"""What is a seller paid for a period: computed from the orders while open, as stored once closed?"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from koers.analyse.figures.facts import open_facts
from koers.core.periods import Period
from koers.organisation.models import User
from koers.plan.models import PayPlan, PayStatement, Target
from koers.plan.queries.pay import credit_ties, personal_targets, quota_over, splits_touching
from koers_analytics.planning.pay import (
    NOTHING,
    Entry,
    LineKind,
    PayLine,
    Payout,
    Terms,
    Tier,
    TierBy,
    cents,
    correction,
    payout,
    split,
)
from koers_analytics.result import amount_or_zero

WHOLE = Decimal(1)
LINE_AMOUNTS = ("basis", "rate", "start", "end", "amount")
TERM_AMOUNTS = ("base", "quota", "accelerator", "cap", "bonus", "bonus_from", "team_bonus", "team_from")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order counts for a seller on the day it was sold, or the order it credits was."""

    order_id: int
    day: date
    turnover: Decimal
    contribution: Decimal


@dataclass(frozen=True)
class PayBook:
    """Everything pay is computed from over a stretch of time, read in a fixed number of queries."""

    sold: Mapping[int, Sequence[Sold]]
    targets: Mapping[int, Sequence[Target]]
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def entries(self, seller_id: int, period: Period, measure: str) -> tuple[Entry, ...]:
        """Orders of the period in their order, by turnover or contribution."""
        return tuple(
            Entry(each.order_id, each.contribution if measure == PayPlan.Measure.CONTRIBUTION else each.turnover)
            for each in self.sold.get(seller_id, ()) if each.day in period
        )  # fmt: skip

    def turnover(self, people: Iterable[int], period: Period) -> Decimal:
        """Turnover of some sellers in a period."""
        return sum(
            (each.turnover for key in people for each in self.sold.get(key, ()) if each.day in period), NOTHING
        )  # fmt: skip

    def terms(self, plan: PayPlan, seller: User, period: Period) -> Terms:
        """The plan as it counts for a seller over a whole period, with his quota."""
        quota = plan.quota
        if plan.quota_from == PayPlan.QuotaFrom.TARGETS:
            quota = quota_over(self.targets.get(seller.pk, ()), period)
        return Terms(
            base=plan.base, tiers=tuple(Tier(Decimal(start), Decimal(rate)) for start, rate in plan.tiers), tier_by=TierBy(plan.tier_by),
            quota=quota, accelerator=Decimal(plan.accelerator), cap=plan.cap, bonus=plan.bonus, bonus_from=Decimal(plan.bonus_from),
            team_bonus=plan.team_bonus, team_from=Decimal(plan.team_from),
        )  # fmt: skip

    def team_attainment(self, seller: User, period: Period) -> Decimal | None:
        """Turnover of the seller's team over the targets of its members (F2.11)."""
        members = self.members.get(seller.team_id or 0, ())
        target = quota_over((each for key in members for each in self.targets.get(key, ())), period)
        return self.turnover(members, period) / target if target else None


def open_book(sellers: Collection[User], start: date, end: date) -> PayBook:
    """Read orders, shares and targets of sellers and their teams over a stretch of time."""
    teams: dict[int, list[int]] = defaultdict(list)
    wanted = {seller.team_id for seller in sellers if seller.team_id is not None}
    for key, team_id in User.objects.filter(team_id__in=wanted).values_list("pk", "team_id"):
        teams[team_id or 0].append(key)
    people = {seller.pk for seller in sellers} | {key for keys in teams.values() for key in keys}
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in personal_targets(people, start, end):
        targets[target.person_id or 0].append(target)
    return PayBook(_sold(people, start, end), targets, teams)


def _sold(people: Collection[int], start: date, end: date) -> dict[int, list[Sold]]:
    """Per seller the orders of a stretch of time; credit notes stand at the order they credit."""
    ties, splits = credit_ties(people, start, end), splits_touching(people)
    rows = open_facts().rows(
        """SELECT l.order_id, min(l.order_date) AS day, any_value(l.seller_id), sum(l.net_e4),
                  sum(l.net_e4 - l.cost_e4) FILTER (l.cost_e4 IS NOT NULL)
           FROM order_line l
           WHERE l.kind = 'goods' AND l.net_e4 IS NOT NULL
             AND ((l.order_date >= ? AND l.order_date < ?
                   AND (list_contains(?::BIGINT[], l.seller_id) OR list_contains(?::BIGINT[], l.order_id)))
                  OR list_contains(?::BIGINT[], l.order_id))
           GROUP BY l.order_id ORDER BY day, l.order_id""",
        [start, end, sorted(people), sorted(splits), sorted(ties)],
    )
    found: dict[int, list[Sold]] = defaultdict(list)
    for order_id, made_on, made_by, net, contributed in rows:
        tie = ties.get(order_id)
        origin, day, seller_id = (tie.order_id, tie.day, tie.seller_id) if tie else (order_id, made_on, made_by)  # fmt: skip
        shares = splits.get(origin) or ((seller_id, WHOLE),)
        turnover, contribution = amount_or_zero(net), amount_or_zero(contributed)
        for place, (person, _share) in enumerate(shares):
            if person is not None:
                found[person].append(Sold(order_id, day, _part(turnover, shares, place), _part(contribution, shares, place)))  # fmt: skip
    return found


def _part(amount: Decimal, shares: Sequence[tuple[int | None, Decimal]], place: int) -> Decimal:
    return split(amount, [share for _person, share in shares])[place] if len(shares) > 1 else amount


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement; ``corrects`` is the closed statement it puts right."""

    line: PayLine
    corrects: int | None = None


@dataclass(frozen=True)
class Statement:
    """What a seller is paid for a period; ``closed`` is the stored one, None while it is open."""

    seller: User
    plan: PayPlan
    period: Period
    part: Decimal
    terms: Terms
    lines: tuple[StatementLine, ...]
    sales: Decimal
    quota: Decimal | None
    currency: str
    no_quota: bool = False
    closed: PayStatement | None = None

    @property
    def total(self) -> Decimal:
        """What is paid out."""
        return sum((each.line.amount for each in self.lines), NOTHING)

    @property
    def attainment(self) -> Decimal | None:
        """Sales over quota (F2.11)."""
        return self.sales / self.quota if self.quota else None

    @property
    def seal(self) -> str:
        """SHA-256 over everything that is paid and why, to tell whether anything was changed since."""
        told = {
            "person": self.seller.pk, "plan": self.plan.pk, "from": self.period.start.isoformat(), "until": self.period.end.isoformat(),
            "part": _text(self.part), "terms": terms_texts(self.terms), "lines": [line_texts(each) for each in self.lines],
            "sales": _text(self.sales), "quota": _text(self.quota), "currency": self.currency,
        }  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def is_intact(self) -> bool:
        """Whether a closed statement still says what was sealed."""
        return self.closed is None or self.closed.seal == self.seal


def open_statement(
    *, seller: User, plan: PayPlan, period: Period, part: Decimal, book: PayBook, earlier: Sequence[PayStatement], currency: str
) -> Statement:  # fmt: skip
    """Compute a statement from the orders; ``earlier`` are closed ones that may need correction."""
    terms = book.terms(plan, seller, period)
    paid = payout_in(book, plan, terms, seller, period, part=part)
    lines = [StatementLine(line) for line in paid.lines]
    lines += corrections(book, seller, earlier)
    return Statement(seller, plan, period, part, terms, tuple(lines), paid.sales, paid.quota, currency, paid.no_quota)  # fmt: skip


def payout_in(
    book: PayBook, plan: PayPlan, terms: Terms, seller: User, period: Period, *, part: Decimal = WHOLE
) -> Payout:  # fmt: skip
    """What is paid for the orders of a period, on terms."""
    team = book.team_attainment(seller, period) if terms.team_bonus else None
    return payout(terms, book.entries(seller.pk, period, plan.measure), part=part, team_attainment=team)  # fmt: skip


def corrections(book: PayBook, seller: User, earlier: Sequence[PayStatement]) -> list[StatementLine]:  # fmt: skip
    """What closed statements are due by the orders as they are now, less what was paid for them.

    Terms, quota and the team's attainment stay as they were closed; only orders and credit notes
    that changed since are put right, and what was put right once is not put right again.
    """
    already: dict[int, Decimal] = defaultdict(Decimal)
    for statement in earlier:
        for each in statement.lines:
            if each.get("of"):
                already[each["of"]] += Decimal(each["amount"])
    found = []
    for statement in earlier:
        lines = [line_of(each) for each in statement.lines]
        period = Period(statement.period_start, statement.period_end)
        entries = book.entries(seller.pk, period, statement.plan.measure)
        team = next((each.line.rate for each in lines if each.line.kind is LineKind.TEAM), None)
        due = payout(terms_of(statement.terms), entries, part=statement.part, team_attainment=team)
        paid = statement.own_total + already[statement.pk]
        if due.total != paid:
            changed = _difference(entries, lines)
            found.append(StatementLine(correction(due=due.total, paid=paid, sources=changed), statement.pk))  # fmt: skip
    return found


def _difference(entries: Iterable[Entry], lines: Iterable[StatementLine]) -> list[Entry]:
    """By how much each order counts differently than it did."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for entry in entries:
        found[entry.order_id] += entry.amount
    for each in lines:
        if each.line.kind in (LineKind.TIER, LineKind.ACCELERATED):
            for source in each.line.sources:
                found[source.order_id] -= source.amount
    return [Entry(order, amount) for order, amount in found.items() if amount]


def closed_statement(stored: PayStatement) -> Statement:
    """A statement exactly as it was closed."""
    return Statement(
        stored.person, stored.plan, Period(stored.period_start, stored.period_end), stored.part, terms_of(stored.terms),
        tuple(line_of(each) for each in stored.lines), stored.sales, stored.quota, stored.currency, closed=stored,
    )  # fmt: skip


def line_texts(each: StatementLine) -> dict[str, Any]:
    """A line as it is stored, amounts as exact texts."""
    line = each.line
    return {
        "kind": line.kind.value, **{name: _text(getattr(line, name)) for name in LINE_AMOUNTS},
        "sources": [[source.order_id, _text(source.amount)] for source in line.sources], "of": each.corrects,
    }  # fmt: skip


def line_of(stored: Mapping[str, Any]) -> StatementLine:
    """A stored line."""
    sources = tuple(Entry(order, Decimal(amount)) for order, amount in stored["sources"])
    basis, rate, start, end, amount = (_number(stored[name]) for name in LINE_AMOUNTS)
    line = PayLine(LineKind(stored["kind"]), basis or NOTHING, rate, start, end, amount or NOTHING, sources)  # fmt: skip
    return StatementLine(line, stored["of"])


def terms_texts(terms: Terms) -> dict[str, Any]:
    """Terms as they are stored, amounts as exact texts."""
    tiers = [[_text(tier.start), _text(tier.rate)] for tier in terms.tiers]
    return {"tiers": tiers, "tier_by": terms.tier_by.value, **{name: _text(getattr(terms, name)) for name in TERM_AMOUNTS}}  # fmt: skip


def terms_of(stored: Mapping[str, Any]) -> Terms:
    """Stored terms."""
    tiers = tuple(Tier(Decimal(start), Decimal(rate)) for start, rate in stored["tiers"])
    amounts: dict[str, Any] = {name: _number(stored[name]) for name in TERM_AMOUNTS}
    return Terms(tiers=tiers, tier_by=TierBy(stored["tier_by"]), **amounts)


def _text(value: Decimal | None) -> str | None:
    """Exact, and the same for 5 and 5.0000."""
    if value is None:
        return None
    short = value.normalize()
    return f"{short:f}" if short else "0"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def commission_of(each: StatementLine, source: Entry) -> Decimal | None:
    """What an order brought within a tier, in cents, for who follows it; only lines are paid."""
    rate = each.line.rate if each.line.kind in (LineKind.TIER, LineKind.ACCELERATED) else None
    return None if rate is None else cents(source.amount * rate)
