"""When is the next backup due? Once a day, where a folder for backups is set."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.backup.making import made_at, make_backup, newest_backup
from koers.core.jobs import JobContext, enqueue
from koers.core.models import Job

EVERY = timedelta(days=1)


def ask_backup_if_due(*, at: datetime) -> Job | None:
    """Ask for a backup when the newest is a day old; nothing without ``KOERS_BACKUP_DIR``.

    A backup that failed within the hour is not asked for again at once.
    """
    if not settings.KOERS_BACKUP_DIR:
        return None
    newest = newest_backup(Path(settings.KOERS_BACKUP_DIR))
    if newest is not None and at - made_at(newest) < EVERY:
        return None
    recent = Job.objects.filter(task="backup", asked_at__gt=at - timedelta(hours=1))
    if recent.exists():
        return None
    return enqueue(
        actor=system_actor(Channel.JOB), task="backup", arguments={}, at=at, unique_key="backup"
    )


def backup_task(context: JobContext) -> dict[str, Any]:
    """Background task: one backup into the folder of the settings."""
    context.progress(0, 1, "backup")
    done = make_backup(
        folder=Path(settings.KOERS_BACKUP_DIR), at=timezone.now(), keep=settings.KOERS_BACKUP_KEEP
    )
    context.progress(1, 1, "")
    return {**asdict(done), "path": str(done.path), "removed": list(done.removed)}
