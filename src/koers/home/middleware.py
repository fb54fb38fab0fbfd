"""Which answers show somebody one record? They are written down after the answer was made."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from koers.core.actor import Actor
from koers.core.reads import PAGES, note_read

READING = ("GET", "HEAD")
SHOWN = 200


class RecordReadMiddleware:
    """Writes down who saw a company, contact, lead or opportunity; refused and hidden ones are not seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match, actor = request.resolver_match, getattr(request, "koers_actor", None)
        page = PAGES.get(match.view_name) if match else None
        if match and page and isinstance(actor, Actor) and response.status_code == SHOWN and _shows(request, match.view_name):  # fmt: skip
            noun = page[0] or str(match.kwargs["kind"])
            note_read(actor=actor, noun=noun, object_id=int(match.kwargs[page[1]]), at=timezone.now())  # fmt: skip
        return response


def _shows(request: HttpRequest, name: str) -> bool:
    """A page is read by GET; the file with everything on a person is given on POST."""
    return request.method in READING or name == "home:person_export"
