"""How does a person get, change or lose access?"""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.actions.first_run import WeakPasswordError
from koers.organisation.models import Role, User
from koers.organisation.policies import Right, require


class UserRefusedError(RuleError):
    """The person cannot be added or changed like this."""


@transaction.atomic
def create_user(
    *, actor: Actor, full_name: str, email: str, role: str, password: str, at: datetime
) -> User:
    """Add a person who may log in."""
    require(actor, Right.MANAGE_PEOPLE)
    address = email.strip().lower()
    if role not in Role.values:
        raise UserRefusedError(
            _("“%(role)s” is not a role; use one of: %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)}
        )
    guard_administrators(actor, role)
    if User.objects.filter(email__iexact=address).exists():
        raise UserRefusedError(_("Somebody already logs in with %(email)s.") % {"email": address})
    user = User(full_name=full_name, email=address, role=role)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    audit.record(actor=actor, at=at, verb="create", obj=user)
    mark_changed("person")
    return user


@transaction.atomic
def change_user(
    *, actor: Actor, user_id: int, version: int, values: dict[str, Any], at: datetime
) -> User:
    """Change role, team, territory, unit or access; works at the person's next click."""
    require(actor, Right.MANAGE_PEOPLE)
    user = person_to_change(actor, user_id)
    allowed = {
        "full_name",
        "role",
        "team",
        "territory",
        "business_unit",
        "is_active",
        "started_on",
        "email",
    }
    unknown = set(values) - allowed
    if unknown:
        raise UserRefusedError(
            _("These fields cannot be changed here: %(fields)s.")
            % {"fields": ", ".join(sorted(unknown))}
        )
    guard_administrators(actor, user.role, values.get("role", user.role))
    _keep_an_administrator(user, values)
    mark_changed("person")
    return save_changes(actor=actor, obj=user, version=version, values=values, at=at)


def person_to_change(actor: Actor, user_id: int) -> User:
    """Somebody of one's own team tree, or as if he or she did not exist."""
    user = User.objects.filter(pk=user_id).first()
    hidden = actor.visible_people is not None and user_id not in actor.visible_people
    if user is None or hidden:
        raise NotFoundError(_("This person does not exist."))
    return user


def guard_administrators(actor: Actor, *roles: str) -> None:
    """Only who manages the installation makes or changes an administrator."""
    if Role.ADMINISTRATOR in roles:
        require(actor, Right.MANAGE_INSTALLATION)


def _keep_an_administrator(user: User, values: dict[str, Any]) -> None:
    """Refuse to take away the last administrator's access."""
    loses = (
        values.get("role", user.role) != Role.ADMINISTRATOR
        or values.get("is_active", True) is False
        or not values.get("email", user.email)
    )
    if user.role != Role.ADMINISTRATOR or not loses:
        return
    others = (
        User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
        .exclude(email=None)
        .exclude(pk=user.pk)
    )
    if not others.exists():
        raise UserRefusedError(_("The last administrator must keep access."))
