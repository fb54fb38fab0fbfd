"""Does a monitoring system read how Koers is doing, and nobody else?"""

import json
import logging.config
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from koers.config import environment
from koers.core.jobs import enqueue
from koers.core.maintenance import begin_maintenance
from koers.core.models import Job
from koers.organisation.tests.cast import acting

TOKEN = "0123456789abcdef01234567"


@pytest.fixture
def watched(settings, tmp_path):
    settings.KOERS_METRICS_TOKEN, settings.DATA_DIR = TOKEN, tmp_path
    return Client(headers={"authorization": f"Bearer {TOKEN}"})


def figures(client):
    answer = client.get("/health/metrics")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer \xe9"]
)
def test_who_does_not_know_the_token_finds_no_page(watched, given, db):
    assert Client(headers={"authorization": given}).get("/health/metrics").status_code == 404


def test_without_a_token_of_the_installation_nobody_reads(settings, db):
    settings.KOERS_METRICS_TOKEN = ""
    assert Client(headers={"authorization": "Bearer "}).get("/health/metrics").status_code == 404


def test_answers_are_counted_by_page_method_and_status(watched, cast):
    before = figures(watched)
    client = Client()
    client.get("/health/live")
    client.get("/no/such/page/")
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    for company in (1, 2):
        client.get(f"/customers/{company}/")
    found = figures(watched)
    counted = {key[1:]: found[key] - before.get(key, 0) for key in found if key[0] == "koers_answers_total"}  # fmt: skip
    new = {key: value for key, value in counted.items() if value and "health_metrics" not in key}
    assert new == {
        ("200", "GET", "health_live"): 1, ("302", "GET", "none"): 1, ("404", "GET", "customers:company_detail"): 2,
    }  # fmt: skip


def test_jobs_are_told_by_status_with_the_wait_and_the_last_success(watched, cast):
    now = timezone.now()
    for task, status, asked_at in (("backup", "done", now), ("backup", "failed", now), ("a", "waiting", now - timedelta(minutes=5))):  # fmt: skip
        job = enqueue(actor=acting(cast.ann), task=task, arguments={}, at=asked_at)
        Job.objects.filter(pk=job.pk).update(status=status, finished_at=now)
    found = figures(watched)
    told = {key[1]: value for key, value in found.items() if key[0] == "koers_jobs"}
    assert told == {"waiting": 1, "running": 0, "done": 1, "failed": 1, "cancelled": 0}
    assert found["koers_oldest_waiting_job_seconds",] == pytest.approx(300, abs=30)
    assert found["koers_job_last_done_timestamp_seconds", "backup"] == pytest.approx(now.timestamp(), abs=1e-3)  # fmt: skip
    assert found["koers_up",] == 1


def test_it_still_answers_when_the_database_does_not(watched, db, monkeypatch):
    def gone(*_given, **_more):
        raise DatabaseError

    monkeypatch.setattr(QuerySet, "annotate", gone)
    found = figures(watched)
    assert (found["koers_up",], [key for key in found if key[0] == "koers_jobs"]) == (0, [])


def test_it_tells_that_koers_is_closed(watched, db):
    assert figures(watched)["koers_maintenance",] == 0
    begin_maintenance(message="", minutes=None, at=timezone.now())
    assert figures(watched)["koers_maintenance",] == 1


def test_counts_of_all_processes_are_added(tmp_path):
    code = (
        "import django; django.setup(); from django.test import Client; from django.test.utils import setup_test_environment;"
        "setup_test_environment(); [Client().get('/health/live') for _ in range(3)];"
        "from koers.core.metrics import _counted; print(_counted().decode())"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "KOERS_METRICS_TOKEN": TOKEN, "DJANGO_SETTINGS_MODULE": "koers.config.settings"}  # fmt: skip
    for times in (3, 6):
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)  # fmt: skip
        assert f'koers_answers_total{{method="GET",page="health_live",status="200"}} {times}.0' in done.stdout  # fmt: skip


def test_a_token_that_can_be_guessed_stops_the_start(monkeypatch):
    monkeypatch.setenv("KOERS_METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="at least 24 characters"):
        environment.token("KOERS_METRICS_TOKEN")


def test_the_log_is_json_when_asked(settings, capsys):
    logging.config.dictConfig({**settings.LOGGING, "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}}})  # fmt: skip
    try:
        logging.getLogger("koers.test").warning('a "quoted" %s', "word")
    finally:
        logging.config.dictConfig(settings.LOGGING)
    line = json.loads(capsys.readouterr().err)
    assert {name: line[name] for name in ("level", "logger", "message")} == {
        "level": "WARNING", "logger": "koers.test", "message": 'a "quoted" word',
    }  # fmt: skip


def test_a_log_format_nobody_knows_stops_the_start(monkeypatch):
    monkeypatch.setenv("KOERS_LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="line, json"):
        environment.one_of("KOERS_LOG_FORMAT", ("line", "json"))
