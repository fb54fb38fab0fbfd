"""What does a ready profile say: which files, which kinds, which columns?"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Join:
    """Adds columns of another file, found by a key, before the rows are read."""

    column: str
    file: str
    key: str
    take: dict[str, str]  # column there → column here


@dataclass(frozen=True)
class Step:
    """One file of a profile."""

    kind: str
    file: str  # name without packing; '' = the file given
    mapping: dict[str, str]
    joins: tuple[Join, ...] = ()
    constants: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    strip: dict[str, str] = field(default_factory=dict)  # column → ending to cut off each value
    keep: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # column → values whose rows are kept
    after: tuple[str, ...] = ()  # names of steps that follow: assign_owners, tie_credits


@dataclass(frozen=True)
class Profile:
    """A set of files of one source, in the order in which they build on each other."""

    name: str
    title: str
    currency: str
    steps: tuple[Step, ...]
