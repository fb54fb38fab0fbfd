"""Does a backup made while people write come back whole, and is a bad one refused?"""

import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import uuid
import zlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from koers.config.jobs import TASKS
from koers.core import jobs
from koers.core.actor import Channel, system_actor
from koers.core.backup import archive
from koers.core.backup.making import make_backup, newest_backup
from koers.core.backup.manifest import BackupDamagedError, BackupRefusedError
from koers.core.backup.nightly import ask_backup_if_due
from koers.core.backup.restoring import check_backup, restore
from koers.core.models import Job
from koers.customers.models import Company, Contact
from koers.customers.tests.factories import CompanyFactory, ContactFactory

NOW = timezone.now()
KOERS = Path(sys.executable).with_name("koers")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of an empty machine with the same kind of database."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    environment = {**os.environ, "KOERS_DATA_DIR": str(folder), "KOERS_DEBUG": "1"}
    environment.pop("KOERS_SECRET_KEY", None)
    if connection.vendor == "sqlite":
        yield environment
        return
    name = f"restored_{uuid.uuid4().hex[:10]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    environment["KOERS_DATABASE_URL"] = os.environ["KOERS_DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"  # fmt: skip
    yield environment
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def koers(environment, *words):
    return subprocess.run([KOERS, *words], env=environment, capture_output=True, text=True, check=False)  # fmt: skip


