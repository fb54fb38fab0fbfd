"""What is a row of the scoreboard? A check, and broken variants that must turn it red."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of a check found."""

    held: bool
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A promise; ``controls`` run the same check on something broken on purpose."""

    number: int
    name: str
    goal: str
    measure: Callable[[bool], Finding]
    controls: dict[str, Callable[[bool], Finding]]
    databases: tuple[str, ...] = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Control:
    """A broken variant and what the check said of it."""

    name: str
    caught: bool
    value: str


@dataclass(frozen=True, slots=True)
class Result:
    """A row as it was measured on one database."""

    number: int
    name: str
    goal: str
    database: str
    value: str
    held: bool
    seconds: float
    controls: tuple[Control, ...]

    @property
    def good(self) -> bool:
        """The promise held, and the check turned red on every broken variant."""
        return self.held and bool(self.controls) and all(each.caught for each in self.controls)


MODULES = {
    1: "kill",
    2: "server_stops",
    3: "lost_updates",
    4: "doubles",
    5: "locked",
    7: "naughty_strings",
    8: "bad_files",
    9: "permissions",
    10: "leaks",
    13: "restore",
    15: "undo",
    16: "audit_trail",
}
NOT_MEASURED = {
    6: ("API fuzz", "needs a generator of calls from the API's description, which is not a dependency yet"),
    11: ("ASVS 5.0 level 2", "the tests do not carry the numbers of the standard yet"),
    12: ("Load", "measured by benchmarks/run.py as time per page, not yet with 200 users at once"),
    14: ("Upgrade", "there is one release; an upgrade needs two"),
    17: ("Test quality", "no mutation run has been made"),
}  # fmt: skip


def row_of(number: int) -> Row:
    """The row with this number."""
    found: Row = import_module(f"trust.rows.{MODULES[number]}").ROW
    return found
