"""What does the page shell need on every page?"""

from django.conf import settings
from django.http import HttpRequest

from koers.core.language import THEME_COOKIE


def shell(request: HttpRequest) -> dict[str, object]:
    """Language list and theme; the navigation itself is a template."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "languages": settings.LANGUAGES,
        "theme": theme if theme in {"light", "dark"} else "auto",
    }
