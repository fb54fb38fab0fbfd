"""How is the organisation itself changed?"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.models import DataVersion
from koers.core.saving import save_changes
from koers.organisation.models import Organisation
from koers.organisation.policies import Right, require


class OrganisationRefusedError(RuleError):
    """The change would make stored figures untrue."""


@transaction.atomic
def change_organisation(
    *, actor: Actor, version: int, values: dict[str, Any], at: datetime
) -> Organisation:
    """Change the name, or the base currency while there are no orders yet."""
    require(actor, Right.MANAGE_INSTALLATION)
    organisation = Organisation.objects.first()
    if organisation is None:
        raise NotFoundError(_("There is no organisation yet."))
    has_orders = DataVersion.objects.filter(part__startswith="order_line:").exists()
    if (
        has_orders
        and values.get("base_currency", organisation.base_currency) != organisation.base_currency
    ):
        raise OrganisationRefusedError(
            _("The base currency cannot change once there are orders: every figure is in it.")
        )
    return save_changes(actor=actor, obj=organisation, version=version, values=values, at=at)
