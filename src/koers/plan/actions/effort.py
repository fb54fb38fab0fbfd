"""How are estimates of visits kept, a division of visits computed and kept, and asked for in the background?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import audit
from koers.core.actor import Actor, Channel
from koers.core.errors import NotFoundError, RuleError
from koers.core.jobs import JobContext, enqueue, require_own_rights
from koers.core.models import Job
from koers.core.periods import last_twelve_months
from koers.core.saving import save_changes
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.actor import actor_for
from koers.plan.figures.effort import EffortAnswer, SellerAnswer, amount, effort_of
from koers.plan.models import (
    EffortClassCurve,
    EffortEstimate,
    EffortLine,
    EffortRun,
    EffortSeller,
)
from koers.plan.queries.effort import (
    CLASSES,
    CURVE_FIELDS,
    SHARES,
    class_curves,
    customers_to_divide,
    sellers_of_scope,
)
from koers.plan.queries.seller_year import sellers_with_a_year
from koers.plan.queries.visit_norm import norms_on

AT_ONCE = 400  # customers; more are divided in the background


class EstimateRefusedError(RuleError):
    """An estimate cannot be kept like this; ``company_id`` says whose."""

    def __init__(self, message: str, company_id: int) -> None:
        super().__init__(message)
        self.company_id = company_id


@dataclass(frozen=True, slots=True)
class EstimateValues:
    """Four estimates of turnover a year, all or none, and limits; ``version`` is that of a known one."""

    none: Decimal | None
    half: Decimal | None
    more: Decimal | None
    most: Decimal | None
    least_visits: int | None
    most_visits: int | None
    version: int | None = None

    @property
    def estimates(self) -> list[Decimal | None]:
        """The four, in rising order."""
        return [self.none, self.half, self.more, self.most]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return all(each is None for each in (*self.estimates, self.least_visits, self.most_visits))


@transaction.atomic
def save_estimates(*, actor: Actor, rows: Mapping[int, EstimateValues], at: datetime) -> int:
    """Keep what was said of some customers one sees, all or none; returns how many changed."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    day = analysis_day(timezone.localdate(at))
    found = customers_to_divide(actor, norm_set=norms_on(day), day=day).in_bulk(list(rows))
    if set(rows) - set(found):
        raise NotFoundError(_("This company does not exist."))
    return sum(_save_estimate(actor, found[key], values, day, at) for key, values in rows.items())


def _save_estimate(actor: Actor, company: Any, said: EstimateValues, day: date, at: datetime) -> bool:  # fmt: skip
    known = getattr(company, "effort_estimate", None)
    if known is None and said.is_empty:
        return False
    if known is not None and said.is_empty:
        audit.record(actor=actor, at=at, verb="delete", obj=known, changes=_told(known, None))
        known.delete()
        return True
    values = _checked(company, known, said, day)
    if known is None:
        made = EffortEstimate.objects.create(company=company, currency=reporting_currency(), **values)  # fmt: skip
        audit.record(actor=actor, at=at, verb="create", obj=made, changes=_told(None, made))
        return True
    before = known.version
    saved = save_changes(actor=actor, obj=known, version=said.version or before, values=values, at=at)  # fmt: skip
    return bool(saved.version > before)


def _checked(company: Any, known: EffortEstimate | None, said: EstimateValues, day: date) -> dict[str, Any]:  # fmt: skip
    """The values to keep; the point of today is taken anew only where an estimate changed."""
    if said.least_visits is not None and said.most_visits is not None and said.most_visits < said.least_visits:  # fmt: skip
        raise EstimateRefusedError(_("The most visits cannot be fewer than the least."), company.pk)
    limits = {"least_visits": said.least_visits, "most_visits": said.most_visits}
    given = dict(zip(SHARES, said.estimates, strict=True))
    if all(each is None for each in said.estimates):
        return limits | given | {"turnover": None, "visits": None, "estimated_on": None}
    if any(each is None for each in said.estimates):
        raise EstimateRefusedError(_("Fill in all four estimates, or none of them."), company.pk)
    if known is not None and [getattr(known, each) for each in SHARES] == said.estimates:
        return limits
    if company.turnover_12m <= 0 or not company.now_visits:
        raise EstimateRefusedError(_("This customer has no turnover and visits in the last twelve months to estimate from; leave the four empty."), company.pk)  # fmt: skip
    order = [said.none, said.half, company.turnover_12m, said.more, said.most]
    if said.none < 0 or any(low >= high for low, high in pairwise(order)):  # type: ignore[operator]
        raise EstimateRefusedError(_("Estimates must rise: without visits, at half, today's turnover, at one and a half, at endless visits."), company.pk)  # fmt: skip
    today = {"turnover": company.turnover_12m, "visits": company.now_visits, "estimated_on": day}
    return limits | given | today


