"""Does an import in the background act with its asker's rights, and can one always go on from where it stands?"""

import csv
import io
import zipfile

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from koers.config.jobs import TASKS
from koers.core.actor import Channel, system_actor
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.exports import csv_bytes, xlsx_bytes
from koers.core.imports import engine
from koers.core.imports.holding import held
from koers.core.jobs import cancel, run, take
from koers.core.models import ImportRun, Job
from koers.customers.models import Company
from koers.home.actions import import_jobs
from koers.home.actions.import_jobs import (
    ask_check,
    ask_revert,
    ask_run,
    is_stranded,
    rejections_rows,
)
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import draft_run, run_import
from koers.home.queries.import_kinds import kind_named
from koers.organisation.models import Role, User
from koers.organisation.tests.cast import acting

NOW = timezone.now()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def refreshed(monkeypatch):
    """Facts are tested elsewhere; here counts how often they are refreshed."""
    calls = []
    monkeypatch.setattr(import_jobs, "refresh_now", lambda **given: calls.append(given))
    return calls


def draft(tmp_path, user, text="name;employees\nAcme;12\nBeta;many\n"):
    path = tmp_path / "companies.csv"
    path.write_text(text)
    return draft_run(actor=acting(user), at=NOW, kind=kind_named("companies"), path=path, chosen=Choices())  # fmt: skip


def work():
    return run(take(worker="one", at=timezone.now()), TASKS)


def status(found):
    return ImportRun.objects.get(pk=found.pk).status


def test_a_planned_import_is_checked_brought_in_and_undone(tmp_path, cast, refreshed):
    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    ask_check(actor=adam, run_id=found.pk, at=NOW)
    assert status(found) == "checking"
    assert work().result == {"run_id": found.pk, "rejected": 1}
    found.refresh_from_db()
    assert (found.status, found.report["check"]["created"], Company.objects.count()) == ("checked", 1, 0)  # fmt: skip
    assert found.report["first_errors"][0]["value"] == "many"
    ask_run(actor=adam, run_id=found.pk, at=NOW)
    assert (status(found), work().status, status(found)) == ("running", "done", "done")
    assert [company.name for company in Company.objects.all()] == ["Acme"]
    ask_revert(actor=adam, run_id=found.pk, at=NOW)
    assert (status(found), work().status, status(found)) == ("reverting", "done", "reverted")
    assert (Company.objects.count(), len(refreshed)) == (0, 2)


def test_the_asker_needs_the_right_when_asking_and_when_it_runs(tmp_path, cast):
    found = draft(tmp_path, cast.adam)
    with pytest.raises(NotAllowedError):
        ask_check(actor=acting(cast.sam), run_id=found.pk, at=NOW)
    ImportRun.objects.update(status="checked")
    ask_run(actor=acting(cast.adam), run_id=found.pk, at=NOW)
    User.objects.filter(pk=cast.adam.pk).update(role=Role.SALESPERSON)
    assert work().status == "failed"
    assert Company.objects.count() == 0


def test_an_import_that_is_busy_is_not_asked_for_again(tmp_path, cast):
    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    ask_check(actor=adam, run_id=found.pk, at=NOW)
    for ask in (ask_check, ask_run, ask_revert):
        with pytest.raises(NotFoundError):
            ask(actor=adam, run_id=found.pk, at=NOW)
    assert Job.objects.count() == 1


def test_an_import_whose_waiting_job_was_cancelled_is_not_stuck(tmp_path, cast):
    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    job = ask_check(actor=adam, run_id=found.pk, at=NOW)
    assert is_stranded(ImportRun.objects.get()) is False
    cancel(actor=adam, job_id=job.pk, at=NOW)
    assert is_stranded(ImportRun.objects.get()) is True
    ask_check(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found)) == ("done", "checked")


