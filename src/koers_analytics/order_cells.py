"""How are days, amounts and names of columns written in a file of orders?"""

import re
from collections.abc import Sequence

ISO = "iso"
DATE_FORMATS = (ISO, "%Y%m%d", "%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d",
                "%d-%b-%Y", "%d %b %Y")  # fmt: skip

DAYS_FROM, DAYS_UNTIL = "1950-01-01", "2200-01-01"  # outside lie days that stand for "unknown"
NO_CUSTOMER = ("nan", "null", "<na>", "#n/a", "#n/b", "none", "nat")  # how programs write nobody


class OrderFileError(ValueError):
    """The file cannot be read as orders; the sentence says what is missing and where."""


def quoted_name(column: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


PATTERNS = {
    ISO: r"\d{4}-\d{2}-\d{2}([T ].*)?", "%Y%m%d": r"(19|20)\d{6}", "%d-%m-%Y": r"(0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-\d{4}( .*)?",
    "%d/%m/%Y": r"(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/\d{4}( .*)?", "%m/%d/%Y": r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}( .*)?",
    "%m-%d-%Y": r"(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])-\d{4}( .*)?", "%d.%m.%Y": r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.\d{4}( .*)?",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}( .*)?", "%d-%b-%Y": r"\d{1,2}-[A-Za-z]{3}-\d{4}( .*)?", "%d %b %Y": r"\d{1,2} [A-Za-z]{3} \d{4}( .*)?",
}  # fmt: skip


def date_format_of(texts: Sequence[str], column: str) -> str:
    """The first way of writing that fits most of the column; day before month where both fit all."""
    fits = {
        name: sum(bool(re.fullmatch(PATTERNS[name], text)) for text in texts) for name in DATE_FORMATS
    }  # fmt: skip
    best = max(DATE_FORMATS, key=lambda name: fits[name])
    if not texts or fits[best] < 0.5 * len(texts):
        example = f", for example {texts[0]!r}" if texts else ""
        raise OrderFileError(
            f"Column {column} does not hold days that can be read{example}. Write them as 2024-12-31"
            " (or 31-12-2024, 31/12/2024, 12/31/2024, 31.12.2024, 2024/12/31, 20241231), or name another"
            " column with --map COLUMN=date."
        )
    return best


def customer_sql(column: str, texts: Sequence[str]) -> str:
    """SQL of a customer as a text; null where nobody stands. Numbers read as decimals lose their '.0'."""
    nobody = ", ".join(f"'{word}'" for word in NO_CUSTOMER)
    text = f"trim({quoted_name(column)}::VARCHAR)"
    text = f"CASE WHEN {text} = '' OR lower({text}) IN ({nobody}) THEN NULL ELSE {text} END"
    named = [one for one in texts if one.lower() not in NO_CUSTOMER]
    if named and all(re.fullmatch(r"\d+\.0", one) for one in named):
        return f"regexp_replace({text}, '\\.0$', '')"
    return text


def decimal_of(texts: Sequence[str]) -> str:
    """Whether decimals follow a comma or a point; a mark that occurs twice in a number parts thousands."""
    comma = point = 0
    for text in texts:
        last = max(text.rfind(","), text.rfind("."))
        if last < 0:
            continue
        mark = text[last]
        decimals = len(re.sub(r"\D", "", text[last:]))
        both = "," in text and "." in text
        if not both and (text.count(mark) > 1 or decimals == 3):
            continue
        comma, point = comma + (mark == ","), point + (mark == ".")
    return "," if comma > point else "."


def day_sql(column: str, date_format: str) -> str:
    """SQL of a text as a day; null where it is none."""
    text = f"trim({quoted_name(column)}::VARCHAR)"
    if date_format == ISO:
        return f"try_cast(left({text}, 10) AS DATE)"
    words = 2 if date_format == "%d %b %Y" else 0
    part = text if words else f"split_part({text}, ' ', 1)"
    return f"try_strptime({part}, '{date_format}')::DATE"


def number_sql(column: str, decimal: str) -> str:
    """A text as an exact number: without currency and thousands, minus also behind or as brackets.

    Currency is a sign or up to four letters before or behind; a text with other letters is no number.
    """
    thousands = "." if decimal == "," else ","
    bare = f"trim(regexp_replace({quoted_name(column)}::VARCHAR, '[\\s\u00a0\u202f'']', '', 'g'))"
    bare = f"regexp_replace({bare}, '^(-?)([^0-9.,()\\-]{{1,4}})(-?[(0-9.,])', '\\1\\3')"
    bare = f"regexp_replace({bare}, '([0-9)\\-])[^0-9.,()\\-]{{1,4}}$', '\\1')"
    text = f"replace(replace({bare}, '{thousands}', ''), '{decimal}', '.')"
    text = f"regexp_replace({text}, '^\\((.*)\\)$|^(.*[0-9])-$', '-\\1\\2')"
    text = f"CASE WHEN regexp_full_match({text}, '-?[0-9]*\\.?[0-9]*') THEN {text} END"
    plain = f"try_cast({quoted_name(column)}::VARCHAR AS DECIMAL(18, 6))"
    return f"coalesce({plain}, try_cast({text} AS DECIMAL(18, 6)))" if decimal == "." else f"try_cast({text} AS DECIMAL(18, 6))"  # fmt: skip
