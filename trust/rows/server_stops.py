"""Row 2: is an acknowledged write gone after PostgreSQL was stopped at once, as by a power cut?"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from koers.core.idempotency import answer_once
from koers.core.models import IdempotentRequest
from koers.organisation.tests.cast import make_cast
from trust.row import Finding, Row

WRITERS = 4


class Server:
    """The private server this row may stop."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            self.folder = Path(cursor.fetchone()[0])
        if not self.folder.is_relative_to("/tmp"):  # noqa: S108 -- where scripts/with_postgresql.sh makes it
            raise AssertionError("this server is not ours to stop")
        self.program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]

    def stop_and_start(self) -> None:
        """Immediately, without finishing anything; then recovery."""
        words = [
            str(self.program),
            "-D",
            str(self.folder),
            "-m",
            "immediate",
            "-s",
            "-w",
            "restart",
        ]
        owner = self.folder.owner()
        if os.getuid() == 0:
            words = [shutil.which("runuser") or "runuser", "-u", owner, "--", *words]
        subprocess.run(words, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def write_until_it_breaks(user_id: int, name: str, notes: Path, *, lazy: bool) -> int:
    """A process that writes and notes what was acknowledged."""
    connection.close()
    child = os.fork()
    if child:
        return child
    try:
        with notes.open("a", encoding="ascii") as file:
            if lazy:
                with connection.cursor() as cursor:
                    cursor.execute("SET synchronous_commit = off")
            for number in range(10**6):
                key = f"{name}-{number}"
                answer_once(user_id=user_id, key=key, call=b"", at=timezone.now(), do=lambda: {"id": 1})  # fmt: skip
                file.write(key + "\n")
                file.flush()
    except DatabaseError:
        pass
    finally:
        os._exit(0)


def _check(stops: int, user_id: int, *, lazy: bool) -> Finding:
    server, lost, acknowledged = Server(), 0, 0
    IdempotentRequest.objects.all().delete()
    for round_ in range(stops):
        folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR))
        notes = [folder / f"{folder.name}-{writer}" for writer in range(WRITERS)]
        children = [write_until_it_breaks(user_id, path.name, path, lazy=lazy) for path in notes]
        time.sleep(0.5 + 0.05 * (round_ % 10))
        connection.close()
        server.stop_and_start()
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        told = {key for path in notes for key in path.read_text(encoding="ascii").split()}
        acknowledged += len(told)
        lost += len(told - set(IdempotentRequest.objects.values_list("key", flat=True)))
    value = (
        f"{stops} immediate stops under {WRITERS} writers: {acknowledged} acknowledged, {lost} lost"
    )
    return Finding(held=lost == 0 and acknowledged > 0, value=value)


def measure(short: bool) -> Finding:
    """With the settings Koers uses."""
    return _check(4 if short else 25, make_cast().ann.pk, lazy=False)


def lazy_commit(short: bool) -> Finding:
    """The server acknowledges before it has written; whether a stop catches it is chance."""
    cast = make_cast()
    for _attempt in range(3 if short else 6):
        found = _check(12, cast.ann.pk, lazy=True)
        if not found.held:
            break
    return found


ROW = Row(
    number=2,
    name="PostgreSQL stopped at once",
    goal="0 acknowledged writes lost",
    measure=measure,
    controls={"synchronous_commit=off": lazy_commit},
    databases=("postgresql",),
)
