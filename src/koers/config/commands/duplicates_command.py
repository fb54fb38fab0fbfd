"""How does one find the companies that stand in a list twice, straight from a file?"""

import argparse
from pathlib import Path

from koers.config.commands.output import print_json, print_table, set_up

WORDS = {
    "registration": "registration number",
    "vat": "VAT number",
    "name_nearly": "name but for a slip",
    "name_alike": "name alike",
    "name_rather": "name rather alike",
    "name_partly": "name only partly alike",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how sure a pair has to be."""
    parser.add_argument("file", type=Path, help="CSV in UTF-8 with a header; a column of names")
    parser.add_argument("--at-least", type=float, default=0.5, help="least score, 0-1 (0.5)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the suspect pairs, the surest first, with what speaks for and against."""
    set_up()
    from koers.core.errors import RuleError  # noqa: PLC0415 -- after set-up
    from koers.customers.figures.duplicate import duplicates_in_file  # noqa: PLC0415 -- after set-up

    if not args.file.is_file():
        raise RuleError(f"{args.file}: no such file")
    pairs, names = duplicates_in_file(args.file, at_least=args.at_least)
    if args.json:
        print_json(
            [
                {
                    "line": pair.first,
                    "name": names[pair.first],
                    "other_line": pair.second,
                    "other_name": names[pair.second],
                    "score": pair.score,
                    "same": _words(pair.evidence, "+"),
                    "different": _words(pair.evidence, "-"),
                }
                for pair in pairs
            ]
        )
        return 0
    print_table(
        ["line", "name", "line", "name", "score", "same", "different"],
        [
            [pair.first, names[pair.first], pair.second, names[pair.second], pair.score,
             ", ".join(_words(pair.evidence, "+")), ", ".join(_words(pair.evidence, "-"))]
            for pair in pairs
        ],
    )  # fmt: skip
    return 0


def _words(evidence: tuple[str, ...], sign: str) -> list[str]:
    return [WORDS.get(code[1:], code[1:]) for code in evidence if code[0] == sign]
