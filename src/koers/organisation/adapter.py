"""How does log-in differ from the library's default? Nobody signs up by himself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, an import or the first run only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: a sales system is no public forum."""
        return False
