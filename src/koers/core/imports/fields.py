"""What may a column of an imported file mean?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FieldType(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    INTEGER = "integer"
    AMOUNT = "amount"
    SHARE = "share"
    DATE = "date"
    BOOLEAN = "boolean"
    EMAIL = "email"
    CURRENCY = "currency"
    COUNTRY = "country"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A target field: its type, whether a row needs it, and the headers it is known by."""

    name: str
    label_en: str
    label_nl: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    max_length: int = 200
    soft: bool = False  # a value that cannot be read is left out and noted; the row goes in
    choices: tuple[tuple[str, str], ...] = ()  # (text in the file, value)

    def label(self, language: str) -> str:
        """Label in the reader's language."""
        return self.label_nl if language == "nl" else self.label_en


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell cannot be used; the sentence is made by ``messages``."""

    code: str
    value: str
    params: tuple[tuple[str, Any], ...] = ()
