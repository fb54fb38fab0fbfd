"""How do the search and the background jobs reach the screen?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from koers.core.jobs import cancel, job_of
from koers.core.models import Job
from koers.home.queries.search import search as search_for
from koers.organisation.requests import actor_of

ACTIVE = (Job.Status.WAITING, Job.Status.RUNNING)


def search(request: HttpRequest) -> HttpResponse:
    """Records for the command palette."""
    return render(
        request,
        "home/search/results.html",
        {"groups": search_for(actor_of(request), request.GET.get("q", ""))},
    )


def jobs_badge(request: HttpRequest) -> HttpResponse:
    """How many of one's jobs are waiting or running."""
    count = Job.objects.filter(asked_by_id=actor_of(request).user_id, status__in=ACTIVE).count()
    return render(request, "home/job/badge.html", {"count": count})


def job_list(request: HttpRequest) -> HttpResponse:
    """One's own jobs, or all of them for an administrator."""
    actor = actor_of(request)
    jobs = Job.objects.select_related("asked_by")
    if actor.role != "administrator":
        jobs = jobs.filter(asked_by_id=actor.user_id)
    return render(request, "home/job/list.html", {"jobs": jobs[:100], "active": ACTIVE})


def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is; polled until it is done."""
    return render(
        request, "home/job/progress.html", {"job": job_of(actor=actor_of(request), job_id=job_id)}
    )


@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask a job to stop where the data is whole."""
    cancel(actor=actor_of(request), job_id=job_id, at=timezone.now())
    return redirect("home:job_list")
