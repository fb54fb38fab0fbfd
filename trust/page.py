"""How does the scoreboard read, on a screen of text and as a page of the documentation?"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

from trust.row import NOT_MEASURED, Result

HEAD = "| # | promise | database | goal | measured | held | broken variants | s |"
INTRODUCTION = """# Trust: what Koers promises, measured

Each row is a check that runs the product itself, not a copy of it, on a database made for that row.
A check that cannot fail proves nothing, so each is run again on variants that are broken on purpose:
"caught" means that the same check turned red there. A variant that stays green fails the row.
`make trust` measures everything anew and writes this page; `make test` runs the short form.
"""


def table(results: Iterable[Result]) -> str:
    """One row per promise and database."""
    lines = [HEAD, "| ---: | --- | --- | --- | --- | --- | --- | ---: |"]
    for each in results:
        controls = "; ".join(
            f"{control.name}: {'caught' if control.caught else '**STAYED GREEN**'} ({control.value})"
            for control in each.controls
        )
        held = "yes" if each.held else "**no**"
        lines.append(
            f"| {each.number} | {each.name} | {each.database} | {each.goal} | {each.value} | {held} "
            f"| {controls} | {each.seconds:.0f} |"
        )
    return "\n".join(lines)


def page(results: list[Result], *, short: bool) -> str:
    """The page of the documentation, with what could not be measured named as such."""
    form = "short form" if short else "full form"
    made = f"{datetime.now(tz=UTC):%d %B %Y}, Koers {version('koers')}, {form}, {os.cpu_count()} cores."
    measured = {each.number for each in results}
    missing = [
        f"| {number} | {name} | {why} |"
        for number, (name, why) in sorted(NOT_MEASURED.items())
        if number not in measured
    ]
    absent = "\n".join(["| # | promise | why |", "| ---: | --- | --- |", *missing])
    ordered = sorted(results, key=lambda each: (each.number, each.database))
    return (
        f"{INTRODUCTION}\nMeasured on {made}\n\n{table(ordered)}\n\n"
        f"## Not measured\n\nThese promises have no figure, so nothing is claimed for them.\n\n{absent}\n"
    )
