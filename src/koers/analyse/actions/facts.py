"""How are the facts brought up to date, and customers classed and phased by them?"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from koers.analyse.figures import customers as figures
from koers.analyse.figures.facts import Refreshed, refresh
from koers.analyse.models import ClassChange, PhaseInterval
from koers.analyse.queries.analysis_day import analysis_day
from koers.core.actor import Actor, Channel, system_actor
from koers.core.bulk import insert_rows
from koers.core.jobs import JobContext, enqueue
from koers.core.models import Job
from koers.core.money import to_e4
from koers.core.periods import last_twelve_months
from koers.customers.actions.classification import Stamp, stamp_companies


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
    return enqueue(
        actor=actor, task="refresh_facts", arguments={}, at=at, unique_key="refresh_facts"
    )


def refresh_now(*, today: date, at: datetime, rebuild: bool = False) -> Refreshed:
    """Refresh and classify at once, for the command line, imports and the demo company."""
    done = refresh(at=at, rebuild=rebuild)
    if done.order_lines:
        classify(today=today, at=at)
    return done


def classify(*, today: date, at: datetime) -> int:
    """Stamp class, phase and figures on every company and keep the dated histories.

    Returns the number of customers whose class or phase changed.
    """
    actor = system_actor(Channel.JOB)
    today = analysis_day(today)
    period = last_twelve_months(today)
    spans = figures.phase_spans(as_of=today)
    phases, _ = figures.phase_members_of(actor=actor, as_of=today, limit=None)
    members, _ = figures.pyramid_members_of(actor=actor, period=period, limit=10**9)
    by_company = {member.company_id: member for member in members}
    stamps = [
        Stamp(
            company_id=member.company_id,
            customer_class=by_company[member.company_id].customer_class
            if member.company_id in by_company
            else "",
            phase=member.phase,
            phase_since=member.since,
            turnover_12m=to_e4(by_company[member.company_id].turnover)
            if member.company_id in by_company
            else 0,
            contribution_12m=_contribution(by_company.get(member.company_id)),
            last_order_on=member.last_order_on,
            figures_as_of=today,
        )
        for member in phases
    ]
    _replace_history(spans)
    changed = stamp_companies(stamps=stamps, as_of=today)
    _keep_class_changes(stamps, today)
    return changed


def _contribution(member: Any) -> int | None:
    if member is None or member.contribution is None:
        return None
    return to_e4(member.contribution)


def _replace_history(spans: list[Any]) -> None:
    """The history is computed from the facts as a whole, so it is replaced as a whole."""
    with transaction.atomic():
        PhaseInterval.objects.all()._raw_delete("default")  # noqa: SLF001 -- one statement
        insert_rows(
            PhaseInterval,
            ["company_id", "phase", "start", "end"],
            (
                (s.company_id, s.phase, s.start.isoformat(), s.end.isoformat() if s.end else None)
                for s in spans
            ),
        )


def _keep_class_changes(stamps: list[Stamp], today: date) -> None:
    with transaction.atomic():
        ClassChange.objects.filter(as_of=today).delete()
        latest = dict(
            ClassChange.objects.order_by("company_id", "as_of").values_list(
                "company_id", "customer_class"
            )
        )
        rows: Iterator[tuple[int, str, str, int]] = (
            (s.company_id, today.isoformat(), s.customer_class, s.turnover_12m)
            for s in stamps
            if s.customer_class and latest.get(s.company_id) != s.customer_class
        )
        insert_rows(ClassChange, ["company_id", "as_of", "customer_class", "turnover_12m"], rows)
