"""How are the facts brought up to date, and customers classed and phased by them?"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from koers.analyse.figures import customers as figures
from koers.analyse.figures.facts import Refreshed, refresh, stale_parts
from koers.analyse.models import ClassChange, PhaseInterval
from koers.analyse.queries.analysis_day import analysis_day
from koers.core.actor import Actor, Channel, system_actor
from koers.core.bulk import insert_rows
from koers.core.jobs import JobContext, enqueue, is_rested
from koers.core.models import Job
from koers.core.periods import last_twelve_months
from koers.customers.actions.classification import Stamp, stamp_companies
from koers.sell.models import Order

TASK = "refresh_facts"
AT_ONCE = 10_000  # customers whose phases are held in memory


def refresh_facts_task(context: JobContext) -> dict[str, Any]:
    """Background task: refresh, then class the customers."""
    context.progress(0, 2, "facts")
    now = timezone.now()
    done = refresh(at=now, rebuild=bool(context.arguments.get("rebuild")))
    context.progress(1, 2, "classes")
    if done.order_lines:
        classify(today=timezone.localdate(now), at=now)
    context.progress(2, 2, "")
    return {
        "parts": done.parts,
        "order_lines": done.order_lines,
        "lines_without_rate": done.lines_without_rate,
    }


def ask_refresh(*, actor: Actor, at: datetime) -> Job:
    """Refresh in the background; a request that still waits is not doubled."""
    return enqueue(actor=actor, task=TASK, arguments={}, at=at, unique_key=TASK)


def ask_refresh_if_stale(*, at: datetime) -> Job | None:
    """Refresh in the background when the database has moved on, as after an order by hand."""
    if not stale_parts() or not Order.objects.exists() or not is_rested(task=TASK, at=at):
        return None
    return ask_refresh(actor=system_actor(Channel.JOB), at=at)


def refresh_now(*, today: date, at: datetime, rebuild: bool = False) -> Refreshed:
    """Refresh and classify at once, for the command line, imports and the demo company."""
    done = refresh(at=at, rebuild=rebuild)
    if done.order_lines:
        classify(today=today, at=at)
    return done


def classify(*, today: date, at: datetime) -> int:
    """Stamp class, phase and figures on every company and keep the dated histories.

    A class depends on all customers, a phase on one alone: so phases are computed and everything
    is written for some thousands of customers at a time, each in a transaction of its own.
    Returns the number of customers whose class or phase changed.
    """
    actor = system_actor(Channel.JOB)
    today = analysis_day(today)
    classes = figures.class_of_each(actor=actor, period=last_twelve_months(today))
    changed = 0
    for companies in figures.company_slices(AT_ONCE):
        members, _ = figures.phase_members_of(
            actor=actor, as_of=today, limit=None, companies=companies
        )
        stamps = [_stamp(member, classes.get(member.company_id), today) for member in members]
        _replace_history(figures.phase_spans(as_of=today, companies=companies), companies)
        changed += stamp_companies(stamps=stamps, as_of=today)
        _keep_class_changes(stamps, today, companies)
    return changed


def _stamp(member: Any, found: tuple[str, int, int | None] | None, today: date) -> Stamp:
    customer_class, turnover, contribution = found or ("", 0, None)
    return Stamp(
        company_id=member.company_id,
        customer_class=customer_class,
        phase=member.phase,
        phase_since=member.since,
        turnover_12m=turnover,
        contribution_12m=contribution,
        last_order_on=member.last_order_on,
        figures_as_of=today,
    )


def _replace_history(spans: list[Any], companies: tuple[int, int]) -> None:
    """A customer's history is computed from the facts as a whole, so it is replaced as a whole."""
    low, high = companies
    with transaction.atomic():
        PhaseInterval.objects.filter(company_id__gte=low, company_id__lt=high).delete()
        insert_rows(
            PhaseInterval,
            ["company_id", "phase", "start", "end"],
            (
                (s.company_id, s.phase, s.start.isoformat(), s.end.isoformat() if s.end else None)
                for s in spans
            ),
        )


def _keep_class_changes(stamps: list[Stamp], today: date, companies: tuple[int, int]) -> None:
    low, high = companies
    theirs = ClassChange.objects.filter(company_id__gte=low, company_id__lt=high)
    with transaction.atomic():
        theirs.filter(as_of=today).delete()
        latest = dict(
            theirs.order_by("company_id", "as_of").values_list("company_id", "customer_class")
        )
        rows: Iterator[tuple[int, str, str, int]] = (
            (s.company_id, today.isoformat(), s.customer_class, s.turnover_12m)
            for s in stamps
            if s.customer_class and latest.get(s.company_id) != s.customer_class
        )
        insert_rows(ClassChange, ["company_id", "as_of", "customer_class", "turnover_12m"], rows)
