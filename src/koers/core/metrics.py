"""How is Koers doing, in numbers that a monitoring system (Prometheus) reads?

Counted per page: answers and how long they took, over all processes of `koers serve`. Read from the database at
each call: jobs and when each kind last succeeded, people logged in. Nothing names a person, a customer or an amount.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from koers.core.maintenance import maintenance
from koers.core.models import Job

SHARED = "PROMETHEUS_MULTIPROC_DIR"
COUNTED = CollectorRegistry()
ANSWERS = Counter("koers_answers", "Answers by page, method and status.", ["page", "method", "status"], registry=COUNTED)  # fmt: skip
SECONDS = Histogram(
    "koers_answer_seconds", "How long an answer took.", ["page"], registry=COUNTED,
    buckets=(0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


class MetricsMiddleware:
    """Counts every answer under the name of its page; out of the way when nobody may read the figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KOERS_METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        answer = self.get_response(request)
        page = (request.resolver_match and request.resolver_match.view_name) or "none"
        method = request.method if request.method in METHODS else "other"
        ANSWERS.labels(page, method, str(answer.status_code)).inc()
        SECONDS.labels(page).observe(time.perf_counter() - started)
        return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who knows the token of the installation; without a token there is no such page."""
    token = settings.KOERS_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        raise Http404
    text = _counted() + generate_latest(_State(timezone.now()))
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _counted() -> bytes:
    if SHARED not in os.environ:
        return generate_latest(COUNTED)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


class _State:
    """What the database tells at one moment; ``koers_up`` is 0 when it tells nothing."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Any]:
        """The figures in the library's form."""
        yield _gauge("koers_maintenance", "1 while Koers is closed.", maintenance() is not None)
        try:
            found = [*self._jobs(), *self._people()]
        except DatabaseError:
            found = []
        yield _gauge("koers_up", "1 when the database answers.", bool(found))
        yield from found

    def _jobs(self) -> Iterator[Any]:
        statuses = GaugeMetricFamily("koers_jobs", "Background jobs by status.", labels=["status"])
        found = dict(Job.objects.order_by().values_list("status").annotate(Count("pk")))
        for status in Job.Status.values:
            statuses.add_metric([status], found.get(status, 0))
        yield statuses
        oldest = Job.objects.filter(status=Job.Status.WAITING).aggregate(Min("asked_at"))["asked_at__min"]  # fmt: skip
        waited = (self.at - oldest).total_seconds() if oldest else 0
        yield _gauge("koers_oldest_waiting_job_seconds", "How long the oldest waiting job waits.", waited)  # fmt: skip
        last = GaugeMetricFamily(
            "koers_job_last_done_timestamp_seconds", "When a job of this kind last succeeded.", labels=["task"]
        )  # fmt: skip
        done = Job.objects.filter(status=Job.Status.DONE).order_by().values_list("task").annotate(Max("finished_at"))  # fmt: skip
        for task, finished_at in done:
            last.add_metric([task], finished_at.timestamp())
        yield last

    def _people(self) -> Iterator[Any]:
        going_on = Session.objects.filter(expire_date__gt=self.at).count()
        yield _gauge("koers_sessions", "Browser sessions that have not run out.", going_on)


def _gauge(name: str, words: str, value: float) -> Any:
    return GaugeMetricFamily(name, words, value=float(value))
