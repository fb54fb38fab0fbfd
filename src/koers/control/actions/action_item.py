"""How is an action item given to somebody, changed, done, dropped and taken up again?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from koers.control.models import ActionItem
from koers.control.queries.action_item import item_for, owners_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.models import User
from koers.organisation.policies import Right, may

FIELDS = ("title", "detail", "company", "owner", "due_on", "follow_up_on")
Status = ActionItem.Status


class ActionItemRefusedError(RuleError):
    """The action item cannot be kept like this."""


@transaction.atomic
def add_item(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> ActionItem:
    """Give an action to oneself, or as who leads people to one of them."""
    item = ActionItem(
        **values, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name,
    )  # fmt: skip
    _check(actor, owner=item.owner, company=item.company, needs_owner=item.owner is None)
    if item.source_url and not _is_ours(item.source_url):
        raise ActionItemRefusedError(_("An action item can only point to a page of this system."))
    item.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=item)
    return item


@transaction.atomic
def change_item(
    *, actor: Actor, item_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> ActionItem:
    """Change what must be done, by whom or when, while it is open."""
    item = _editable(actor, item_id)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    if not item.is_open:
        raise ActionItemRefusedError(_("It is decided already; take it up again first."))
    owner, company = values.get("owner", item.owner), values.get("company", item.company)
    _check(
        actor,
        owner=owner if owner != item.owner else None,
        company=company if company != item.company else None,
        needs_owner=owner is None,
    )
    return save_changes(actor=actor, obj=item, version=version, values=values, at=at)


@transaction.atomic
def decide_item(
    *, actor: Actor, item_id: int, status: str, result: str, at: datetime
) -> ActionItem:
    """Say what came of it: done, or dropped and why."""
    item = _editable(actor, item_id)
    if status not in (Status.DONE, Status.DROPPED):
        raise ActionItemRefusedError(_("An action item is done or dropped."))
    if not item.is_open:
        raise ActionItemRefusedError(_("It is decided already; take it up again first."))
    if not result.strip():
        raise ActionItemRefusedError(_("Say what came of it."))
    values = {"status": status, "result": result.strip(), "decided_at": at}
    return save_changes(actor=actor, obj=item, version=item.version, values=values, at=at)


@transaction.atomic
def reopen_item(*, actor: Actor, item_id: int, at: datetime) -> ActionItem:
    """Take up again what was done or dropped."""
    item = _editable(actor, item_id)
    values = {"status": Status.OPEN, "result": "", "decided_at": None}
    return save_changes(actor=actor, obj=item, version=item.version, values=values, at=at)


def may_edit(actor: Actor, item: ActionItem) -> bool:
    """Its owner, who made it, and who sets targets may change it."""
    return actor.user_id in (item.owner_id, item.made_by_id) or may(actor, Right.EDIT_TARGETS)


def _editable(actor: Actor, item_id: int) -> ActionItem:
    item = item_for(actor=actor, item_id=item_id)
    if not may_edit(actor, item):
        raise NotAllowedError(_("Only its owner, its maker and a sales manager may change it."))
    return item


def _check(
    actor: Actor, *, owner: User | None, company: Company | None, needs_owner: bool = False
) -> None:
    if needs_owner:
        raise ActionItemRefusedError(_("Say who does it."))
    if owner is not None and not owners_for(actor).filter(pk=owner.pk).exists():
        raise NotFoundError(_("This person does not exist."))
    if company is not None:
        company_for(actor=actor, company_id=company.pk)


def _is_ours(url: str) -> bool:
    """A path of this installation, also for a browser that drops tabs and turns backslashes."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
