"""How do many companies get another owner, segment, territory or unit at once, and go back?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import NotFoundError, RuleError
from koers.customers.models import Company, Segment
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import BusinessUnit, Territory, User
from koers.organisation.policies import Right, require

MOST_AT_ONCE = 10_000
BATCH = 500
MODELS = {"owner_id": User, "segment_id": Segment, "territory_id": Territory, "business_unit_id": BusinessUnit}  # fmt: skip
FIELDS = tuple(MODELS)
Values = Mapping[str, int | None]
Item = TypeVar("Item")


class ReassignmentRefusedError(RuleError):
    """These companies cannot be changed like this."""


@dataclass(frozen=True, slots=True)
class Former:
    """Companies that had the same values before a bulk change."""

    values: dict[str, int | None]
    company_ids: list[int]


@transaction.atomic
def reassign(
    *, actor: Actor, company_ids: Sequence[int], values: Values, at: datetime
) -> list[Former]:
    """Give many companies another owner, segment, territory or business unit; None clears one.

    Companies the actor may not see, and those that have the values already, stay as they are.
    Returns what the others had, for ``undo_reassign``. Refuses more than 10,000 companies.
    """
    require(actor, Right.REASSIGN_CUSTOMERS)
    check_values(actor, values)
    if len(company_ids) > MOST_AT_ONCE:
        raise too_many()
    return _give(actor, company_ids, values, at)


@transaction.atomic
def undo_reassign(
    *, actor: Actor, given: Values, former: Sequence[Former], at: datetime
) -> tuple[int, int]:
    """Give companies back what they had; returns how many went back, and how many did not.

    A company somebody changed since, so that it no longer has all the ``given`` values, keeps
    what it has now.
    """
    require(actor, Right.REASSIGN_CUSTOMERS)
    back = 0
    total = sum(len(group.company_ids) for group in former)
    if total > MOST_AT_ONCE:
        raise too_many()
    for group in former:
        check_values(actor, group.values, giving_back=True)
        still = [
            key
            for part in _batches(group.company_ids)
            for key in Company.objects.filter(pk__in=part, **given).values_list("pk", flat=True)
        ]
        back += sum(len(each.company_ids) for each in _give(actor, still, group.values, at))
    return back, total - back


def too_many() -> ReassignmentRefusedError:
    """The refusal of a change that is too large for one go."""
    return ReassignmentRefusedError(
        _("At most %(count)s companies can be changed at once.") % {"count": MOST_AT_ONCE}
    )


def check_values(actor: Actor, values: Values, *, giving_back: bool = False) -> None:
    """Refuse unknown fields, records that do not exist, and owners the actor does not see."""
    if not values or set(values) - set(FIELDS):
        raise ReassignmentRefusedError(
            _("Choose what to change: account manager, segment, territory or business unit.")
        )
    if "owner_id" in values:
        owner = values["owner_id"]
        if owner is None and not actor.sees_all and not giving_back:
            raise ReassignmentRefusedError(_("You would no longer see a customer without owner."))
        people = User.objects.all() if giving_back else owners_visible_to(actor)
        if owner is not None and not people.filter(pk=owner).exists():
            raise NotFoundError(_("This person does not exist."))
    for name in FIELDS[1:]:
        wanted = values.get(name)
        if wanted is not None and not MODELS[name]._default_manager.filter(pk=wanted).exists():
            raise ReassignmentRefusedError(_("This choice no longer exists; reload the list."))


def _give(actor: Actor, company_ids: Sequence[int], values: Values, at: datetime) -> list[Former]:
    groups: dict[tuple[int | None, ...], list[int]] = {}
    becomes = {
        name: None if value is None else MODELS[name]._default_manager.get(pk=value)
        for name, value in values.items()
    }
    for part in _batches(company_ids):
        entries = []
        changed: list[int] = []
        for company in _locked(companies_visible_to(actor).filter(pk__in=part)):
            had = {name: getattr(company, name) for name in values}
            if had == dict(values):
                continue
            groups.setdefault(tuple(had.values()), []).append(company.pk)
            changed.append(company.pk)
            changes = {
                name.removesuffix("_id"): audit.Change(
                    getattr(company, name.removesuffix("_id")), becomes[name]
                )
                for name in values
                if had[name] != values[name]
            }
            entries.append(
                audit.entry_values(actor=actor, at=at, verb="change", obj=company, changes=changes)
            )
        Company.objects.filter(pk__in=changed).update(version=F("version") + 1, **values)
        audit.record_many(entries)
    if groups:
        mark_changed("company")
    return [Former(dict(zip(values, had, strict=True)), keys) for had, keys in groups.items()]


def _locked(rows: QuerySet[Company]) -> QuerySet[Company]:
    related = (name.removesuffix("_id") for name in FIELDS)
    return rows.select_related(*related).order_by("pk").select_for_update(of=("self",))


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), BATCH):
        yield items[first : first + BATCH]
