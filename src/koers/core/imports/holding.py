"""Is an import being worked on at this moment, and by whom no more once its process is dead?

A lock on a file tells a live import from one that was cut off: the operating system lets go of
it when the process ends, however it ends, which no column in a table can promise.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from koers.core.errors import RuleError


class ImportBusyError(RuleError):
    """Another process works on this import."""


@contextmanager
def held(run_id: int) -> Iterator[None]:
    """Work on an import alone; refuses when another process does so already."""
    path = _lock_path(run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        if not _taken(lock):
            raise ImportBusyError(_("This cannot be done with the import as it is now."))
        yield


def is_held(run_id: int) -> bool:
    """Whether a live process works on the import."""
    path = _lock_path(run_id)
    if not path.exists():
        return False
    with path.open("w") as lock:
        return not _taken(lock)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_path(run_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / "locks" / f"{run_id}.lock"
