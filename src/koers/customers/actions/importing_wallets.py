"""How does what customers buy a year come in from a file?"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup
from koers.core.imports.records import Prepared, RecordApplier
from koers.customers.models import Company, Wallet

SOURCES = tuple(
    (text, str(source.value))
    for source, texts in {
        Wallet.Source.CUSTOMER: ("customer", "klant"),
        Wallet.Source.REPORT: ("report", "annual report", "jaarverslag"),
        Wallet.Source.TENDER: ("tender", "aanbesteding"),
        Wallet.Source.RESEARCH: ("research", "market research", "marktonderzoek"),
        Wallet.Source.ESTIMATE: ("estimate", "schatting"),
    }.items()
    for text in texts
)


class WalletApplier(RecordApplier):
    """A row says what one company bought a year, on a day; the company must exist."""

    model, noun, part, label_column = Wallet, "wallet", "wallet", "day"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.companies = Lookup(context, Company, "company", "name")
        self.today = timezone.localdate(context.at)

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve the company; refuse purchases of nothing and a day to come."""
        self.companies.load(row.get("company") for row in rows)
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared | Rejection:
        company = self.companies.get(row.get("company"))
        if company is None:
            told = {"noun": "company", "value": row["company"]}
            return Rejection(number, "company", row["company"], "unknown_reference", told)
        if row["amount"] <= 0:
            return Rejection(number, "amount", str(row["amount"] / 10_000), "no_purchases")
        if row["day"] > self.today:
            return Rejection(number, "day", row["day"].isoformat(), "day_to_come")
        day = row["day"].isoformat()
        values = {
            "company_id": company, "day": day, "amount": row["amount"],
            "currency": row.get("currency") or self.context.plan.currency,
            "source": row.get("source") or Wallet.Source.ESTIMATE.value, "note": row.get("note") or "",
        }  # fmt: skip
        return Prepared(number, row.get("external_id") or f"{row['company']}|{day}", values)


KINDS = (
    ImportKind(
        "wallets", "Purchases of customers a year", "Inkoop van klanten per jaar",
        (
            FieldSpec("company", "Company (id or name)", "Relatie (nummer of naam)", required=True, synonyms=(
                "company", "account", "customer", "klant", "organization", "account name")),
            FieldSpec("day", "Known on", "Bekend op", FieldType.DATE, required=True, synonyms=("date", "datum", "as of", "peildatum")),
            FieldSpec("amount", "Purchases a year, all suppliers", "Inkoop per jaar, alle leveranciers", FieldType.AMOUNT, required=True, synonyms=(
                "wallet", "purchases", "spend", "yearly purchases", "annual spend", "inkoop", "inkoopvolume")),
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY),
            FieldSpec("source", "Source", "Bron", FieldType.CHOICE, soft=True, choices=SOURCES),
            FieldSpec("note", "Note", "Opmerking", max_length=300, synonyms=("remark", "toelichting")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("id",)),
        ),
        WalletApplier, ("external_id",),
    ),
)  # fmt: skip
