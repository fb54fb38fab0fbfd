"""How many of the duplicates are found, how many of the found are right, and how fast?

Names and streets come from the resellers of AdventureWorks, towns from the Dutch postcode table (both
beside the project, not part of it). A seeded generator gives each company its facts, types some of them
a second time with errors, and adds look-alikes that are not the same (branches, neighbours, namesakes).

    python benchmarks/duplicates.py --data FOLDER [--companies 700 20000] [--seed 11]
"""

import argparse
import csv
import random
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from koers_analytics.customers.duplicates import CompanyRecord, duplicates_in

FORMS = ("", "", " B.V.", " BV", " N.V.", " V.O.F.", " vof", " b.v.")
NEIGHBOURS = {"a": "sq", "e": "rw", "i": "uo", "o": "ip", "n": "bm", "r": "et", "s": "ad", "t": "ry", "l": "k"}  # fmt: skip
TWICE, LOOKS_ALIKE = 0.25, 0.15


def read_names(folder: Path) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Names, streets, and towns with their four digits."""
    with (folder / "adventureworks" / "DimReseller.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (folder / "nl_geo" / "4pp.csv").open(encoding="utf-8") as file:
        towns = [(row["woonplaats"], row["postcode"]) for row in csv.DictReader(file)]
    return [row["ResellerName"] for row in rows], [row["AddressLine1"] for row in rows], towns


def company(key: int, names: list[str], streets: list[str], towns: list[tuple[str, str]], rng: random.Random, *, mixed: bool) -> CompanyRecord:  # fmt: skip
    """A company with some of its facts unknown, as in life."""
    name = names[key % len(names)]
    if mixed:
        one, other = rng.choice(names).split(), rng.choice(names).split()
        name = " ".join(one[: max(1, len(one) - 1)] + other[-max(1, len(other) - 1) :])
    town, digits = rng.choice(towns)
    domain = f"{''.join(sign for sign in name.casefold() if sign.isalnum())[:18]}{key}.nl"
    return CompanyRecord(
        key=key,
        name=name + rng.choice(FORMS),
        city=town,
        street=f"{rng.choice(streets).split(maxsplit=1)[-1]} {rng.randint(1, 180)}" if rng.random() < 0.8 else "",
        postcode=f"{digits} {rng.choice('ABCDEFGH')}{rng.choice('ABCDEFGHJKLMNP')}" if rng.random() < 0.8 else "",
        country="NL",
        phone=f"06{rng.randint(10_000_000, 99_999_999)}" if rng.random() < 0.7 else "",
        email=rng.choice([f"info@{domain}", f"{key}@gmail.com", ""]),
        website=f"www.{domain}" if rng.random() < 0.3 else "",
        registration_number=str(rng.randint(10_000_000, 99_999_999)) if rng.random() < 0.4 else "",
    )  # fmt: skip


def slip(text: str, rng: random.Random) -> str:
    """One typing error: a letter dropped, doubled, swapped, or its neighbour on the keyboard."""
    at = rng.randrange(1, max(2, len(text) - 1))
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at : at + 1] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    letter = text[at : at + 1].lower()
    return text[:at] + rng.choice(NEIGHBOURS.get(letter, "x")) + text[at + 1 :]


def bare(name: str) -> str:
    """The name without the legal form the generator added."""
    return next((name.removesuffix(form) for form in FORMS if form and name.endswith(form)), name)


def typed_again(record: CompanyRecord, key: int, rng: random.Random) -> CompanyRecord:
    """The same company as a colleague would enter it, with errors and gaps."""
    name = bare(record.name)
    for _time in range(rng.choice((0, 0, 1, 1, 2))):
        name = slip(name, rng)
    if rng.random() < 0.15 and len(name.split()) > 2:
        name = " ".join(name.split()[:-1])
    if rng.random() < 0.3:
        name = name.replace("&", "en").replace(" and ", " & ")
    if rng.random() < 0.1:
        name = name.replace("o", "ö", 1)
    phone = record.phone and rng.choice(("", record.phone, f"+31 6 {record.phone[2:]}", f"06-{record.phone[2:]}"))  # fmt: skip
    moved = rng.random() < 0.1
    return replace(
        record,
        key=key,
        name=name + rng.choice(FORMS),
        city=slip(record.city, rng) if rng.random() < 0.05 else record.city,
        street="" if moved else record.street,
        postcode="" if moved or rng.random() < 0.2 else record.postcode.replace(" ", ""),
        phone=phone,
        email="" if rng.random() < 0.4 else record.email.replace("info@", "sales@"),
        website="" if rng.random() < 0.5 else record.website,
        registration_number="" if rng.random() < 0.6 else record.registration_number,
    )


def look_alike(record: CompanyRecord, key: int, fresh: CompanyRecord, rng: random.Random) -> CompanyRecord:  # fmt: skip
    """Another company: a branch elsewhere, a neighbour, or a namesake."""
    kind = rng.randrange(3)
    if kind == 0:
        return replace(fresh, key=key, name=record.name, email=record.email, website=record.website)
    if kind == 1:
        return replace(fresh, key=key, street=record.street, postcode=record.postcode, city=record.city)  # fmt: skip
    return replace(fresh, key=key, name=record.name)


def labelled(folder: Path, count: int, seed: int) -> tuple[list[CompanyRecord], set[tuple[int, int]]]:  # fmt: skip
    """Records, and the pairs of keys that are one company."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable test data
    names, streets, towns = read_names(folder)
    mixed = count > len(names)
    records: list[CompanyRecord] = []
    truth: set[tuple[int, int]] = set()
    while len(records) < count:
        key = len(records)
        record = company(key, names, streets, towns, rng, mixed=mixed)
        records.append(record)
        if rng.random() < TWICE:
            records.append(typed_again(record, key + 1, rng))
            truth.add((key, key + 1))
        elif rng.random() < LOOKS_ALIKE:
            fresh = company(key + 1, names, streets, towns, rng, mixed=mixed)
            records.append(look_alike(record, key + 1, fresh, rng))
    return records, truth


def main() -> int:
    """Print one line per size."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with adventureworks/ and nl_geo/"
    )
    parser.add_argument("--companies", type=int, nargs="+", default=[700, 20_000])
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    print(
        f"{'records':>9} {'true':>8} {'found':>8} {'precision':>9} {'recall':>7} {'seconds':>8} {'MB':>6}"
    )
    for count in args.companies:
        records, truth = labelled(args.data, count, args.seed)
        started = time.perf_counter()
        pairs = duplicates_in(records)
        took = time.perf_counter() - started
        found = {(pair.first, pair.second) for pair in pairs}
        right = len(found & truth)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{len(records):9,} {len(truth):8,} {len(found):8,} {right / max(len(found), 1):9.3f} "
              f"{right / len(truth):7.3f} {took:8.1f} {peak:6,}", flush=True)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
