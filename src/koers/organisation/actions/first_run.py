"""How does the first person get in? By a one-time secret only the console shows."""

import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.errors import NotFoundError, RuleError
from koers.organisation.models import Organisation, Role, User

SECRET_FILE = "first_run_secret"  # noqa: S105 -- the name of a file


class WeakPasswordError(RuleError):
    """The password breaks a rule."""


def first_run_path() -> str | None:
    """Address of the first-run page with its secret, or None once somebody can log in."""
    if not first_run_is_open():
        return None
    path = _secret_path()
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="ascii")
    return f"/account/first-run/{path.read_text(encoding='ascii').strip()}/"


def first_run_is_open() -> bool:
    """Whether nobody can log in yet."""
    return not User.objects.exclude(email=None).filter(is_active=True).exists()


def check_first_run_secret(secret: str) -> None:
    """Answer a wrong or late secret as if the page did not exist."""
    path = _secret_path()
    known = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not known or not first_run_is_open() or not secrets.compare_digest(known, secret):
        raise NotFoundError(_("This page does not exist."))


@transaction.atomic
def create_first_administrator(
    *,
    secret: str,
    organisation: str,
    base_currency: str,
    full_name: str,
    email: str,
    password: str,
    at: datetime,
) -> User:
    """Make the organisation and its first administrator; the secret works once."""
    check_first_run_secret(secret)
    owner, _created = Organisation.objects.get_or_create(
        only=True, defaults={"name": organisation, "base_currency": base_currency}
    )
    user = User(email=email.strip().lower(), full_name=full_name, role=Role.ADMINISTRATOR)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    actor = system_actor(Channel.SCREEN)
    audit.record(actor=actor, at=at, verb="create", obj=owner)
    audit.record(actor=actor, at=at, verb="create", obj=user)
    transaction.on_commit(lambda: _secret_path().unlink(missing_ok=True))
    return user


def _secret_path() -> Path:
    return Path(settings.DATA_DIR) / SECRET_FILE
