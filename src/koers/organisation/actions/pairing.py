"""How are an inside rep and an account manager paired, and parted?"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.organisation.models import Pairing, User
from koers.organisation.policies import Right, require


class PairingRefusedError(RuleError):
    """These two cannot be paired."""


def pair(*, actor: Actor, inside_rep_id: int, account_manager_id: int, at: datetime) -> Pairing:
    """Let an inside rep support an account manager; works at the inside rep's next click."""
    require(actor, Right.MANAGE_PEOPLE)
    if inside_rep_id == account_manager_id:
        raise PairingRefusedError(_("Nobody can be his or her own inside rep."))
    hidden = actor.visible_people is not None and account_manager_id not in actor.visible_people
    if hidden or User.objects.filter(pk__in=[inside_rep_id, account_manager_id]).count() != 2:
        raise NotFoundError(_("This person does not exist."))
    try:
        with transaction.atomic():
            made = Pairing.objects.create(
                inside_rep_id=inside_rep_id, account_manager_id=account_manager_id
            )
            audit.record(actor=actor, at=at, verb="create", obj=made)
    except IntegrityError as error:
        raise PairingRefusedError(_("These two are paired already.")) from error
    return made


@transaction.atomic
def part(*, actor: Actor, pairing_id: int, at: datetime) -> None:
    """End a pairing."""
    require(actor, Right.MANAGE_PEOPLE)
    found = Pairing.objects.filter(pk=pairing_id).first()
    seen = actor.visible_people
    if found is None or (seen is not None and found.account_manager_id not in seen):
        raise NotFoundError(_("This pairing does not exist."))
    audit.record(actor=actor, at=at, verb="delete", obj=found)
    found.delete()
