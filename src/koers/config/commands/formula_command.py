"""How does one list the book's formulas, or compute one, from the command line?"""

import argparse
import json
import sys

from koers.config.commands.output import print_json, print_table, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """List, show or run."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list all formulas")
    listing.add_argument("--json", action="store_true", help="print JSON")
    for name, help_text in (("show", "explain one formula"), ("run", "compute one formula")):
        sub = actions.add_parser(name, help=help_text)
        sub.add_argument("id", help="formula id, e.g. F6.1")
        if name == "run":
            sub.add_argument(
                "--input", required=True, help="inputs as JSON, or - for standard input"
            )
            sub.add_argument("--json", action="store_true", help="print JSON (always so)")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the result has the shape the formula documents."""
    from koers.analyse.figures.formula import (  # noqa: PLC0415 -- only when asked
        compute,
        formula_list,
        formula_of,
    )

    if args.action == "list":
        rows = formula_list()
        if args.json:
            print_json(rows)
        else:
            print_table(
                ["id", "name", "naam", "expression"],
                [[r.id, r.name_en, r.name_nl, r.expression] for r in rows],
            )
        return 0
    if args.action == "show":
        found = formula_of(args.id)
        for line in (f"{found.id}  {found.name_en} / {found.name_nl}", found.expression, found.explanation_en,
                     found.explanation_nl, f"Source: {found.source}"):  # fmt: skip
            say(line)
        return 0
    text = sys.stdin.read() if args.input == "-" else args.input
    try:
        inputs = json.loads(text)
    except json.JSONDecodeError as error:
        sys.stderr.write(f"koers formula: --input is not JSON: {error}\n")
        return 2
    print_json({"id": args.id, "result": compute(args.id, inputs)})
    return 0
