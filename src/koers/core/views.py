"""How does one choose language and theme, and how does a watchdog see that Koers is well?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from koers.core.language import LANGUAGE_COOKIE, THEME_COOKIE
from koers.core.maintenance import maintenance
from koers.core.shell import THEMES

ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, which also works before anybody has logged in."""
    answer = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _keep(answer, LANGUAGE_COOKIE, chosen)
    return answer


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark; 'auto' forgets the choice and follows the device."""
    answer = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _keep(answer, THEME_COOKIE, chosen)
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers too and Koers is open; 503 while one of them is not so."""
    if maintenance() is not None:
        return JsonResponse({"status": "maintenance"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ready"})


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=ONE_YEAR, samesite="Lax", secure=settings.HTTPS)


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else "/")
