"""Who are the demo company's customers, and how does each of them buy?"""

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from koers.core.bulk import insert_rows, reserve_ids
from koers.core.periods import Period, add_months
from koers.customers.models import Company, Contact, Segment, Site
from koers.demo.people import People, Person
from koers.demo.world import FIRST_NAMES, LEGAL_FORMS, PLACES, SEGMENTS, SURNAMES, TOWNS, UNITS

PROSPECTS = 0.07
HISTORY_DAYS = 3 * 365
CHUNK = 2_000  # companies held in memory before they are written
HEADS = 0.3  # of the large companies become the head of a group
SUBSIDIARIES = 0.12
MOST_SUBSIDIARIES = 6
LARGE = 5.0
WON_BACK = 0.94  # above this roll a customer left and came back
COMPANY_COLUMNS = [
    "id", "version", "name", "parent_id", "segment_id", "owner_id", "territory_id", "industry", "city", "country", "phone", "email",
    "website", "registration_number", "customer_since", "employees", "vat_number", "notes", "customer_class", "phase", "turnover_12m",
]  # fmt: skip
SITE_COLUMNS = [
    "company_id",
    "version",
    "kind",
    "street",
    "postcode",
    "city",
    "region",
    "country",
    "latitude",
    "longitude",
]
CONTACT_COLUMNS = [
    "company_id", "version", "first_name", "last_name", "job_title", "email", "mobile", "language", "phone", "notes",
]  # fmt: skip
TITLES = ("Inkoper", "Directeur", "Chef-kok", "Facilitair manager", "Locatiemanager")
LETTERS = "ABCDEGHJKLNPRSTVWXZ"
Row = tuple[object, ...]


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
    away: Period | None
    discount: int
    declining_area: bool
    steady: bool
    basket: int

    def buys_on(self, day: date) -> bool:
        """Whether it is a customer on the day: after its first order, before it left, and not away."""
        gone = self.last is not None and day > self.last
        return day >= self.first and not gone and (self.away is None or day not in self.away)

    def buys_in(self, period: Period) -> bool:
        """Whether it may order at any time in the period."""
        gone = self.last is not None and period.start > self.last
        away = self.away is not None and self.away.start <= period.start < period.end <= self.away.end  # fmt: skip
        return self.first < period.end and not gone and not away

    def begins_in(self, period: Period) -> bool:
        """Whether it becomes a customer in the period, or comes back in it."""
        return self.first in period or (self.away is not None and self.away.end in period)


@dataclass(slots=True)
class Group:
    """A company with subsidiaries, and how many it has."""

    head: int
    name: str
    subsidiaries: int = 0


@dataclass(slots=True)
class Rows:
    """Rows to be written next."""

    companies: list[Row] = field(default_factory=list)
    sites: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)

    def write(self) -> None:
        """Write what was gathered, and let go of it."""
        insert_rows(Company, COMPANY_COLUMNS, self.companies)
        insert_rows(Site, SITE_COLUMNS, self.sites)
        insert_rows(Contact, CONTACT_COLUMNS, self.contacts)
        for rows in (self.companies, self.sites, self.contacts):
            rows.clear()


