"""What would a bulk change of companies do, before it is done?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.customers.models import Company, Segment
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import BusinessUnit, Territory, User
from koers.organisation.policies import Right, require

SHOWN = 6
NAMES = {"owner_id": User, "segment_id": Segment, "territory_id": Territory, "business_unit_id": BusinessUnit}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field: how many companies have which value now, and what all get."""

    name: str
    becomes: str
    now: list[tuple[str, int]]
    others: int


@dataclass(frozen=True, slots=True)
class Preview:
    """How many companies are picked, how many would change, and per field from what to what."""

    picked: int
    changing: int
    fields: list[FieldPreview]

    @property
    def unchanged(self) -> int:
        """Companies that have all of it already."""
        return self.picked - self.changing


def preview_reassignment(
    *, actor: Actor, company_ids: Sequence[int], values: Mapping[str, int | None]
) -> Preview:
    """Count what ``reassign`` would do to the companies the actor sees among these."""
    require(actor, Right.REASSIGN_CUSTOMERS)
    rows = companies_visible_to(actor).filter(pk__in=company_ids).order_by()
    return Preview(
        picked=rows.count(),
        changing=rows.exclude(**_equal(values)).count(),
        fields=[_field(rows, name, wanted) for name, wanted in values.items()],
    )


def _equal(values: Mapping[str, int | None]) -> dict[str, int | bool]:
    return {
        (f"{name}__isnull" if value is None else name): True if value is None else value
        for name, value in values.items()
    }


def _field(rows: QuerySet[Company], name: str, wanted: int | None) -> FieldPreview:
    counts = [
        (row[name], row["number"])
        for row in rows.values(name).annotate(number=Count("pk")).order_by("-number", name)
    ]
    keys = {key for key, _number in counts[:SHOWN]} | {wanted}
    labels = {
        each.pk: str(each) for each in NAMES[name]._default_manager.filter(pk__in=keys - {None})
    }
    nothing = _("none")
    return FieldPreview(
        name=name,
        becomes=labels.get(wanted, nothing) if wanted is not None else nothing,
        now=[(labels.get(key, nothing), number) for key, number in counts[:SHOWN]],
        others=sum(number for _key, number in counts[SHOWN:]),
    )
