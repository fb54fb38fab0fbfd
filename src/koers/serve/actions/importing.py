"""How do answers of a survey held elsewhere come in?"""

from collections.abc import Sequence
from typing import Any

from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup
from koers.core.imports.records import Prepared, RecordApplier
from koers.customers.models import Company, Contact
from koers.serve.models import Feedback
from koers.serve.models.feedback import HIGHEST, SCORES, Channel


class FeedbackApplier(RecordApplier):
    """A row is one answer; its company must exist, its contact is found by e-mail among that company's."""

    model, noun, part, label_column = Feedback, "feedback", "feedback", "day"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.companies = Lookup(context, Company, "company", "name")

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve company and contact; refuse a score that is none."""
        self.companies.load(row.get("company") for row in rows)
        contacts = self._contacts(rows)
        return [self._prepared(row, number, contacts) for row, number in zip(rows, numbers, strict=True)]  # fmt: skip

    def _contacts(self, rows: list[dict[str, Any]]) -> dict[tuple[int | None, str], int]:
        mails = {row["contact"].casefold() for row in rows if row.get("contact")}
        companies = [key for row in rows if (key := self.companies.get(row.get("company")))]
        if not mails or not companies:
            return {}
        found = Contact.objects.filter(company_id__in=companies, deleted_at=None).exclude(email="")
        return {
            (company, mail.casefold()): key
            for key, company, mail in found.order_by("-id").values_list("id", "company_id", "email")
            if mail.casefold() in mails
        }

    def _prepared(
        self, row: dict[str, Any], number: int, contacts: dict[tuple[int | None, str], int]
    ) -> Prepared | Rejection:
        company = self.companies.get(row.get("company"))
        if company is None:
            told = {"noun": "company", "value": row["company"]}
            return Rejection(number, "company", row["company"], "unknown_reference", told)
        scores = {name: row.get(name) for name in SCORES}
        for name, score in scores.items():
            if score is not None and not 0 <= score <= HIGHEST:
                return Rejection(number, name, str(score), "score_out_of_range", {"value": str(score)})  # fmt: skip
        if not row.get("comment") and all(score is None for score in scores.values()):
            return Rejection(number, "nps", "", "no_answer")
        mail = (row.get("contact") or "").casefold()
        contact = contacts.get((company, mail)) if mail else None
        if mail and contact is None:
            self.context.notes["contacts_not_found"] += 1
        day = row["day"].isoformat()
        values = {
            "company_id": company, "contact_id": contact, "day": day, "channel": Channel.IMPORT.value,
            "comment": row.get("comment") or "", **scores,
        }  # fmt: skip
        return Prepared(number, row.get("external_id") or f"{row['company']}|{mail}|{day}", values)


def _score(name: str, english: str, dutch: str, *more: str) -> FieldSpec:
    return FieldSpec(name, english, dutch, FieldType.INTEGER, synonyms=more)


KINDS = (
    ImportKind(
        "feedback", "Customer feedback", "Klantfeedback",
        (
            FieldSpec("company", "Company (id or name)", "Relatie (nummer of naam)", required=True, synonyms=(
                "company", "account", "customer", "klant", "organization", "account name")),
            FieldSpec("contact", "E-mail of the contact", "E-mail van de contactpersoon", FieldType.EMAIL, soft=True, synonyms=(
                "email", "e-mail", "respondent", "contact email", "email address")),
            FieldSpec("day", "Date of the answer", "Datum van het antwoord", FieldType.DATE, required=True, synonyms=(
                "date", "datum", "response date", "submitted at", "answered on", "survey date")),
            _score("nps", "Would recommend us (0-10)", "Zou ons aanbevelen (0-10)", "nps", "nps score", "recommend", "likelihood to recommend"),
            _score("theme_product", "Products (0-10)", "Producten (0-10)", "product quality"),
            _score("theme_delivery", "Delivery (0-10)", "Levering (0-10)", "delivery"),
            _score("theme_service", "Service (0-10)", "Service (0-10)", "service"),
            _score("theme_advice", "Contact and advice (0-10)", "Contact en advies (0-10)", "advice", "contact quality"),
            _score("theme_price", "Price for what one gets (0-10)", "Prijs-kwaliteit (0-10)", "price", "value for money"),
            _score("value_economic", "Economic benefits (0-10)", "Economische voordelen (0-10)"),
            _score("value_functional", "Functional benefits (0-10)", "Functionele voordelen (0-10)"),
            _score("value_psychological", "Psychological benefits (0-10)", "Psychologische voordelen (0-10)"),
            _score("brand_reliability", "Reliability of the brand (0-10)", "Betrouwbaarheid van het merk (0-10)", "reliability"),
            _score("brand_reputation", "Reputation of the brand (0-10)", "Reputatie van het merk (0-10)", "reputation"),
            _score("brand_values", "Values of the brand (0-10)", "Waarden van het merk (0-10)"),
            _score("brand_belonging", "Feeling at home with the brand (0-10)", "Zich thuis voelen bij het merk (0-10)"),
            _score("relation_benefits", "Benefits of the relation (0-10)", "Voordelen van de relatie (0-10)"),
            _score("relation_reasons", "Reasons to stay (0-10)", "Redenen om te blijven (0-10)"),
            FieldSpec("comment", "Comment", "Toelichting", max_length=5000, synonyms=("remark", "feedback", "opmerking", "verbatim")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("id", "response id")),
        ),
        FeedbackApplier, ("external_id",),
    ),
)  # fmt: skip
