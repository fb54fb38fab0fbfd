"""What may the logged-in user do, as the screens ask it?"""

from django.http import HttpRequest

from koers.organisation.policies import RIGHTS


def rights(request: HttpRequest) -> dict[str, object]:
    """Names of the role's rights; screens hide what the actions would refuse anyway."""
    user = getattr(request, "user", None)
    names: frozenset[str] = frozenset()
    if user is not None and user.is_authenticated:
        names = frozenset(right.value for right in RIGHTS.get(user.role, frozenset()))
    request.koers_rights = names  # type: ignore[attr-defined]
    return {"rights": names}
