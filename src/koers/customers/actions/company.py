"""How is a company added, changed, put in the bin and taken out again?"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import NotFoundError
from koers.core.saving import save_changes
from koers.customers.actions.merge import undo_merge_of
from koers.customers.models import Company, Contact
from koers.customers.queries.bin import binned_contacts
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import companies_visible_to, company_for, deleted_company_for
from koers.organisation.policies import Right, may, require


@transaction.atomic
def add_company(*, actor: Actor, values: dict[str, Any], at: datetime) -> Company:
    """Add a company; who sees only own customers becomes its owner."""
    require(actor, Right.EDIT_CUSTOMERS)
    if values.get("owner") is None and not actor.sees_all:
        values = {**values, "owner_id": actor.user_id}
        values.pop("owner", None)
    company = Company.objects.create(**values)
    audit.record(actor=actor, at=at, verb="create", obj=company)
    mark_changed("company")
    return company


@transaction.atomic
def change_company(
    *,
    actor: Actor,
    company_id: int,
    version: int,
    values: dict[str, Any],
    at: datetime,
) -> Company:
    """Change a company, unless somebody else changed the same fields since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    owner = values.get("owner", company.owner)
    if owner != company.owner:
        require(actor, Right.REASSIGN_CUSTOMERS)
        _check_owner(actor, owner)
    mark_changed("company")
    return save_changes(actor=actor, obj=company, version=version, values=values, at=at)


def _check_owner(actor: Actor, owner: Any) -> None:
    if owner is not None and not owners_visible_to(actor).filter(pk=owner.pk).exists():
        raise NotFoundError(_("This person does not exist."))


@transaction.atomic
def delete_company(*, actor: Actor, company_id: int, at: datetime) -> Company:
    """Put a company in the bin; its orders and figures stay."""
    require(actor, Right.REASSIGN_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    mark_changed("company")
    return save_changes(
        actor=actor, obj=company, version=company.version, values={"deleted_at": at}, at=at
    )


@transaction.atomic
def restore_company(*, actor: Actor, company_id: int, at: datetime) -> Company:
    """Take a company out of the bin; a merge that put it there is undone."""
    require(actor, Right.REASSIGN_CUSTOMERS)
    company = deleted_company_for(actor=actor, company_id=company_id)
    if undo_merge_of(actor=actor, noun="company", gone_id=company.pk, at=at):
        return company_for(actor=actor, company_id=company_id)
    mark_changed("company")
    return save_changes(
        actor=actor, obj=company, version=company.version, values={"deleted_at": None}, at=at
    )


@transaction.atomic
def add_contact(*, actor: Actor, company_id: int, values: dict[str, Any], at: datetime) -> Contact:
    """Add a contact to a company one may see."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    contact = Contact.objects.create(company=company, **values)
    audit.record(actor=actor, at=at, verb="create", obj=contact)
    return contact


@transaction.atomic
def change_contact(
    *, actor: Actor, contact_id: int, version: int, values: dict[str, Any], at: datetime
) -> Contact:
    """Change a contact of a company one may see."""
    require(actor, Right.EDIT_CUSTOMERS)
    contact = contact_for(actor=actor, contact_id=contact_id)
    return save_changes(actor=actor, obj=contact, version=version, values=values, at=at)


@transaction.atomic
def delete_contact(*, actor: Actor, contact_id: int, at: datetime) -> Contact:
    """Put a contact in the bin."""
    require(actor, Right.EDIT_CUSTOMERS)
    contact = contact_for(actor=actor, contact_id=contact_id)
    return save_changes(
        actor=actor, obj=contact, version=contact.version, values={"deleted_at": at}, at=at
    )


@transaction.atomic
def restore_contact(*, actor: Actor, contact_id: int, at: datetime) -> Contact:
    """Take a contact out of the bin, when its company is not in it itself."""
    require(actor, Right.EDIT_CUSTOMERS)
    contact = binned_contacts(actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotFoundError(_("This contact does not exist."))
    if undo_merge_of(actor=actor, noun="contact", gone_id=contact.pk, at=at):
        return contact_for(actor=actor, contact_id=contact_id)
    return save_changes(
        actor=actor, obj=contact, version=contact.version, values={"deleted_at": None}, at=at
    )


def contact_for(*, actor: Actor, contact_id: int) -> Contact:
    """A contact whose company one may see, or as if it did not exist."""
    found = (
        Contact.objects.filter(
            pk=contact_id, deleted_at=None, company__in=companies_visible_to(actor)
        )
        .select_related("company")
        .first()
    )
    if found is None:
        raise NotFoundError(_("This contact does not exist."))
    return found


def may_reassign(actor: Actor) -> bool:
    """Whether the actor may give customers to somebody else."""
    return may(actor, Right.REASSIGN_CUSTOMERS)
