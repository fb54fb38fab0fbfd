"""How do companies and contacts come in from a file?"""

from collections.abc import Callable, Sequence
from typing import Any

from koers.core.imports.dependent import upsert
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, Rows, RunContext
from koers.core.imports.lookups import Lookup
from koers.core.imports.names import detail_of, name_creator
from koers.core.imports.records import Prepared, RecordApplier
from koers.customers.models import Company, Contact, Segment, Site
from koers.organisation.actions.importing import person_creator, territory_creator
from koers.organisation.models import BusinessUnit, Territory, User

PLAIN = (
    "industry",
    "city",
    "country",
    "phone",
    "email",
    "website",
    "registration_number",
    "vat_number",
    "notes",
)
ADDRESS = ("street", "postcode", "region")


def company_creator(context: RunContext) -> Callable[[list[str]], dict[str, int]]:
    """Makes customers a file of orders names, with what its lines say of them."""
    segments = Lookup(
        context,
        Segment,
        "segment",
        "name",
        create=name_creator(context, Segment, "segment", "company"),
    )
    details = detail_of(
        context,
        "customer",
        {"customer_name": "name", "country": "country", "city": "city", "segment": "segment"},
    )
    prefix = str(context.plan.options.get("customer_prefix", ""))

    def with_segment(key: str) -> dict[str, Any]:
        found = details(key)
        segment = found.pop("segment", None)
        segments.load([segment])
        if segment:
            found["segment_id"] = segments.get(segment)
        found.setdefault("name", f"{prefix}{key}")
        return found

    return name_creator(context, Company, "company", "company", details=with_segment, external=True)


class CompanyApplier(RecordApplier):
    """A row is a company with, at most, one visiting address."""

    model, noun, part, natural_column = Company, "company", "company", "name"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.segments = Lookup(
            context,
            Segment,
            "segment",
            "name",
            create=name_creator(context, Segment, "segment", "company"),
        )
        self.territories = Lookup(
            context, Territory, "territory", "name", create=territory_creator(context)
        )
        self.units = Lookup(context, BusinessUnit, "business_unit", "name",
                            create=name_creator(context, BusinessUnit, "business_unit", "sbu"))  # fmt: skip
        self.owners = Lookup(context, User, "person", "full_name", create=person_creator(context))
        self.emails = Lookup(context, User, "person_email", "email", similar=False)
        self._parents: list[tuple[str, str]] = []

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve segment, territory, unit and owner."""
        self.segments.load(row.get("segment") for row in rows)
        self.territories.load(row.get("territory") for row in rows)
        self.units.load(row.get("business_unit") for row in rows)
        owners = [row.get("owner") for row in rows]
        self.emails.load(owner for owner in owners if owner and "@" in owner)
        self.owners.load(owner for owner in owners if owner and self.emails.get(owner) is None)
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared | Rejection:
        key = row.get("external_id") or self._matched(row)
        if row.get("parent") and row["parent"] in (key, row["name"]):
            return Rejection(
                number, "parent", row["parent"], "own_parent", {"value": row["parent"]}
            )
        values: dict[str, Any] = {"name": row["name"]}
        values.update({name: row[name] for name in PLAIN if row.get(name)})
        for field, column, lookup in (("segment", "segment_id", self.segments), ("territory", "territory_id", self.territories),
                                      ("business_unit", "business_unit_id", self.units)):  # fmt: skip
            if row.get(field):
                values[column] = lookup.get(row[field])
        if row.get("owner"):
            values["owner_id"] = self.emails.get(row["owner"]) or self.owners.get(row["owner"])
        if row.get("employees") is not None:
            values["employees"] = max(0, row["employees"])
        if row.get("customer_since"):
            values["customer_since"] = row["customer_since"].isoformat()
        extra = {name: row[name] for name in ADDRESS if row.get(name)}
        if row.get("parent"):
            extra["parent"] = row["parent"]
        return Prepared(number, key, values, natural=self._natural(row), extra=extra)

    def _matched(self, row: dict[str, Any]) -> str:
        chosen = self.context.plan.match_by
        return str(row.get(chosen) or row["name"]) if chosen else str(row["name"])

    def _natural(self, row: dict[str, Any]) -> str:
        """Records are told apart by name only where the file gives no id, for names repeat."""
        if row.get("external_id") and self.context.plan.match_by in ("", "external_id"):
            return ""
        return str(row["name"])

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Keep the address as the company's visiting address; parents follow at the end."""
        sites = []
        for row_id, item in written:
            address = {name: item.extra[name] for name in ADDRESS if name in item.extra}
            if address:
                place: dict[str, Any] = {
                    name: item.values[name] for name in ("city", "country") if name in item.values
                }
                sites.append({"company_id": row_id, "kind": "visit", **address, **place})
            if "parent" in item.extra:
                self._parents.append((item.key, item.extra["parent"]))
        upsert(self.context, Site, "site", ("company_id", "kind"), sites)

    def replay(self, rows: Rows) -> None:
        """Remember the parents an earlier attempt read and did not live to tie."""
        for row in rows.dicts():
            key = row.get("external_id") or self._matched(row)
            if row.get("parent") and row["parent"] not in (key, row["name"]):
                self._parents.append((key, row["parent"]))

    def finish(self) -> None:
        """Tie subsidiaries to their parents, which may stand further down in the file."""
        if self.context.dry or not self._parents:
            return
        lookup = Lookup(self.context, Company, "company", "name")
        lookup.load(name for pair in self._parents for name in pair)
        for child, parent in self._parents:
            child_id, parent_id = lookup.get(child), lookup.get(parent)
            if parent_id is None:
                self.context.notes["parents_not_found"] += 1
            elif child_id != parent_id:
                Company.objects.filter(pk=child_id or 0, import_run_id=self.context.run_id).update(
                    parent_id=parent_id
                )


