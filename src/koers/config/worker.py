"""Who runs the background jobs? One process beside the web server."""

import logging
import math
import os
import signal
import socket
import threading
import time
from types import FrameType

from django.db import close_old_connections, connection
from django.utils import timezone

from koers.analyse.actions.customer_value import ask_valuation_if_due
from koers.analyse.actions.facts import ask_refresh_if_stale
from koers.analyse.actions.health import ask_health_if_due
from koers.config.jobs import TASKS
from koers.core import jobs
from koers.core.audit_seal import seal
from koers.core.backup.nightly import ask_backup_if_due
from koers.core.idempotency import forget_old_answers
from koers.core.maintenance import maintenance
from koers.home.actions.retention import ask_retention_if_due
from koers.organisation.actions.webhook_call import call_due_webhooks

PAUSE_SECONDS = 0.5
MINUTE = 60
TELL_SECONDS = 2
logger = logging.getLogger(__name__)


def work(*, once: bool = False) -> int:
    """Take jobs until told to stop; with ``once`` until none is left. Returns how many ran."""
    stopped = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: _stop(stopped, _frame))
    teller = threading.Thread(target=_tell, args=(stopped,), daemon=True)
    if not once:
        teller.start()
    name = f"{socket.gethostname()}:{os.getpid()}"
    done = 0
    minute_at = -math.inf
    while not stopped.is_set():
        close_old_connections()
        job = None
        if maintenance() is None:
            minute_at = _do_each_minute(minute_at)
            job = jobs.take(worker=name, at=timezone.now())
        if job is not None:
            jobs.run(job, TASKS)
            done += 1
        elif once:
            break
        else:
            stopped.wait(PAUSE_SECONDS)
    return done


def _tell(stopped: threading.Event) -> None:
    """Tell other programs what changed, beside the jobs: a long one does not hold up the news."""
    try:
        while not stopped.wait(TELL_SECONDS):
            close_old_connections()
            try:
                if maintenance() is None:
                    call_due_webhooks(at=timezone.now)
            except Exception:
                logger.exception("telling webhooks failed; it is tried again")
    finally:
        connection.close()


def _do_each_minute(last: float) -> float:
    """What is due once a minute; when it was last done."""
    if time.monotonic() - last < MINUTE:
        return last
    now = timezone.now()
    seal(at=now)
    ask_backup_if_due(at=now)
    ask_refresh_if_stale(at=now)
    ask_valuation_if_due(today=timezone.localdate(now), at=now)
    ask_health_if_due(at=now)
    forget_old_answers(at=now)
    ask_retention_if_due(at=now)
    return time.monotonic()


def _stop(stopped: threading.Event, _frame: FrameType | None) -> None:
    stopped.set()
