"""Who may pass without a log-in, and in which language is the page?"""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from koers.core.language import LANGUAGE_COOKIE
from koers.organisation.actions.log_in import mark_seen

OPEN_PREFIXES = (
    "/account/",
    "/api/",
    "/static/",
    "/health/",
    "/language/",
    "/theme/",
    "/sell/form/",
    "/sell/offer/",
    "/sell/calendar/",
    "/serve/answer/",
)


class LanguageOfUserMiddleware:
    """The language chosen on screen (cookie), else the browser's, else English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in known else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class LoginRequiredMiddleware:
    """Every page asks for a log-in unless it stands in the short open list; private pages are not stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._ask_login(request)
        mark_seen(request.session, at=timezone.now())
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def _ask_login(self, request: HttpRequest) -> HttpResponse:
        answer = partial(redirect_to_login, request.get_full_path())
        if not request.headers.get("HX-Request"):
            return answer()
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = answer().headers["Location"]
        return response
