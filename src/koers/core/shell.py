"""What does the page shell need on every page?"""

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from koers.core.language import NAVIGATION_COOKIE, THEME_COOKIE
from koers.core.navigation import CREATE, address, links, navigation, phone_links

THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, object]:
    """Languages, theme and navigation; the rights come with the request, from the organisation."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "languages": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "auto",
        "navigation_is_narrow": request.COOKIES.get(NAVIGATION_COOKIE) == "narrow",
        "shell": SimpleLazyObject(lambda: Shell(request)),
    }


class Shell:
    """The parts of the frame, worked out when a page asks for them; fragments do not."""

    def __init__(self, request: HttpRequest) -> None:
        rights: Collection[str] = getattr(request, "koers_rights", frozenset())
        self.groups = navigation(rights, request.path)
        self.phone = phone_links(rights, request.path)
        self.create = links(CREATE, rights, request.path)
        self.home_url = address("home:today") or "/"
        self.search_url = address("home:search")
        self.jobs_badge_url = address("home:jobs_badge")
        self.profile_url = address("organisation:profile")
