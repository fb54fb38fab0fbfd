"""How do opportunities of another CRM come in?"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from koers.catalogue.models import Product
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup, batches
from koers.core.imports.names import name_creator
from koers.core.imports.records import Prepared, RecordApplier
from koers.customers.models import Company
from koers.organisation.actions.importing import person_creator
from koers.organisation.models import User
from koers.sell.actions.approach import fill_approaches
from koers.sell.actions.importing_stages import StageBook, write_history
from koers.sell.models import BuyingSituation, Opportunity, SellingRole

SITUATIONS = tuple(
    (text, str(situation.value))
    for situation, texts in {
        BuyingSituation.NEW_TASK: ("new task", "new_task", "new", "nieuw", "nieuwe aankoop", "new buy"),
        BuyingSituation.MODIFIED: ("modified rebuy", "modified", "gewijzigde heraankoop", "gewijzigd"),
        BuyingSituation.STRAIGHT: ("straight rebuy", "straight", "rebuy", "herhaalde aankoop", "herhaling"),
    }.items()
    for text in texts
)  # fmt: skip
ROLES = tuple(
    (text, str(role.value))
    for role, texts in {
        SellingRole.TRANSACTIONAL: ("transactional", "transactional selling", "transactiegericht"),
        SellingRole.SOLUTION: ("solution", "solution selling"),
        SellingRole.CONSULTATIVE: ("consultative", "consultative selling"),
        SellingRole.STRATEGIC: ("strategic", "strategic selling"),
        SellingRole.INTEGRATED: ("integrated", "integrated selling"),
    }.items()
    for text in texts
)  # fmt: skip


class OpportunityApplier(RecordApplier):
    """A row is an opportunity; its company is found or made, its product must exist."""

    model, noun, part = Opportunity, "opportunity", "opportunity"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.companies = Lookup(context, Company, "company", "name",
                                create=name_creator(context, Company, "company", "company", external=False))  # fmt: skip
        self.products = Lookup(context, Product, "product", "name")
        self.owners = Lookup(context, User, "person", "full_name", create=person_creator(context))
        self.stages = StageBook(context)

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve company, product and owner; tell won and lost by the stage's name."""
        self.companies.load(row.get("company") for row in rows)
        self.products.load(row.get("product") for row in rows)
        self.owners.load(row.get("owner") for row in rows)
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Add to the history how the opportunities stand now; tell the buying situation of the new ones."""
        write_history(self.context, (row_id for row_id, _item in written))
        for ids in batches({row_id for row_id, _item in written}):
            new = Opportunity.objects.filter(pk__in=ids, import_run_id=self.context.run_id)
            fill_approaches(
                new.select_related("company", "product__group"),
                today=timezone.localdate(self.context.at),
            )

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared | Rejection:
        product = self.products.get(row.get("product"))
        if row.get("product") and product is None:
            return Rejection(
                number,
                "product",
                row["product"],
                "unknown_reference",
                {"noun": "product", "value": row["product"]},
            )
        stage, kind = self.stages.find(
            row.get("pipeline") or "", row.get("stage") or _stage_of(row)
        )
        name = (
            row.get("name")
            or " – ".join(part for part in (row.get("company"), row.get("product")) if part)
            or row.get("external_id")
        )
        values: dict[str, Any] = {
            "name": name or "–", "stage_id": stage, "stage_kind": kind,
            "currency": row.get("currency") or self.context.plan.currency, "product_id": product,
            "company_id": self.companies.get(row.get("company")), "owner_id": self.owners.get(row.get("owner")),
            "amount": row.get("amount"), "lost_reason": row.get("lost_reason") or "",
            "competitor": row.get("competitor") or "",
        }  # fmt: skip
        values |= {name: row[name] or "" for name in ("need", "buying_process") if name in row}
        for name, because in (("buying_situation", "situation_because"), ("selling_role", "role_because")):  # fmt: skip
            if row.get(name):
                values |= {name: row[name], because: _("as the file said")}
        for field in ("opened_on", "expected_close_on", "closed_on"):
            values[field] = row[field].isoformat() if row.get(field) else None
        if not row.get("company"):
            self.context.notes["opportunities_without_company"] += 1
        return Prepared(number, row.get("external_id") or values["name"], values)


def _stage_of(row: dict[str, Any]) -> str:
    """A stage for files that only say whether a deal is closed, and won."""
    if row.get("is_won"):
        return "Closed won"
    return "Closed lost" if row.get("is_closed") else "Open"


KINDS = (
    ImportKind(
        "opportunities", "Opportunities", "Verkoopkansen",
        (
            FieldSpec("name", "Name", "Naam", synonyms=("deal name", "deal title", "opportunity name", "title")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("opportunity id", "deal id", "id", "record id")),
            FieldSpec("company", "Company (id or name)", "Relatie (nummer of naam)", synonyms=(
                "account", "account name", "organization name", "organization", "account id", "hubspot company id", "company")),
            FieldSpec("owner", "Owner (id or name)", "Eigenaar (nummer of naam)", synonyms=("sales agent", "deal owner", "owner id", "owner")),
            FieldSpec("product", "Product", "Product"),
            FieldSpec("stage", "Stage", "Fase", max_length=80, synonyms=("deal stage", "stage name", "status", "pipeline stage")),
            FieldSpec("pipeline", "Pipeline", "Pijplijn", max_length=80, synonyms=("pipeline name", "deal pipeline")),
            FieldSpec("is_won", "Won (yes/no)", "Gewonnen (ja/nee)", FieldType.BOOLEAN, synonyms=("is closed won", "is won")),
            FieldSpec("is_closed", "Closed (yes/no)", "Gesloten (ja/nee)", FieldType.BOOLEAN, synonyms=("is closed",)),
            FieldSpec("amount", "Amount", "Bedrag", FieldType.AMOUNT, synonyms=("close value", "deal value", "value", "opportunity amount")),
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY, synonyms=("currency iso code", "currency of value")),
            FieldSpec("opened_on", "Opened on", "Geopend op", FieldType.DATE, synonyms=("engage date", "create date", "created date", "creation date")),
            FieldSpec("expected_close_on", "Expected close date", "Verwachte sluitingsdatum", FieldType.DATE, synonyms=("expected close date",)),
            FieldSpec("closed_on", "Closed on", "Gesloten op", FieldType.DATE, synonyms=("close date", "closed on", "won time")),
            FieldSpec("lost_reason", "Lost reason", "Reden van verlies", synonyms=("lost reason",)),
            FieldSpec("competitor", "Competitor", "Concurrent", max_length=120, synonyms=("main competitor",)),
            FieldSpec("buying_situation", "Buying situation", "Aankoopsituatie", FieldType.CHOICE, soft=True, choices=SITUATIONS, synonyms=("buy class", "buyclass")),
            FieldSpec("selling_role", "Selling role", "Verkooprol", FieldType.CHOICE, soft=True, choices=ROLES),
            FieldSpec("need", "Need", "Behoefte", max_length=4_000, synonyms=("customer need", "pain points")),
            FieldSpec("buying_process", "Buying process", "Inkoopproces", max_length=4_000, synonyms=("decision process",)),
        ),
        OpportunityApplier, ("external_id",),
    ),
)  # fmt: skip
