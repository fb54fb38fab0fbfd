"""Is nobody let in while Koers is closed, is everybody told, and is nothing touched?"""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from koers.config import worker
from koers.config.console import main
from koers.core.errors import RuleError
from koers.core.jobs import enqueue
from koers.core.maintenance import NAME, begin_maintenance, end_maintenance, maintenance
from koers.core.models import Job
from koers.organisation.tests.cast import acting

NOON = datetime.fromisoformat("2026-05-04T12:00:00+00:00")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def closed(folder):
    return begin_maintenance(message="New version", minutes=30, at=NOON)


@time_machine.travel(NOON + timedelta(minutes=10), tick=False)
def test_every_page_answers_503_with_the_message_and_when_to_ask_again(closed, cast):
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/", "/customers/", "/account/login/", "/no/such/page/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1200")
        assert "New version" in answer.content.decode()
        assert "4 May 2026, 14:30" in answer.content.decode()


def test_it_answers_without_asking_the_database(closed, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/customers/").status_code == 503


def test_the_page_is_in_the_readers_language(closed):
    page = Client(headers={"accept-language": "nl"}).get("/").content.decode()
    assert "Koers is in onderhoud" in page
    assert '<html lang="nl">' in page


def test_a_program_and_a_report_from_the_phone_are_told_in_json(closed):
    told = "Koers is being maintained. New version"
    assert Client().get("/api/v1/companies").json() == {"message": told}
    sent = Client().post("/sell/activities/new/", {}, headers={"x-koers-background": "1"})
    assert (sent.status_code, sent.json()) == (503, {"errors": {"": [told]}})


def test_a_message_cannot_bring_a_script_along(folder):
    begin_maintenance(message="<script>alert(1)</script>", minutes=None, at=NOON)
    assert "<script>alert" not in Client().get("/").content.decode()


def test_the_watchdog_sees_it_alive_and_not_ready(closed, db):
    assert Client().get("/health/live").status_code == 200
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "maintenance"})
    end_maintenance()
    assert Client().get("/health/ready").json() == {"status": "ready"}


def test_the_worker_takes_no_job_until_koers_is_open_again(cast, transactional_db, monkeypatch):
    monkeypatch.setattr(worker, "TASKS", {"nothing": lambda _context: {}})
    monkeypatch.setattr(worker, "_do_each_minute", lambda last: last)
    begin_maintenance(message="", minutes=None, at=NOON)
    enqueue(actor=acting(cast.ann), task="nothing", arguments={}, at=timezone.now())
    assert (worker.work(once=True), Job.objects.get().status) == (0, Job.Status.WAITING)
    end_maintenance()
    assert (worker.work(once=True), Job.objects.get().status) == (1, Job.Status.DONE)


def test_other_words_leave_the_beginning_as_it_was(closed):
    begin_maintenance(message="Takes longer", minutes=60, at=NOON + timedelta(hours=1))
    found = maintenance()
    assert (found.since, found.until, found.message) == (NOON, NOON + timedelta(hours=2), "Takes longer")  # fmt: skip


@pytest.mark.parametrize(("message", "minutes"), [("x" * 501, None), ("", 0), ("", 10081)])
def test_what_cannot_be_meant_is_refused_and_koers_stays_open(folder, message, minutes):
    with pytest.raises(RuleError):
        begin_maintenance(message=message, minutes=minutes, at=NOON)
    assert maintenance() is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"since": "soon", "until": null, "message": ""}'])
def test_a_file_nobody_can_read_closes_koers_too(folder, text):
    (folder / NAME).write_text(text, encoding="utf-8")
    assert Client().get("/").status_code == 503


def test_the_command_closes_and_opens(folder, capsys):
    assert main(["maintenance", "on", "--message", "New version", "--minutes", "5"]) == 0
    assert "koers maintenance off opens it" in capsys.readouterr().out
    assert main(["maintenance", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["maintenance"]["message"] == "New version"
    assert main(["maintenance", "off"]) == 0
    assert (capsys.readouterr().out, maintenance()) == ("Koers is open.\n", None)
    assert main(["maintenance", "on", "--minutes", "0"]) == 1
