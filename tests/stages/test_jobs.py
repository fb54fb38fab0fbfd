"""Does background work survive a dead worker, and act with its asker's rights?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.jobs import (
    LEASE,
    MOST_ATTEMPTS,
    cancel,
    enqueue,
    job_of,
    require_own_rights,
    run,
    take,
)
from koers.core.models import ImportRun, Job
from koers.home.actions.import_jobs import import_run_task
from koers.organisation.models import Role, User
from koers.organisation.tests.cast import acting

NOW = timezone.now()


def asked(user, task="work", **more):
    return enqueue(actor=acting(user), task=task, arguments={"n": 2}, at=NOW, **more)


def work(context):
    context.progress(1, 2, "half")
    context.stop_if_cancelled()
    return {"doubled": context.arguments["n"] * 2}


def test_a_job_runs_and_keeps_its_result(ann, transactional_db):
    asked(ann)
    done = run(take(worker="one", at=NOW), {"work": work})
    assert (done.status, done.result, done.progress_done, done.progress_total, done.attempts) == ("done", {"doubled": 4}, 1, 2, 1)  # fmt: skip


def test_the_oldest_job_is_taken_first_and_by_one_worker_only(ann):
    first, second = asked(ann), asked(ann)
    taken = [take(worker=name, at=NOW) for name in ("one", "two", "three")]
    assert [job and job.pk for job in taken] == [first.pk, second.pk, None]


def test_a_job_is_taken_over_once_its_lease_ran_out_and_not_before(ann):
    job = asked(ann)
    take(worker="one", at=NOW)
    assert take(worker="two", at=NOW + LEASE) is None
    again = take(worker="two", at=NOW + LEASE + timedelta(seconds=1))
    assert (again.pk, again.worker, again.attempts) == (job.pk, "two", 2)


def test_a_job_that_kills_its_workers_fails_in_the_end(ann):
    job = asked(ann)
    at = NOW
    for _attempt in range(MOST_ATTEMPTS):
        assert take(worker="one", at=at).pk == job.pk
        at += LEASE + timedelta(seconds=1)
    assert take(worker="one", at=at) is None
    job.refresh_from_db()
    assert (job.status, "stopped too often" in job.result["error"]) == ("failed", True)


def test_progress_renews_the_lease(ann, transactional_db):
    asked(ann)
    job = take(worker="one", at=NOW - timedelta(hours=1))

    def slow(context):
        context.progress(1)
        assert take(worker="two", at=timezone.now()) is None
        return {}

    assert run(job, {"work": slow}).status == "done"


def test_a_waiting_job_is_cancelled_at_once(ann):
    job = cancel(actor=acting(ann), job_id=asked(ann).pk, at=NOW)
    assert (job.status, take(worker="one", at=NOW)) == ("cancelled", None)


def test_a_running_job_stops_where_the_data_is_whole(ann, transactional_db):
    asked(ann)
    job = take(worker="one", at=NOW)
    assert cancel(actor=acting(ann), job_id=job.pk, at=NOW).status == "running"
    assert run(job, {"work": work}).status == "cancelled"


def test_a_finished_job_cannot_be_cancelled_any_more(ann, transactional_db):
    asked(ann)
    done = run(take(worker="one", at=NOW), {"work": work})
    assert cancel(actor=acting(ann), job_id=done.pk, at=NOW).status == "done"


def test_a_failing_task_is_stored_with_its_reason(ann, transactional_db):
    def broken(_context):
        return {}[1]

    asked(ann)
    done = run(take(worker="one", at=NOW), {"work": broken})
    assert (done.status, done.result) == ("failed", {"error": "KeyError: 1"})


def test_a_refused_rule_is_stored_in_its_own_words(ann, transactional_db):
    def refused(_context):
        message = "Not like this."
        raise RuleError(message)

    asked(ann)
    done = run(take(worker="one", at=NOW), {"work": refused})
    assert (done.status, done.result) == ("failed", {"error": "Not like this."})


def test_a_task_nobody_knows_fails_and_does_not_stop_the_worker(ann, transactional_db):
    asked(ann, task="unheard_of")
    assert run(take(worker="one", at=NOW), {"work": work}).status == "failed"


def test_a_waiting_job_with_the_same_key_is_not_asked_twice(ann, sam):
    one, two = asked(ann, unique_key="refresh"), asked(sam, unique_key="refresh")
    assert (one.pk, Job.objects.count()) == (two.pk, 1)


def test_a_running_job_does_not_keep_the_next_one_from_waiting(ann):
    one = asked(ann, unique_key="refresh")
    take(worker="one", at=NOW)
    assert asked(ann, unique_key="refresh").pk != one.pk


def test_jobs_of_others_do_not_exist_except_for_the_administrator(cast):
    job = asked(cast.ann)
    for stranger in (cast.cora, cast.ben):
        with pytest.raises(NotFoundError):
            job_of(actor=acting(stranger), job_id=job.pk)
        with pytest.raises(NotFoundError):
            cancel(actor=acting(stranger), job_id=job.pk, at=NOW)
    assert job_of(actor=acting(cast.adam), job_id=job.pk) == job


def test_a_job_acts_with_the_rights_its_asker_has_when_it_runs(cast, transactional_db):
    run_ = ImportRun.objects.create(kind="company", file_name="x.csv", created_at=NOW, status="running")  # fmt: skip
    enqueue(actor=acting(cast.ben), task="import_run", arguments={"run_id": run_.pk}, at=NOW)
    User.objects.filter(pk=cast.ben.pk).update(role=Role.SALESPERSON)
    done = run(take(worker="one", at=NOW), {"import_run": import_run_task})
    assert (done.status, done.result) == ("failed", {"error": "Your role does not allow this."})


def test_a_job_whose_asker_is_gone_is_refused():
    with pytest.raises(NotAllowedError):
        require_own_rights(None)
