"""How do targets come in, from one quota date to the next?"""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from koers.catalogue.models import ProductGroup
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup
from koers.core.imports.records import Prepared, RecordApplier
from koers.organisation.actions.importing import person_creator, territory_creator
from koers.organisation.models import Territory, User
from koers.plan.models import Target

QUARTER = timedelta(days=91)


class TargetApplier(RecordApplier):
    """A row is a target; without an end its period runs to the next quota date of the file."""

    model, noun, part, label_column = Target, "target", "target", "period_start"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.people = Lookup(context, User, "person", "full_name", create=person_creator(context))
        self.territories = Lookup(
            context, Territory, "territory", "name", create=territory_creator(context)
        )
        self.groups = Lookup(context, ProductGroup, "product_group", "name")

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Targets without an end get the next start known in the file; the last one the length before it."""
        self.people.load(row.get("person") for row in rows)
        self.territories.load(row.get("territory") for row in rows)
        self.groups.load(row.get("product_group") for row in rows)
        ends = self._ends({row["period_start"] for row in rows if not row.get("period_end")})
        return [
            self._prepared(row, number, ends) for row, number in zip(rows, numbers, strict=True)
        ]

    def _ends(self, starts: set[date]) -> dict[date, date]:
        known = sorted(
            {
                *starts,
                *Target.objects.filter(import_run_id=self.context.run_id).values_list(
                    "period_start", flat=True
                ),
            }
        )
        ends = dict(itertools.pairwise(known))
        if known:
            last = known[-1]
            ends[last] = _last_end(known)
        return ends

    def _prepared(
        self, row: dict[str, Any], number: int, ends: dict[date, date]
    ) -> Prepared | Rejection:
        start = row["period_start"]
        end = row.get("period_end") or ends[start]
        if end <= start:
            return Rejection(number, "period_end", end.isoformat(), "period_empty")
        if row["amount"] < 0:
            return Rejection(number, "amount", str(row["amount"] / 10_000), "negative_target")
        values: dict[str, Any] = {
            "period_start": start.isoformat(), "period_end": end.isoformat(), "amount": row["amount"],
            "currency": row.get("currency") or self.context.plan.currency,
        }  # fmt: skip
        for field, column, lookup in (("person", "person_id", self.people), ("territory", "territory_id", self.territories),
                                      ("product_group", "product_group_id", self.groups)):  # fmt: skip
            if row.get(field):
                found = lookup.get(row[field])
                if found is None:
                    return Rejection(
                        number,
                        field,
                        row[field],
                        "unknown_reference",
                        {"noun": field, "value": row[field]},
                    )
                values[column] = found
        scope = ":".join(
            str(row.get(field) or "") for field in ("person", "territory", "product_group")
        )
        return Prepared(number, row.get("external_id") or f"{scope}:{start.isoformat()}", values)


def _last_end(starts: list[date]) -> date:
    """The last period is as long as the same one a year before, else as the one before it, else a quarter."""
    last = starts[-1]
    lengths = dict(
        zip(
            starts,
            (later - earlier for earlier, later in itertools.pairwise(starts)),
            strict=False,
        )
    )
    year_ago = [start for start in starts[:-1] if abs((last - start).days - 365) <= 10]
    if year_ago:
        return last + lengths[year_ago[-1]]
    return last + (lengths[starts[-2]] if len(starts) > 1 else QUARTER)


KINDS = (
    ImportKind(
        "targets", "Targets", "Taakstellingen",
        (
            FieldSpec("period_start", "Quota date (start)", "Begindatum", FieldType.DATE, required=True, synonyms=("date", "start", "datum", "quota date", "van")),
            FieldSpec("period_end", "End (excluded)", "Einddatum (niet inbegrepen)", FieldType.DATE, synonyms=("end", "tot")),
            FieldSpec("amount", "Target", "Taakstelling", FieldType.AMOUNT, required=True, synonyms=("quota", "sales amount quota", "target amount", "doel", "target")),
            FieldSpec("person", "Person (id or name)", "Medewerker (nummer of naam)", synonyms=("employee key", "seller", "verkoper", "salesperson")),
            FieldSpec("territory", "Territory", "Rayon", max_length=120, synonyms=("region", "regio")),
            FieldSpec("product_group", "Product group", "Productgroep", max_length=120),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("sales quota key", "id")),
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY),
        ),
        TargetApplier, ("external_id",),
    ),
)  # fmt: skip