def write_companies(dice: random.Random, people: People, count: int, today: date) -> list[Relation]:
    """Companies with site and contacts; sizes are heavy-tailed, so that few bring much.

    Written in chunks, so that only the habits of those that buy stay in memory.
    """
    segments = {name: Segment.objects.create(name=name).pk for name, _words, _factor in SEGMENTS}
    first_id = reserve_ids(Company, count)
    weights = [town[3] for town in TOWNS]
    relations: list[Relation] = []
    rows = Rows()
    names: set[str] = set()
    groups: dict[str, Group] = {}
    for row_id in range(first_id, first_id + count):
        town, code, province, _inhabitants = dice.choices(TOWNS, weights)[0]
        segment, words, factor = dice.choice(SEGMENTS)
        sellers = people.sellers[people.team_of_province[province]]
        seller = dice.choices(sellers, [person.pace for person in sellers])[0]
        territory = people.provinces[province]
        relation = _habit(dice, row_id, territory, seller, segment, factor, province, today)
        prospect = dice.random() < PROSPECTS
        parent, name = _place_in_group(dice, groups, relation, names, words, town)
        owner = None if prospect and dice.random() < 0.4 else seller.id
        slug = "".join(each for each in name.lower() if each.isascii() and each.isalnum())[:24]
        rows.companies.append(
            (row_id, 1, name, parent, segments[segment], owner, territory, segment, town, "NL",
             f"0{dice.randint(10, 79)}-{dice.randint(2000000, 7999999)}", f"info@{slug}.example", f"www.{slug}.example",
             f"{dice.randint(10000000, 89999999)}", None if prospect else relation.first.isoformat(), dice.randint(2, 240),
             "", "", "", "", 0)
        )  # fmt: skip
        rows.sites.append(
            (row_id, 1, "visit", f"{dice.choice(SURNAMES).split()[-1].title()}straat {dice.randint(1, 240)}",
             f"{code}{dice.randint(10, 99)} {dice.choice(LETTERS)}{dice.choice(LETTERS)}", town, province, "NL", *_place(town, row_id - first_id))
        )  # fmt: skip
        for _contact in range(dice.choice((1, 1, 2, 2, 3, 4))):
            rows.contacts.append(_contact_row(dice, row_id, slug))
        if not prospect:
            relations.append(relation)
        if len(rows.companies) >= CHUNK:
            rows.write()
    rows.write()
    return relations


def _place(town: str, number: int) -> tuple[float, float]:
    """A point within some three kilometres of the middle of the town, always the same for the company of this number."""
    latitude, longitude = PLACES[town]
    angle, far = (number * 137.508) % 360, math.sqrt((number * 0.618) % 1) * 0.027
    return (
        round(latitude + far * math.sin(math.radians(angle)), 6),
        round(longitude + 1.6 * far * math.cos(math.radians(angle)), 6),
    )


def _contact_row(dice: random.Random, company_id: int, slug: str) -> Row:
    given, family = dice.choice(FIRST_NAMES), dice.choice(SURNAMES)
    address = f"{given.lower()}.{family.lower().replace(' ', '')}@{slug}.example"
    mobile = f"06-{dice.randint(10000000, 59999999)}"
    return (company_id, 1, given, family, dice.choice(TITLES), address, mobile, "nl", "", "")


def _place_in_group(
    dice: random.Random,
    groups: dict[str, Group],
    relation: Relation,
    names: set[str],
    words: tuple[str, ...],
    town: str,
) -> tuple[int | None, str]:
    """Parent and name: some large companies head a group, whose subsidiaries bear its name and their town."""
    group = groups.get(relation.segment)
    if group and group.subsidiaries < MOST_SUBSIDIARIES and dice.random() < SUBSIDIARIES:
        group.subsidiaries += 1
        return group.head, _free(names, f"{group.name} {town}")
    base, name = _name(dice, names, words, town)
    if relation.size > LARGE and dice.random() < HEADS:
        groups[relation.segment] = Group(relation.id, base)
    return None, name


def _free(taken: set[str], base: str) -> str:
    """The name, with a number where another company bears it already."""
    name, number = base, 2
    while name in taken:
        name, number = f"{base} {number}", number + 1
    taken.add(name)
    return name


def _name(
    dice: random.Random, taken: set[str], words: tuple[str, ...], town: str
) -> tuple[str, str]:
    """A name without and with its legal form."""
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
    return base, name


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
    first, last, away = start + timedelta(days=dice.randint(0, 40)), None, None
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
    elif kind > WON_BACK:
        left = start + timedelta(days=dice.randint(200, 450))
        away = Period(left, left + timedelta(days=dice.randint(400, 500)))
    size = min(dice.paretovariate(1.25), 90.0) * factor * seller.pace
    names = [unit for unit, _families, _margin in UNITS]
    units = tuple(names) if size > 6 else tuple(dice.sample(names, dice.choice((1, 2, 2))))
    per_year = min(4 + 2.6 * size**0.55, 60) * dice.uniform(0.7, 1.3)
    return Relation(row_id, territory, seller, segment, units, size, per_year, growth, first, last, away,
                    min(round(size**0.5 * 1.8) + seller.extra_discount, 30), province == "Limburg",
                    0.72 <= kind < 0.85, dice.getrandbits(32))  # fmt: skip
