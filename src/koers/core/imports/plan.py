"""What was decided about a file: kind, columns, conventions, duplicate rule?"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from koers.core.imports.reading import Dialect


class DuplicateRule(StrEnum):
    """What to do with a row whose record may exist already."""

    CREATE = "create"
    UPDATE = "update"
    BOTH = "both"


@dataclass(frozen=True)
class ImportPlan:
    """All that is needed to bring in a file without asking again."""

    kind: str
    mapping: dict[str, str]  # column → field
    dialect: Dialect = field(default_factory=Dialect)
    decimal: str = "."
    date_order: str = "ymd"
    column_decimal: dict[str, str] = field(default_factory=dict)
    column_order: dict[str, str] = field(default_factory=dict)
    rule: DuplicateRule = DuplicateRule.BOTH
    match_by: str = ""  # field that tells duplicates; '' = the kind's own order
    source: str = "file"
    currency: str = "EUR"
    constants: dict[str, Any] = field(default_factory=dict)  # field → text for every row
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values for storage."""
        return {**asdict(self), "rule": self.rule.value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ImportPlan":
        """The stored plan."""
        return cls(
            **{
                **values,
                "dialect": Dialect(**values["dialect"]),
                "rule": DuplicateRule(values["rule"]),
            }
        )
