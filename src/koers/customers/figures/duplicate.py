"""Which records in a list of companies are probably one and the same?"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers_analytics.customers.duplicates import CompanyRecord, SuspectPair, duplicates_in

HEADERS = {
    "name": ("name", "company", "company name", "naam", "bedrijf", "bedrijfsnaam", "relatie", "organisatie", "account name", "resellername"),
    "city": ("city", "town", "plaats", "woonplaats", "stad", "vestigingsplaats"),
    "street": ("street", "address", "straat", "adres", "addressline1", "address line 1"),
    "postcode": ("postcode", "postal code", "zip", "zip code", "postal_code"),
    "country": ("country", "country code", "land", "landcode"),
    "phone": ("phone", "telephone", "telefoon", "telefoonnummer", "tel", "phone number"),
    "email": ("email", "e-mail", "mail", "e-mailadres", "email address"),
    "website": ("website", "url", "web", "site", "domain"),
    "registration_number": ("registration number", "registration_number", "kvk", "kvk number", "kvk-nummer", "kvk nummer"),
    "vat_number": ("vat number", "vat_number", "vat", "btw", "btw-nummer", "btw nummer"),
}  # fmt: skip


class UnreadableListError(RuleError):
    """The file is no table with a column of names."""


def duplicates_in_file(path: Path, *, at_least: float) -> tuple[list[SuspectPair], dict[int, str]]:
    """Suspect pairs in a CSV file with a header; keys are line numbers, the header being line 1.

    Also the name on each line that is in a pair. Raises ``UnreadableListError``.
    """
    names: dict[int, str] = {}
    pairs = duplicates_in(_records(path, names), at_least=at_least)
    used = {key for pair in pairs for key in (pair.first, pair.second)}
    return pairs, {key: names[key] for key in used}


def _records(path: Path, names: dict[int, str]) -> Iterator[CompanyRecord]:
    import csv  # noqa: PLC0415 -- only for files

    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            sample = file.read(65_536)
            file.seek(0)
            dialect = csv.Sniffer().sniff(sample, delimiters=",;\t|")
            lines = csv.DictReader(file, dialect=dialect)
            columns = _columns(lines.fieldnames or [])
            for number, line in enumerate(lines, start=2):
                values = {field: (line[column] or "").strip() for field, column in columns.items()}
                if values["name"]:
                    names[number] = values["name"]
                    yield CompanyRecord(key=number, **values)
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableListError(_("This file cannot be read as a table in UTF-8.")) from error


def _columns(headers: object) -> Mapping[str, str]:
    known = {str(header).strip().casefold(): str(header) for header in headers}  # type: ignore[attr-defined]
    found = {
        field: known[name] for field, spellings in HEADERS.items() for name in spellings[::-1] if name in known
    }  # fmt: skip
    if "name" not in found:
        raise UnreadableListError(_("No column holds names of companies, e.g. “name” or “naam”."))
    return found