class ContactApplier(RecordApplier):
    """A row is a contact; the company is found by id, name or e-mail domain, or made."""

    model, noun, part, natural_column, label_column = (
        Contact,
        "contact",
        "company",
        "email",
        "last_name",
    )

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.companies = Lookup(context, Company, "company", "name",
                                create=name_creator(context, Company, "company", "company", external=False))  # fmt: skip

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Split a full name where first and last names are not given apart."""
        self.companies.load(row.get("company") for row in rows)
        prepared: list[Prepared | Rejection] = []
        for row, number in zip(rows, numbers, strict=True):
            first, last = row.get("first_name") or "", row.get("last_name") or ""
            if not last and row.get("full_name"):
                first, _, last = row["full_name"].rpartition(" ")
            if not last:
                first, last = "", first
            if not last:
                prepared.append(Rejection(number, "last_name", "", "required"))
                continue
            values: dict[str, Any] = {"first_name": first, "last_name": last}
            values.update(
                {
                    name: row[name]
                    for name in ("job_title", "email", "phone", "mobile", "language", "notes")
                    if row.get(name)
                }
            )
            if row.get("company"):
                values["company_id"] = self.companies.get(row["company"])
            email = row.get("email") or ""
            key = row.get("external_id") or email or f"{first} {last} @ {row.get('company') or ''}"
            prepared.append(Prepared(number, key, values, natural=email))
        return prepared


KINDS = (
    ImportKind(
        "companies", "Companies", "Relaties",
        (
            FieldSpec("name", "Name", "Naam", required=True, synonyms=(
                "company name", "account name", "reseller name", "bedrijfsnaam", "organization name", "organization", "account", "company", "klant", "relatie")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=(
                "record id", "reseller key", "debiteurnummer", "relatiecode", "klantnummer", "account id", "company id", "id")),
            FieldSpec("segment", "Segment", "Segment", max_length=120, synonyms=("business type", "sector", "marktsegment")),
            FieldSpec("industry", "Industry", "Branche", max_length=120, synonyms=("branche",)),
            FieldSpec("owner", "Account manager (id, name or e-mail)", "Accountmanager (nummer, naam of e-mail)", synonyms=(
                "company owner", "owner", "account owner", "account manager", "organization owner", "assigned user", "accountmanager")),
            FieldSpec("territory", "Territory", "Rayon", max_length=120, synonyms=("sales territory key", "region", "regio")),
            FieldSpec("business_unit", "Business unit", "Business unit", max_length=120, synonyms=("sbu",)),
            FieldSpec("parent", "Parent company (id or name)", "Moederbedrijf (nummer of naam)", synonyms=("subsidiary of", "parent account", "moeder")),
            FieldSpec("street", "Street", "Straat", synonyms=("address line1", "street address", "adres", "billing street", "address")),
            FieldSpec("postcode", "Postcode", "Postcode", max_length=20, synonyms=("postal code", "zip", "billing zip", "postal")),
            FieldSpec("city", "City", "Plaats", max_length=120, synonyms=("billing city", "woonplaats", "vestigingsplaats")),
            FieldSpec("region", "Province or state", "Provincie", max_length=120, synonyms=("state", "state region", "province")),
            FieldSpec("country", "Country", "Land", FieldType.COUNTRY, soft=True, synonyms=("country region", "billing country", "office location")),
            FieldSpec("phone", "Phone", "Telefoon", max_length=60, synonyms=("phone number", "telefoonnummer")),
            FieldSpec("email", "E-mail", "E-mail", FieldType.EMAIL, synonyms=("e-mailadres", "email address")),
            FieldSpec("website", "Website", "Website", synonyms=("domain", "company domain", "url")),
            FieldSpec("registration_number", "Registration number (KvK)", "KvK-nummer", max_length=40, synonyms=("kvk", "kvk nummer", "coc")),
            FieldSpec("vat_number", "VAT number", "Btw-nummer", max_length=20, synonyms=("btw nummer", "vat", "btw")),
            FieldSpec("employees", "Employees", "Medewerkers", FieldType.INTEGER, synonyms=("number employees", "number of employees", "aantal medewerkers")),
            FieldSpec("customer_since", "Customer since", "Klant sinds", FieldType.DATE, synonyms=("create date", "klant sinds")),
            FieldSpec("notes", "Notes", "Opmerkingen", max_length=5000, synonyms=("description", "omschrijving")),
        ),
        CompanyApplier, ("external_id", "name", "vat_number", "registration_number", "email"),
    ),
    ImportKind(
        "contacts", "Contacts", "Contactpersonen",
        (
            FieldSpec("first_name", "First name", "Voornaam", max_length=120, synonyms=("firstname", "person first name")),
            FieldSpec("last_name", "Last name", "Achternaam", max_length=120, synonyms=("lastname", "surname", "person last name")),
            FieldSpec("full_name", "Full name", "Volledige naam", max_length=240, synonyms=("person name", "name", "naam", "contactpersoon")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("contact id", "record id", "id")),
            FieldSpec("company", "Company (id or name)", "Relatie (nummer of naam)", synonyms=(
                "account name", "organization name", "company name", "associated company", "associated company domain", "bedrijf", "account")),
            FieldSpec("job_title", "Function", "Functie", max_length=160, synonyms=("title", "job title")),
            FieldSpec("email", "E-mail", "E-mail", FieldType.EMAIL, synonyms=("email address", "e-mailadres", "person email work", "mail")),
            FieldSpec("phone", "Phone", "Telefoon", max_length=60, synonyms=("phone number", "office phone", "person phone")),
            FieldSpec("mobile", "Mobile", "Mobiel", max_length=60, synonyms=("mobile phone number", "mobile phone")),
            FieldSpec("notes", "Notes", "Opmerkingen", max_length=5000, synonyms=("description",)),
        ),
        ContactApplier, ("external_id", "email"),
    ),
)  # fmt: skip