def ask(environment, code):
    """What Koers itself answers on the restored machine."""
    setting_up = "import django, json; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setting_up + code],
        env={**environment, "DJANGO_SETTINGS_MODULE": "koers.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_what_is_restored_equals_what_was_stored_files_triggers_and_secret_included(
    backups, elsewhere
):
    companies = sorted(CompanyFactory(name=f"Bakkerij Zoë {number}").name for number in range(30))
    default_storage.save("imports/orders.csv", default_storage.open(_saved("é;1\n")))
    made = make_backup(folder=backups, at=NOW)
    done = koers(elsewhere, "restore", str(made.path), "--other-key", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["restored"]["rows"] == made.rows
    found = ask(
        elsewhere,
        "from koers.customers.models import Company\n"
        "print(json.dumps(sorted(Company.objects.values_list('name', flat=True))))",
    )
    assert found == companies
    files = Path(elsewhere["KOERS_DATA_DIR"]) / "files"
    assert (files / "imports/orders.csv").read_text() == "é;1\n"
    refused = ask(
        elsewhere,
        "from django.db import connection, DatabaseError\n"
        "from koers.core import audit\n"
        "from koers.core.actor import Channel, system_actor\n"
        "from koers.customers.models import Company\n"
        "from django.utils import timezone\n"
        "audit.record(actor=system_actor(Channel.COMMAND), at=timezone.now(), verb='change',"
        " obj=Company.objects.first())\n"
        "try:\n connection.cursor().execute('DELETE FROM core_auditentry'); print('false')\n"
        "except DatabaseError: print('true')",
    )
    assert refused is True


def _saved(text):
    path = Path(settings.MEDIA_ROOT) / "source.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path.name


def test_a_backup_during_writes_holds_whole_transactions_only(backups, elsewhere):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with transaction.atomic():
                company = CompanyFactory(name=f"Company {number}")
                ContactFactory(company=company)
        close_old_connections()
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(folder=backups, at=NOW + timedelta(seconds=n)) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert Company.objects.count() > 0
    for backup in made:
        counts = {table.name: table.rows for table in check_backup(backup.path).contents.tables}
        assert counts["customers_company"] == counts["customers_contact"]
    done = koers(elsewhere, "restore", str(made[-1].path), "--other-key")
    assert done.returncode == 0, done.stderr
    assert counts["customers_contact"] <= Contact.objects.count()


def test_a_restore_never_goes_over_data_that_is_there(backups, elsewhere):
    CompanyFactory(name="Acme")
    made = make_backup(folder=backups, at=NOW)
    assert koers(elsewhere, "restore", str(made.path), "--other-key").returncode == 0
    again = koers(elsewhere, "restore", str(made.path), "--other-key")
    assert again.returncode == 1
    assert "already" in again.stderr


def unpacked(compressed):
    try:
        return gzip.decompress(compressed)
    except (OSError, EOFError, zlib.error):
        return None


def test_every_damaged_byte_and_every_cut_is_found(backups, tmp_path):
    CompanyFactory(name="Acme")
    whole = make_backup(folder=backups, at=NOW).path.read_bytes()
    dice = random.Random(3)
    damaged = tmp_path / "damaged.tar.gz"
    content, harmless = gzip.decompress(whole), 0
    for place in [10, 11, 30, *(dice.randrange(10, len(whole)) for _round in range(30))]:
        bytes_now = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        damaged.write_bytes(bytes_now)
        if unpacked(bytes_now) == content:
            harmless += 1  # another way of writing the same bytes, such as a run of zeros
            continue
        with pytest.raises(BackupDamagedError):
            check_backup(damaged)
    assert harmless < 5
    for _round in range(10):
        damaged.write_bytes(whole[: dice.randrange(len(whole))])
        with pytest.raises(BackupDamagedError):
            check_backup(damaged)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the copy is a file only on SQLite")
def test_a_copy_without_its_triggers_is_found_by_its_definitions(backups, tmp_path):
    """A dump of tables alone has the same rows; only the definitions tell."""
    made = make_backup(folder=backups, at=NOW)
    folder = tmp_path / "open"
    folder.mkdir()
    manifest = archive.unpack(made.path, folder)
    with closing(sqlite3.connect(folder / "database")) as database:
        database.execute("DROP TRIGGER audit_no_delete")
        database.commit()
    parts = {file.path: folder / file.path for file in manifest.files}
    forged = type(manifest)(
        **{
            **{name: getattr(manifest, name) for name in manifest.__dataclass_fields__},
            "files": tuple(archive.stored_file(path, name) for name, path in parts.items()),
        }
    )
    archive.write(tmp_path / "forged.tar.gz", forged, parts)
    with pytest.raises(BackupDamagedError, match="trigger audit_no_delete"):
        check_backup(tmp_path / "forged.tar.gz")


def test_a_backup_of_a_newer_koers_is_refused_and_says_so(backups):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', CURRENT_TIMESTAMP)")  # fmt: skip
    try:
        made = make_backup(folder=backups, at=NOW)
        with pytest.raises(BackupRefusedError, match="9999_later"):
            restore(made.path, other_key=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_another_secret_key_in_the_environment_is_refused(backups, monkeypatch):
    made = make_backup(folder=backups, at=NOW)
    monkeypatch.setenv("KOERS_SECRET_KEY", "another")
    with pytest.raises(BackupRefusedError, match="secret key"):
        restore(made.path)


def test_old_backups_go_and_files_of_others_stay(backups):
    for day in range(4):
        make_backup(folder=backups, at=NOW - timedelta(days=9 - day))
    (backups / "koers-mine.backup.tar.gz").write_text("mine")
    last = make_backup(folder=backups, at=NOW, keep=2)
    assert len(last.removed) == 3
    assert newest_backup(backups) == last.path
    assert (backups / "koers-mine.backup.tar.gz").read_text() == "mine"


def test_the_worker_makes_one_backup_a_day(backups, settings):
    assert ask_backup_if_due(at=NOW) is None
    settings.KOERS_BACKUP_DIR = str(backups)
    settings.KOERS_BACKUP_KEEP = 2
    assert ask_backup_if_due(at=NOW).task == "backup"
    assert ask_backup_if_due(at=NOW + timedelta(minutes=1)) is None
    job = jobs.run(jobs.take(worker="one", at=NOW), TASKS)
    assert (job.status, check_backup(newest_backup(backups)).vendor) == (Job.Status.DONE, connection.vendor)  # fmt: skip
    assert ask_backup_if_due(at=NOW + timedelta(hours=23)) is None
    assert ask_backup_if_due(at=NOW + timedelta(hours=25)).status == Job.Status.WAITING


def test_a_backup_that_failed_is_asked_for_again_after_an_hour(backups, settings):
    settings.KOERS_BACKUP_DIR = str(backups)
    jobs.enqueue(actor=system_actor(Channel.JOB), task="backup", arguments={}, at=NOW)
    Job.objects.update(status=Job.Status.FAILED)
    assert ask_backup_if_due(at=NOW + timedelta(minutes=59)) is None
    assert ask_backup_if_due(at=NOW + timedelta(minutes=61)) is not None
