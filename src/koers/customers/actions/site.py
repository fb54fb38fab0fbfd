"""How is an address of a company added, changed, removed and put back?"""

from datetime import datetime
from typing import Any

from django.db import transaction

from koers.core import audit
from koers.core.actor import Actor
from koers.core.saving import save_changes
from koers.customers.models import Site
from koers.customers.queries.company import company_for
from koers.customers.queries.site import deleted_site_for, site_for
from koers.organisation.policies import Right, require


@transaction.atomic
def add_site(*, actor: Actor, company_id: int, values: dict[str, Any], at: datetime) -> Site:
    """Add an address to a company one may see."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    site = Site.objects.create(company=company, **values)
    audit.record(actor=actor, at=at, verb="create", obj=site)
    return site


@transaction.atomic
def change_site(
    *, actor: Actor, site_id: int, version: int, values: dict[str, Any], at: datetime
) -> Site:
    """Change an address, unless somebody else changed the same fields since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    site = site_for(actor=actor, site_id=site_id)
    return save_changes(actor=actor, obj=site, version=version, values=values, at=at)


@transaction.atomic
def delete_site(*, actor: Actor, site_id: int, at: datetime) -> Site:
    """Take an address off its company; it can be put back."""
    require(actor, Right.EDIT_CUSTOMERS)
    site = site_for(actor=actor, site_id=site_id)
    return save_changes(
        actor=actor, obj=site, version=site.version, values={"deleted_at": at}, at=at
    )


@transaction.atomic
def restore_site(*, actor: Actor, site_id: int, at: datetime) -> Site:
    """Put a removed address back."""
    require(actor, Right.EDIT_CUSTOMERS)
    site = deleted_site_for(actor=actor, site_id=site_id)
    return save_changes(
        actor=actor, obj=site, version=site.version, values={"deleted_at": None}, at=at
    )