def test_an_import_killed_with_its_worker_goes_on_or_is_undone(tmp_path, cast):
    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    ImportRun.objects.update(status="running")
    with held(found.pk), pytest.raises(NotFoundError):
        ask_run(actor=adam, run_id=found.pk, at=NOW)
    ask_run(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found), Company.objects.count()) == ("done", "done", 1)
    ImportRun.objects.update(status="running")
    ask_revert(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found), Company.objects.count()) == ("done", "reverted", 0)


def test_a_stopped_import_says_so_and_goes_on(tmp_path, cast, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK_ROWS", 1)
    found, adam = draft(tmp_path, cast.adam, "name\nAcme\nBeta\nGamma\n"), acting(cast.adam)
    ImportRun.objects.update(status="checked")
    job = ask_run(actor=adam, run_id=found.pk, at=NOW)
    taken = take(worker="one", at=timezone.now())
    cancel(actor=adam, job_id=job.pk, at=NOW)
    run(taken, TASKS)
    assert (status(found), Company.objects.count()) == ("cancelled", 0)
    ask_run(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found), Company.objects.count()) == ("done", "done", 3)


@pytest.mark.parametrize("before", ["done", "cancelled", "failed"])
def test_undoing_that_is_refused_leaves_the_import_as_it_was(tmp_path, cast, before):
    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    ImportRun.objects.update(status="checked")
    ask_run(actor=adam, run_id=found.pk, at=NOW)
    work()
    Company.objects.update(city="Goes", version=2)
    ImportRun.objects.update(status=before)
    ask_revert(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found), Company.objects.count()) == ("failed", before, 1)
    assert "Acme" in ImportRun.objects.get().report["error"]


def test_a_failing_import_says_why_and_can_be_undone(tmp_path, cast, monkeypatch):
    def broken(*given, **named):
        raise OSError(28, "No space left on device")

    found, adam = draft(tmp_path, cast.adam), acting(cast.adam)
    ImportRun.objects.update(status="checked")
    ask_run(actor=adam, run_id=found.pk, at=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "read_chunks", broken)
        assert work().status == "failed"
    failed = ImportRun.objects.get()
    assert (failed.status, "No space left" in failed.report["error"]) == ("failed", True)
    ask_revert(actor=adam, run_id=found.pk, at=NOW)
    assert (work().status, status(found)) == ("done", "reverted")


def refused_rows(tmp_path):
    path = tmp_path / "refused.csv"
    path.write_text("name;phone;employees\nAcme;+31 20 1;=1+1\nBeta;-5;12\n")
    run_import(
        actor=system_actor(Channel.COMMAND), at=NOW, kind="companies", files=[path], choices=Choices(),
    )  # fmt: skip
    return rejections_rows(ImportRun.objects.get(), "en")


def test_refused_rows_come_with_reason_remedy_and_the_row_itself(tmp_path):
    heads, rows = refused_rows(tmp_path)
    assert heads[4:] == ["name", "phone", "employees"]
    assert [row[:3] + row[4:] for row in rows] == [
        [1, "employees", "=1+1", "Acme", "+31 20 1", "=1+1"]
    ]
    assert rows[0][3] == "“=1+1” is not a whole number."


def test_no_cell_of_the_refused_rows_is_a_formula_and_they_come_back_as_they_were(tmp_path):
    heads, rows = refused_rows(tmp_path)
    text = csv_bytes(heads, rows).decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(text), delimiter=";"))[1]
    assert cells[2:3] + cells[4:] == ["'=1+1", "Acme", "'+31 20 1", "'=1+1"]
    book = xlsx_bytes(heads, rows)
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[1][4:] == ["Acme", "+31 20 1", "=1+1"]  # fmt: skip
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    again = tmp_path / "again.csv"
    again.write_text(text.replace("'=1+1", "7"), encoding="utf-8")
    mapping = dict.fromkeys(heads[:4], "")
    run_import(
        actor=system_actor(Channel.COMMAND), at=NOW, kind="companies", files=[again], choices=Choices(mapping=mapping),
    )  # fmt: skip
    found = Company.objects.get(name="Acme")
    assert (found.phone, found.employees) == ("+31 20 1", 7)
