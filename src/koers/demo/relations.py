"""Who are the demo company's customers, and how does each of them buy?"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from koers.core.bulk import insert_rows, reserve_ids
from koers.core.periods import add_months
from koers.customers.models import Company, Contact, Segment, Site
from koers.demo.people import People, Person
from koers.demo.world import FIRST_NAMES, LEGAL_FORMS, SEGMENTS, SURNAMES, TOWNS, UNITS

PROSPECTS = 0.07
HISTORY_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Relation:
    """A customer's buying habit: from when until when, how often, how much, growing or shrinking."""

    id: int
    territory_id: int
    seller: Person
    segment: str
    units: tuple[str, ...]
    size: float
    per_year: float
    growth: float
    first: date
    last: date | None
    discount: int
    declining_area: bool
    steady: bool
    basket: int


def write_companies(dice: random.Random, people: People, count: int, today: date) -> list[Relation]:
    """Companies with site and contacts; sizes are heavy-tailed, so that few bring much."""
    segments = {name: Segment.objects.create(name=name).pk for name, _words, _factor in SEGMENTS}
    first_id = reserve_ids(Company, count)
    weights = [town[3] for town in TOWNS]
    relations: list[Relation] = []
    companies: list[tuple[object, ...]] = []
    sites: list[tuple[object, ...]] = []
    contacts: list[tuple[object, ...]] = []
    names: set[str] = set()
    for place in range(count):
        row_id = first_id + place
        town, code, province, _inhabitants = dice.choices(TOWNS, weights)[0]
        segment, words, factor = dice.choice(SEGMENTS)
        name = _name(dice, names, words, town)
        team = people.team_of_province[province]
        sellers = people.sellers[team]
        seller = dice.choices(sellers, [person.pace for person in sellers])[0]
        relation = _habit(
            dice, row_id, people.provinces[province], seller, segment, factor, province, today
        )
        prospect = dice.random() < PROSPECTS
        owner = None if prospect and dice.random() < 0.4 else seller.id
        slug = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[
            :24
        ]
        companies.append(
            (row_id, 1, name, segments[segment], owner, people.provinces[province], segment, town, "NL",
             f"0{dice.randint(10, 79)}-{dice.randint(2000000, 7999999)}", f"info@{slug}.example", f"www.{slug}.example",
             f"{dice.randint(10000000, 89999999)}", None if prospect else relation.first.isoformat(), dice.randint(2, 240))
        )  # fmt: skip
        sites.append((row_id, 1, "visit", f"{dice.choice(SURNAMES).split()[-1].title()}straat {dice.randint(1, 240)}",
                      f"{code}{dice.randint(10, 99)} {dice.choice('ABCDEGHJKLNPRSTVWXZ')}{dice.choice('ABCDEGHJKLNPRSTVWXZ')}",
                      town, province, "NL"))  # fmt: skip
        for _contact in range(dice.choice((1, 1, 2, 2, 3, 4))):
            given, family = dice.choice(FIRST_NAMES), dice.choice(SURNAMES)
            contacts.append((row_id, 1, given, family, dice.choice(("Inkoper", "Directeur", "Chef-kok", "Facilitair manager", "Locatiemanager")),
                             f"{given.lower()}.{family.lower().replace(' ', '')}@{slug}.example",
                             f"06-{dice.randint(10000000, 59999999)}", "nl"))  # fmt: skip
        if not prospect:
            relations.append(relation)
    insert_rows(Company, ["id", "version", "name", "segment_id", "owner_id", "territory_id", "industry", "city", "country", "phone",
                          "email", "website", "registration_number", "customer_since", "employees", *BLANK],
                ((*row, *BLANK.values()) for row in companies))  # fmt: skip
    insert_rows(
        Site,
        ["company_id", "version", "kind", "street", "postcode", "city", "region", "country"],
        sites,
    )
    insert_rows(Contact, ["company_id", "version", "first_name", "last_name", "job_title", "email", "mobile", "language", "phone", "notes"],
                ((*row, "", "") for row in contacts))  # fmt: skip
    return relations


BLANK = {"vat_number": "", "notes": "", "customer_class": "", "phase": "", "turnover_12m": 0}


def _name(dice: random.Random, taken: set[str], words: tuple[str, ...], town: str) -> str:
    family = dice.choice(SURNAMES)
    shapes = (
        f"{dice.choice(words)} {family}",
        f"{family} {dice.choice(words)}",
        f"{dice.choice(words)} {town}",
        f"{dice.choice(words)} {family} & Zn.",
    )
    base = dice.choice(shapes)
    base = base[0].upper() + base[1:]
    name = f"{base} {dice.choice(LEGAL_FORMS)}".strip()
    number = 2
    while name in taken:
        name = f"{base} {town} {number if number > 2 else ''}".strip()
        number += 1
    taken.add(name)
    return name


def _habit(
    dice: random.Random,
    row_id: int,
    territory: int,
    seller: Person,
    segment: str,
    factor: float,
    province: str,
    today: date,
) -> Relation:
    start = add_months(today, -36)
    kind = dice.random()
    first, last = start + timedelta(days=dice.randint(0, 40)), None
    growth = dice.gauss(0.02, 0.12)
    if kind < 0.22:  # came in during the three years
        first = start + timedelta(days=dice.randint(60, HISTORY_DAYS - 20))
        growth = abs(growth) + 0.05
    if 0.22 <= kind < 0.42:  # left
        last = start + timedelta(days=dice.randint(200, HISTORY_DAYS - 120))
    elif kind < 0.55:
        growth = dice.uniform(-0.35, -0.12)
    elif kind < 0.72:
        growth = dice.uniform(0.12, 0.4)
    elif kind < 0.85:
        growth = dice.uniform(-0.02, 0.02)
    size = min(dice.paretovariate(1.25), 90.0) * factor * seller.pace
    names = [unit for unit, _families, _margin in UNITS]
    units = tuple(names) if size > 6 else tuple(dice.sample(names, dice.choice((1, 2, 2))))
    per_year = min(4 + 2.6 * size**0.55, 60) * dice.uniform(0.7, 1.3)
    return Relation(row_id, territory, seller, segment, units, size, per_year, growth, first, last,
                    min(round(size**0.5 * 1.8) + seller.extra_discount, 30), province == "Limburg",
                    0.72 <= kind < 0.85, dice.getrandbits(32))  # fmt: skip
