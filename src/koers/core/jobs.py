"""How does work of over a second run in the background, and survive a kill?

A job is taken with a lease that a heartbeat renews; when a worker dies the lease runs out and the
next worker takes the job again: at least once, so tasks are written to resume or repeat safely.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.models import Job

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15
MOST_ATTEMPTS = 5
RESTS = 10
REST_AFTER_FAILURE = timedelta(hours=1)
logger = logging.getLogger(__name__)


class JobCancelledError(Exception):
    """The user asked to stop; the task has left the data whole."""


@dataclass(frozen=True)
class JobContext:
    """What a task receives: its arguments, who asked, and a way to report and be stopped."""

    job_id: int
    arguments: Mapping[str, Any]
    asked_by_id: int | None

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Store how far the task is, and renew its lease."""
        Job.objects.filter(pk=self.job_id).update(
            progress_done=done,
            progress_total=total,
            message=message,
            lease_until=timezone.now() + LEASE,
        )

    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return Job.objects.filter(pk=self.job_id, cancel_asked=True).exists()

    def stop_if_cancelled(self) -> None:
        """Leave the task at a point where the data is whole."""
        if self.cancelled():
            raise JobCancelledError


Task = Callable[[JobContext], dict[str, Any]]


def enqueue(
    *, actor: Actor, task: str, arguments: Mapping[str, Any], at: datetime, unique_key: str = ""
) -> Job:
    """Ask for a task; a waiting job with the same key is returned instead of asked twice."""
    try:
        with transaction.atomic():
            return Job.objects.create(
                task=task,
                arguments=dict(arguments),
                unique_key=unique_key,
                asked_by_id=actor.user_id,
                asked_at=at,
            )
    except IntegrityError:
        return Job.objects.get(unique_key=unique_key, status=Job.Status.WAITING)


def is_rested(*, task: str, at: datetime) -> bool:
    """Whether a task that Koers starts by itself may run again.

    It rests ten times as long as it took the last time, so that work that takes long is not done
    all day; a failure rests an hour.
    """
    last = Job.objects.filter(task=task, finished_at__isnull=False).order_by("-finished_at").first()
    if last is None or last.finished_at is None:
        return True
    if last.status == Job.Status.FAILED or last.started_at is None:
        return at >= last.finished_at + REST_AFTER_FAILURE
    return at >= last.finished_at + (last.finished_at - last.started_at) * RESTS


def cancel(*, actor: Actor, job_id: int, at: datetime) -> Job:
    """Stop a job of one's own, or any as administrator; a waiting job ends at once."""
    job = job_of(actor=actor, job_id=job_id)
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING)
    if not waiting.update(status=Job.Status.CANCELLED, finished_at=at):
        Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()
    return job


def job_of(*, actor: Actor, job_id: int) -> Job:
    """A job its asker or an administrator may see."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFoundError(_("This job does not exist."))
    if actor.role != "administrator" and job.asked_by_id != actor.user_id:
        raise NotFoundError(_("This job does not exist."))
    return job


def take(*, worker: str, at: datetime) -> Job | None:
    """Take the oldest waiting job, or one whose worker fell silent."""
    with transaction.atomic():
        free = Q(status=Job.Status.WAITING) | Q(status=Job.Status.RUNNING, lease_until__lt=at)
        candidates = Job.objects.filter(free).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            candidates = candidates.select_for_update(skip_locked=True)
        job = candidates.first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _finish(
                job.pk,
                Job.Status.FAILED,
                {"error": "The worker stopped too often while running this job."},
                at,
            )
            return None
        Job.objects.filter(pk=job.pk).update(
            status=Job.Status.RUNNING,
            worker=worker,
            lease_until=at + LEASE,
            attempts=F("attempts") + 1,
            started_at=job.started_at or at,
        )
        job.refresh_from_db()
        return job


def run(job: Job, tasks: Mapping[str, Task]) -> Job:
    """Run one job to its end; a refused rule and a failure are stored for its asker."""
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(job.pk, stop), daemon=True)
    heart.start()
    try:
        status, result = _outcome(job, tasks)
    finally:
        stop.set()
        heart.join()
    _finish(job.pk, status, result, timezone.now())
    job.refresh_from_db()
    return job


def _outcome(job: Job, tasks: Mapping[str, Task]) -> tuple[str, dict[str, Any]]:
    context = JobContext(job.pk, job.arguments, job.asked_by_id)
    try:
        return Job.Status.DONE, tasks[job.task](context)
    except JobCancelledError:
        return Job.Status.CANCELLED, {}
    except RuleError as refusal:
        return Job.Status.FAILED, {"error": str(refusal)}
    except Exception as error:
        logger.exception("job %s (%s) failed", job.pk, job.task)
        return Job.Status.FAILED, {"error": f"{type(error).__name__}: {error}"[:500]}


def _finish(job_id: int, status: str, result: dict[str, Any], at: datetime) -> None:
    Job.objects.filter(pk=job_id).update(
        status=status, result=result, finished_at=at, lease_until=None
    )


def _beat(job_id: int, stop: threading.Event) -> None:
    try:
        while not stop.wait(HEARTBEAT_SECONDS):
            Job.objects.filter(pk=job_id, status=Job.Status.RUNNING).update(
                lease_until=timezone.now() + LEASE
            )
    finally:
        connection.close()


def require_own_rights(actor: Actor | None) -> Actor:
    """Jobs act with the asker's rights at the moment they run, not with those of the worker."""
    if actor is None:
        raise NotAllowedError(_("The person who asked for this job no longer has access."))
    return actor