def _told(before: EffortEstimate | None, after: EffortEstimate | None) -> dict[str, audit.Change]:
    names = (*SHARES, "turnover", "visits", "least_visits", "most_visits")
    pairs = {name: (getattr(before, name, None), getattr(after, name, None)) for name in names}
    return {name: audit.Change(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def set_class_curves(*, actor: Actor, rows: Mapping[str, Mapping[str, Any]], at: datetime) -> int:
    """Say what is assumed of customers without an estimate, per class; returns how many changed."""
    require(actor, Right.EDIT_TARGETS)
    changed = 0
    for name, values in rows.items():
        if name not in CLASSES:
            raise RuleError(_("“%(value)s” is no choice here.") % {"value": name[:40]})
        _check_curve(name, values)
        given = {each: values[each] for each in CURVE_FIELDS}
        known = EffortClassCurve.objects.select_for_update().filter(customer_class=name).first()
        if known is not None:
            version = int(values.get("version") or known.version)
            saved = save_changes(actor=actor, obj=known, version=version, values=given, at=at)
            changed += saved.version > known.version
        elif given != {each: getattr(class_curves()[name], each) for each in CURVE_FIELDS}:
            made = EffortClassCurve.objects.create(customer_class=name, **given)
            audit.record(
                actor=actor, at=at, verb="create", obj=made,
                changes={each: audit.Change(None, value) for each, value in given.items()},
            )  # fmt: skip
            changed += 1
    return changed


def _check_curve(name: str, values: Mapping[str, Any]) -> None:
    points = [*(values[each] for each in ("none", "half")), Decimal(1), *(values[each] for each in ("more", "most"))]  # fmt: skip
    if points[0] < 0 or any(low >= high for low, high in pairwise(points)):
        raise RuleError(_("Class %(name)s: shares must rise, through 100%% at today's visits.") % {"name": name})  # fmt: skip
    if values["most_visits"] < values["least_visits"]:
        raise RuleError(_("Class %(name)s: the most visits cannot be fewer than the least.") % {"name": name})  # fmt: skip


def is_large(actor: Actor, people: Sequence[User]) -> bool:
    """Whether a division over these sellers' customers takes too long to wait for."""
    return companies_visible_to(actor).filter(owner__in=people).count() > AT_ONCE


def ask_run(*, actor: Actor, who: str, year: int, at: datetime) -> Job:
    """Ask for a division in the background."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    arguments = {"who": who, "year": year}
    return enqueue(actor=actor, task="visit_effort", arguments=arguments, at=at, unique_key=f"visit_effort:{actor.user_id}:{who}:{year}")  # fmt: skip


def effort_task(context: JobContext) -> dict[str, Any]:
    """Background task: divide with the asker's rights, and keep; a second run keeps nothing twice."""
    known = EffortRun.objects.filter(job_id=context.job_id).first()
    if known is not None:
        return {"run_id": known.pk}
    user = User.objects.filter(pk=context.asked_by_id or 0, is_active=True).first()
    actor = require_own_rights(actor_for(user, Channel.JOB) if user else None)
    made = make_run(
        actor=actor, who=context.arguments["who"], year=int(context.arguments["year"]), at=timezone.now(), job_id=context.job_id,
    )  # fmt: skip
    return {"run_id": made.pk}


def make_run(
    *, actor: Actor, who: str, year: int, at: datetime, job_id: int | None = None
) -> EffortRun:
    """Divide the visits of some sellers one sees in the hours of a year, and keep the answer."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    if not 2000 <= year <= 2100:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": year})
    people, label = sellers_of_scope(sellers_with_a_year(actor), who)
    day = analysis_day(timezone.localdate(at))
    found = effort_of(actor=actor, people=people, year=year, day=day)
    with transaction.atomic():
        run = _kept_run(actor, found, year, day, label, at, job_id)
        for seller in found.sellers:
            _keep_seller(run, seller)
        audit.record(actor=actor, at=at, verb="create", obj=run, changes={})
    return run


def _kept_run(
    actor: Actor, found: EffortAnswer, year: int, day: date, label: str, at: datetime, job_id: int | None
) -> EffortRun:  # fmt: skip
    efforts = [each.effort for each in found.sellers]
    period = last_twelve_months(day)
    same = [each.same_hours for each in efforts]
    more = found.next_seller
    return EffortRun.objects.create(
        scope_label=label, year=year, basis=found.basis, currency=reporting_currency(), period_start=period.start, period_end=period.end,
        inputs=dict(found.inputs), customers=sum(len(each.divided) for each in found.sellers),
        estimated=sum(part.source == "estimate" for each in found.sellers for part in each.divided),
        hours=sum(each.plan.hours for each in efforts), hours_used=sum(each.plan.hours_used for each in efforts),
        norm_hours=sum(each.norm_hours for each in efforts), norm_value=amount(sum(each.norm for each in efforts)),
        actual_value=amount(sum(each.actual for each in efforts)), best_value=amount(sum(each.plan.contribution for each in efforts)),
        bound=amount(sum(each.plan.bound for each in efforts)),
        same_hours_value=None if None in same else amount(sum(each for each in same if each is not None)),
        next_seller=amount(more[0]) if more else None, next_seller_hours=more[1] if more else None,
        made_at=at, made_by_id=actor.user_id, made_by_name=actor.name, job_id=job_id,
    )  # fmt: skip


def _keep_seller(run: EffortRun, answer: SellerAnswer) -> None:
    effort = answer.effort
    seller = EffortSeller.objects.create(
        run=run, person=answer.person, name=answer.person.full_name, days=answer.capacity.found.days, hours=effort.plan.hours,
        reserved=answer.reserved, hours_used=effort.plan.hours_used, norm_hours=effort.norm_hours, actual_hours=effort.actual_hours,
        customers=len(answer.divided), left_out=answer.left_out, norm_value=amount(effort.norm), actual_value=amount(effort.actual),
        best_value=amount(effort.plan.contribution), bound=amount(effort.plan.bound), same_hours_value=amount(effort.same_hours),
        hour_value=amount(effort.hour), steps=[None if each is None else str(amount(each)) for each in effort.steps],
    )  # fmt: skip
    EffortLine.objects.bulk_create(
        (
            EffortLine(
                run=run, seller=seller, company_id=each.company_id, customer_class=each.customer_class, source=each.source, turnover=each.turnover,
                visits=each.visits, s0=each.customer.curve.s0, smax=each.customer.curve.smax, shape=each.customer.curve.shape,
                scale=each.customer.curve.scale, misfit=each.customer.curve.error, margin=each.customer.margin, hours=each.customer.hours,
                least=each.customer.least, most=each.customer.most, norm=each.customer.norm, actual=int(each.customer.actual or 0), best=each.advice.visits,
                change=each.advice.visits - int(each.customer.norm if each.customer.norm is not None else each.customer.actual or 0),
                norm_value=amount(each.norm_value), best_value=amount(each.advice.contribution), one_more=amount(each.advice.one_more),
                one_less=amount(each.advice.one_less), per_hour=amount(each.advice.one_more / each.customer.hours),
            )
            for each in answer.divided
        ),
        batch_size=500,
    )  # fmt: skip
