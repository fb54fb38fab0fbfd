"""How do leads come in from a fair, a website or another CRM?"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from koers.core.imports.dependent import keep_before
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup, batches
from koers.core.imports.records import Prepared, RecordApplier
from koers.customers.models import Company
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import User
from koers.sell.models import Lead, LeadSource, LeadStatus
from koers.sell.queries.lead import OwnerBook, companies_by_address
from koers.sell.queries.lead_score import score_of

LONGEST_KEY = 200
TEXTS = ("company_name", "first_name", "last_name", "job_title", "email", "phone", "city", "need", "source_detail")  # fmt: skip
SOURCES = tuple(
    (text, str(source.value))
    for source, texts in {
        LeadSource.REFERENCE: ("reference", "referral", "referentie", "word of mouth", "partner"),
        LeadSource.CUSTOMER: ("customer", "existing customer", "klant", "bestaande klant"),
        LeadSource.FAIR: ("fair", "trade fair", "trade show", "tradeshow", "exhibition", "event", "beurs", "vakbeurs"),
        LeadSource.WEBSITE: ("website", "web", "web form", "web site", "site", "webformulier"),
        LeadSource.CAMPAIGN: ("campaign", "email campaign", "mass mailing", "campagne", "mailing"),
        LeadSource.ADVERTISEMENT: ("advertisement", "advertising", "ad", "ads", "advertentie"),
        LeadSource.COLD: ("cold calling", "cold call", "cold", "koude acquisitie", "koud gebeld"),
        LeadSource.LIST: ("list", "bought list", "purchased list", "adressenlijst", "lijst", "gekochte lijst"),
        LeadSource.OTHER: ("other", "overig", "anders", "overige"),
    }.items()
    for text in texts
)  # fmt: skip


class LeadApplier(RecordApplier):
    """A row is a lead; without an owner a new one goes to whom the rule names, a known one keeps its own."""

    model, noun, part, label_column = Lead, "lead", "lead", "company_name"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.owners = Lookup(context, User, "person", "full_name")
        self.companies = Lookup(context, Company, "company", "name")
        self.sellers = set(owners_visible_to(context.actor).values_list("pk", flat=True))
        self.today = timezone.localdate(context.at)
        self._book: OwnerBook | None = None
        self._nearest: dict[int, list[Company]] = {}

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve the owner, and the company that a row without an owner may be already."""
        self.owners.load(row.get("owner") for row in rows)
        self._find_companies(rows, numbers)
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def starting_values(self, item: Prepared) -> dict[str, Any]:
        """A new lead is received today and is somebody's, unless the file says otherwise."""
        values: dict[str, Any] = {
            "status": LeadStatus.NEW.value, "source": LeadSource.OTHER.value, "made": "[]",
            "received_on": self.today.isoformat(), "currency": self.context.plan.currency,
        }  # fmt: skip
        if "owner_id" not in item.values:
            if self._book is None:
                self._book = OwnerBook(self.context.actor)
            owner, because = self._book.propose(
                self._nearest.get(item.row, ()), item.values.get("city", "")
            )
            values |= {"owner_id": owner and owner.pk, "proposed_because": because[:LONGEST_KEY]}
        return values

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Count the points of each lead again, as on screen."""
        for ids in batches({row_id for row_id, _item in written}):
            changed = []
            for lead in Lead.objects.filter(pk__in=ids):
                before, lead.score = lead.score, score_of(lead)
                if before == lead.score:
                    continue
                if lead.import_run_id != self.context.run_id:
                    keep_before(self.context, self.noun, lead.pk, {"score": before}, created=set())
                changed.append(lead)
            Lead.objects.bulk_update(changed, ["score"])

    def _find_companies(self, rows: list[dict[str, Any]], numbers: Sequence[int]) -> None:
        """Companies by name and by e-mail address, for all rows of the chunk at once."""
        asking = [(number, row) for number, row in zip(numbers, rows, strict=True) if not row.get("owner")]  # fmt: skip
        self.companies.load(row.get("company_name") for _number, row in asking)
        ids = {self.companies.get(row.get("company_name")) for _number, row in asking} - {None}
        visible = companies_visible_to(self.context.actor).select_related("owner")
        by_id = {each.pk: each for part in batches(ids) for each in visible.filter(pk__in=part)}
        by_address = companies_by_address(
            self.context.actor, (row.get("email") or "" for _number, row in asking)
        )
        self._nearest = {}
        for number, row in asking:
            near = (by_id.get(self.companies.get(row.get("company_name")) or 0), by_address.get((row.get("email") or "").lower()))  # fmt: skip
            self._nearest[number] = [each for each in near if each is not None]

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared | Rejection:
        refused = self._refused(row, number)
        if refused is not None:
            return refused
        values: dict[str, Any] = {name: row[name] or "" for name in TEXTS if name in row}
        for name in ("source", "cost", "currency"):
            if row.get(name) is not None:
                values[name] = row[name]
        if row.get("received_on"):
            values["received_on"] = row["received_on"].isoformat()
        if row.get("owner"):
            values |= {"owner_id": self.owners.get(row["owner"]), "proposed_because": ""}
        return Prepared(number, row.get("external_id") or _key_of(row), values)

    def _refused(self, row: dict[str, Any], number: int) -> Rejection | None:
        if not row.get("company_name") and not row.get("last_name"):
            return Rejection(number, "company_name", row.get("first_name") or "", "nameless_lead")
        if row.get("cost") is not None and row["cost"] < 0:
            return Rejection(number, "cost", str(row["cost"] / 10_000), "negative_cost")
        if row.get("received_on") and row["received_on"] > self.today:
            return Rejection(number, "received_on", row["received_on"].isoformat(), "day_to_come")
        return self._owner_refused(row["owner"], number) if row.get("owner") else None

    def _owner_refused(self, text: str, number: int) -> Rejection | None:
        owner = self.owners.get(text)
        if owner is None:
            told = {"noun": "person", "value": text}
            return Rejection(number, "owner", text, "unknown_reference", told)
        return None if owner in self.sellers else Rejection(number, "owner", text, "not_a_seller")


def _key_of(row: dict[str, Any]) -> str:
    """What tells a lead of a file without ids: company and person, or the address where no person is named."""
    names = [row.get("company_name"), row.get("first_name"), row.get("last_name")]
    if not row.get("last_name"):
        names.append(row.get("email"))
    key = "|".join((name or "").casefold() for name in names)
    if len(key) <= LONGEST_KEY:
        return key
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


KINDS = (
    ImportKind(
        "leads", "Leads", "Leads",
        (
            FieldSpec("company_name", "Company", "Bedrijf", synonyms=(
                "company name", "organization", "organization name", "account name", "bedrijfsnaam", "firma", "lead company", "lead title")),
            FieldSpec("first_name", "First name", "Voornaam", max_length=120, synonyms=("given name",)),
            FieldSpec("last_name", "Last name", "Achternaam", max_length=120, synonyms=("surname", "family name", "contact person", "person name", "naam")),
            FieldSpec("job_title", "Job title", "Functie", max_length=160, synonyms=("title", "position", "functietitel")),
            FieldSpec("email", "E-mail", "E-mail", FieldType.EMAIL, soft=True, max_length=254, synonyms=("email address", "e mail", "mail", "e-mailadres", "email")),
            FieldSpec("phone", "Phone", "Telefoon", max_length=60, synonyms=("phone number", "telephone", "mobile", "telefoonnummer")),
            FieldSpec("city", "Town", "Plaats", max_length=120, synonyms=("city", "woonplaats")),
            FieldSpec("need", "What is needed", "Behoefte", max_length=4_000, synonyms=("need", "description", "notes", "message", "vraag", "bericht", "omschrijving", "opmerkingen")),
            FieldSpec("source", "Source", "Herkomst", FieldType.CHOICE, soft=True, choices=SOURCES, synonyms=("lead source", "original source", "bron")),
            FieldSpec("source_detail", "Which fair, campaign or reference", "Welke beurs, campagne of referentie", max_length=120, synonyms=(
                "source description", "source detail", "campaign name", "lead source description", "beurs", "campagne")),
            FieldSpec("cost", "Cost of this lead", "Kosten van deze lead", FieldType.AMOUNT, synonyms=("lead cost", "cost", "cost per lead", "kosten")),
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY),
            FieldSpec("received_on", "Received on", "Ontvangen op", FieldType.DATE, synonyms=("created date", "create date", "date", "datum", "lead created", "created on")),
            FieldSpec("owner", "Owner (id or name)", "Eigenaar (nummer of naam)", synonyms=("lead owner", "owner", "assigned to", "assigned user", "toegewezen aan", "eigenaar", "verkoper")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("lead id", "id", "record id")),
        ),
        LeadApplier, ("external_id",),
    ),
)  # fmt: skip
