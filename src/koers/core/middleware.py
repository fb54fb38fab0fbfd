"""What does the user see when a rule refuses?"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from koers.core.errors import NulRefusedError, RuleError


class RefusalMiddleware:
    """Turns a refused rule into its status and sentence; anything else stays an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, given: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse an address with a NUL: no text may hold one, and PostgreSQL takes none even to search for.

        The API refuses it by itself, in its own form.
        """
        if request.path.startswith("/api/"):
            return None
        asked = [(name, value) for name, values in request.GET.lists() for value in values]
        for name, value in [*asked, *given.items()]:
            if "\0" in name or (isinstance(value, str) and "\0" in value):
                return self.process_exception(request, NulRefusedError(name.replace("\0", "")))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a ``RuleError`` as a page, or as a short message for a fragment."""
        if not isinstance(exception, RuleError):
            return None
        template = (
            "ui/refusal_fragment.html" if request.headers.get("HX-Request") else "ui/refusal.html"
        )
        return render(
            request,
            template,
            {"message": exception.message, "status": exception.status},
            status=exception.status,
        )
