"""Is Koers closed for a while? A file in the data folder says so; nothing here asks the database.

While it is there every address answers 503 with the message, and the worker takes no new job. The
static files and ``/health/live`` go on; ``/health/ready`` says that Koers is not ready for work.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koers.core.errors import RuleError

NAME = "maintenance.json"
LONGEST_MESSAGE = 500
LONGEST = timedelta(days=7)
RETRY = 300  # seconds, where no end was given
OPEN_PREFIXES = ("/health/", "/static/")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Since when, until when it is thought to last (``None``: not said), and what people are told."""

    since: datetime
    until: datetime | None
    message: str

    def retry_after(self, *, at: datetime) -> int:
        """Seconds after which asking again makes sense, at least a minute."""
        left = (self.until - at).total_seconds() if self.until else RETRY
        return max(60, int(left))


def begin_maintenance(*, message: str, minutes: int | None, at: datetime) -> Maintenance:
    """Close Koers; again with other words, it only changes them.

    ``minutes`` is how long it is thought to take. Koers stays closed until :func:`end_maintenance`.
    """
    text = " ".join(message.split())
    if len(text) > LONGEST_MESSAGE:
        raise RuleError(
            _("The message has %(count)s characters; use at most %(most)s.")
            % {"count": len(text), "most": LONGEST_MESSAGE}
        )
    if minutes is not None and not 0 < minutes <= LONGEST // timedelta(minutes=1):
        raise RuleError(_("Say 1 to %(most)s minutes.") % {"most": LONGEST // timedelta(minutes=1)})
    before = maintenance()
    until = at + timedelta(minutes=minutes) if minutes is not None else None
    begun = Maintenance(since=before.since if before else at, until=until, message=text)
    written = _path().with_suffix(".new")
    written.write_text(json.dumps(asdict(begun), default=datetime.isoformat), encoding="utf-8")
    written.replace(_path())
    return begun


def end_maintenance() -> bool:
    """Open Koers again; ``False`` when it was open."""
    try:
        _path().unlink()
    except FileNotFoundError:
        return False
    return True


def maintenance() -> Maintenance | None:
    """What is going on, or ``None``. A file that cannot be read closes Koers all the same."""
    try:
        text = _path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found = json.loads(text)
        until = datetime.fromisoformat(found["until"]) if found["until"] else None
        return Maintenance(datetime.fromisoformat(found["since"]), until, str(found["message"]))
    except (ValueError, KeyError, TypeError):
        return Maintenance(timezone.now(), None, "")


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME


class MaintenanceMiddleware:
    """Answers everybody while Koers is closed: a page, a fragment's message, or JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        going_on = None if request.path.startswith(OPEN_PREFIXES) else maintenance()
        if going_on is None:
            return self.get_response(request)
        answer = self._closed(request, going_on)
        answer.headers["Retry-After"] = str(going_on.retry_after(at=timezone.now()))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _closed(self, request: HttpRequest, going_on: Maintenance) -> HttpResponse:
        told = " ".join(filter(None, (_("Koers is being maintained."), going_on.message)))
        if request.path.startswith("/api/"):
            return JsonResponse({"message": told}, status=503)
        if request.headers.get("X-Koers-Background"):
            return JsonResponse({"errors": {"": [told]}}, status=503)
        here = request.get_full_path() if request.method == "GET" else "/"
        page = render_to_string("maintenance.html", {"going_on": going_on, "here": here, "LANGUAGE_CODE": get_language()})  # fmt: skip
        return HttpResponse(page, status=503)
