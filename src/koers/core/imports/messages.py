"""What does a person read when a row or a file is refused: reason and remedy, in both languages?"""

from collections.abc import Mapping
from typing import Any

MESSAGES: dict[str, tuple[str, str]] = {
    "required": (
        "This field is empty but needed. Fill it in, or map another column.",
        "Dit veld is leeg maar verplicht. Vul het in of koppel een andere kolom.",
    ),
    "not_a_number": (
        "“{value}” is not a number with a decimal {decimal}. Correct it, or choose the other decimal mark.",
        "“{value}” is geen getal met een decimale {decimal}. Verbeter het of kies het andere decimaalteken.",
    ),
    "number_too_large": (
        "“{value}” is too large. Check the decimal mark.",
        "“{value}” is te groot. Controleer het decimaalteken.",
    ),
    "not_whole": ("“{value}” is not a whole number.", "“{value}” is geen geheel getal."),
    "not_a_date": (
        "“{value}” is not a date as {order}. Write e.g. 31-12-2025, or choose another order of day and month.",
        "“{value}” is geen datum als {order}. Schrijf bijv. 31-12-2025 of kies een andere volgorde van dag en maand.",
    ),
    "score_out_of_range": (
        "“{value}” is not a score from 0 to 10.",
        "“{value}” is geen score van 0 tot 10.",
    ),
    "no_answer": (
        "This row has neither a score nor a comment.",
        "Deze rij heeft geen score en geen toelichting.",
    ),
    "not_a_share": (
        "“{value}” is not a share from 0 to 100 %.",
        "“{value}” is geen aandeel van 0 tot 100 %.",
    ),
    "not_a_boolean": ("“{value}” is neither yes nor no.", "“{value}” is geen ja of nee."),
    "not_an_email": ("“{value}” is not an e-mail address.", "“{value}” is geen e-mailadres."),
    "not_a_currency": (
        "“{value}” is not a currency code such as EUR.",
        "“{value}” is geen valutacode zoals EUR.",
    ),
    "not_a_country": (
        "“{value}” is not a known country. Use a name or a code such as NL.",
        "“{value}” is geen bekend land. Gebruik een naam of een code zoals NL.",
    ),
    "not_a_choice": (
        "“{value}” is not one of: {choices}.",
        "“{value}” is niet een van: {choices}.",
    ),
    "too_long": (
        "This text has {length} characters; at most {most} fit.",
        "Deze tekst heeft {length} tekens; er passen er hoogstens {most}.",
    ),
    "unprintable": (
        "This text holds a character that cannot be stored (NUL). Remove it.",
        "Deze tekst bevat een teken dat niet kan worden opgeslagen (NUL). Verwijder het.",
    ),
    "undecodable": (
        "“{value}” holds a character that could not be read. Save the file as CSV UTF-8, or choose its character set.",
        "“{value}” bevat een teken dat niet gelezen kon worden. Bewaar het bestand als CSV UTF-8 of kies de juiste tekenset.",
    ),
    "cell_too_long": (
        "This cell has {length} characters; at most {most} are read. Shorten it, or check for a quote left open.",
        "Deze cel heeft {length} tekens; er worden er hoogstens {most} gelezen. Kort de cel in of controleer of een aanhalingsteken openstaat.",
    ),
    "row_width": (
        "This row has {found} values where the header has {expected}. Check for a missing or extra separator.",
        "Deze rij heeft {found} waarden terwijl de kop er {expected} heeft. Controleer op een ontbrekend of extra scheidingsteken.",
    ),
    "already_exists": (
        "“{value}” exists already, and the rule is to create only. Choose “create and update”.",
        "“{value}” bestaat al, en de regel is alleen aanmaken. Kies “aanmaken en bijwerken”.",
    ),
    "not_found": (
        "“{value}” does not exist yet, and the rule is to update only. Choose “create and update”.",
        "“{value}” bestaat nog niet, en de regel is alleen bijwerken. Kies “aanmaken en bijwerken”.",
    ),
    "unknown_reference": (
        "There is no {noun} “{value}”. Import it first, or correct the name.",
        "Er is geen {noun} “{value}”. Importeer deze eerst of verbeter de naam.",
    ),
    "ambiguous_reference": (
        "“{value}” fits more than one {noun}. Use an id instead of the name.",
        "“{value}” past op meer dan één {noun}. Gebruik een id in plaats van de naam.",
    ),
    "no_amount": (
        "The line has neither a net amount nor a price. Map one of them.",
        "De regel heeft geen nettobedrag en geen prijs. Koppel een van beide.",
    ),
    "own_parent": ("“{value}” cannot be above itself.", "“{value}” kan niet boven zichzelf staan."),
    "no_purchases": (
        "Purchases are more than 0. Leave the row out where nothing is known.",
        "Inkoop is meer dan 0. Laat de rij weg als er niets bekend is.",
    ),
    "day_to_come": (
        "This day has not come yet. Correct the day, or the order of day and month of the file.",
        "Deze dag moet nog komen. Verbeter de dag, of de volgorde van dag en maand van het bestand.",
    ),
    "nameless_lead": (
        "This row names neither a company nor a person. Fill in one of them, or leave the row out.",
        "Deze rij noemt geen bedrijf en geen persoon. Vul een van beide in of laat de rij weg.",
    ),
    "not_a_seller": (
        "“{value}” does not sell, so cannot have leads. Name a seller, or leave the cell empty.",
        "“{value}” verkoopt niet en kan dus geen leads hebben. Noem een verkoper of laat de cel leeg.",
    ),
    "negative_cost": (
        "“{value}” is below zero. Costs are zero or more.",
        "“{value}” is kleiner dan nul. Kosten zijn nul of meer.",
    ),
    "period_empty": ("The period ends before it starts.", "De periode eindigt voordat zij begint."),
    "negative_target": ("A target cannot be negative.", "Een taakstelling kan niet negatief zijn."),
    "no_period_end": (
        "The end of the period is not known: give a period end, or a following quota date.",
        "Het einde van de periode is onbekend: geef een einddatum of een volgende targetdatum.",
    ),
    "rate_not_positive": ("A rate must be above zero.", "Een koers moet groter dan nul zijn."),
    "twice_in_file": (
        "“{value}” stands in this file more than once with different values; the last one counts.",
        "“{value}” staat meer dan eens in dit bestand met verschillende waarden; de laatste telt.",
    ),
}


UNKNOWN = ("This value cannot be used ({code}).", "Deze waarde is niet bruikbaar ({code}).")
DUTCH_WORDS = {
    "decimal": {"comma": "komma", "point": "punt"},
    "order": {
        "day-month-year": "dag-maand-jaar",
        "month-day-year": "maand-dag-jaar",
        "year-month-day": "jaar-maand-dag",
    },
}


class _Params(dict[str, Any]):
    """Parameters of which a missing one reads as an ellipsis, so that the language never changes."""

    def __missing__(self, key: str) -> str:
        return "…"


def message(code: str, params: Mapping[str, Any], language: str) -> str:
    """Reason and remedy in one sentence or two, in the reader's language whatever is missing."""
    dutch = language.lower().startswith("nl")
    values = _Params(params, code=code)
    if dutch:
        for name, words in DUTCH_WORDS.items():
            if name in values:
                values[name] = words.get(str(values[name]), values[name])
    return MESSAGES.get(code, UNKNOWN)[dutch].format_map(values)
