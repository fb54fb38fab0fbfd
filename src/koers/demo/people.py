"""Who works at the demo company?"""

from dataclasses import dataclass
from datetime import date, datetime

from koers.demo.world import DOMAIN, OTHERS, REGIONS, SELLERS, TEAM_PROVINCES, TEAMS, UNITS
from koers.organisation.models import BusinessUnit, Pairing, Role, Team, Territory, User


@dataclass(frozen=True, slots=True)
class Person:
    """A person with what the generator needs to know."""

    id: int
    name: str
    role: str
    email: str
    team: str
    pace: float
    extra_discount: int


@dataclass(frozen=True, slots=True)
class People:
    """Everyone, the sellers by team, the business units and the territories."""

    everyone: tuple[Person, ...]
    sellers: dict[str, tuple[Person, ...]]
    units: dict[str, int]
    provinces: dict[str, int]
    team_of_province: dict[str, str]


def write_people(password: str, at: datetime) -> People:
    """Teams, territories, units, log-ins and pairings; one account manager has no inside rep on purpose."""
    units = {name: BusinessUnit.objects.create(name=name).pk for name, _groups, _margin in UNITS}
    provinces = _territories()
    started = date(at.year - 6, 3, 1)
    everyone: list[Person] = []

    def person(name: str, role: str, team: Team | None, pace: float = 1.0, extra: int = 0) -> User:
        email = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
        user = User.objects.create(
            full_name=name, role=role, team=team, email=email, password=password, started_on=started
        )
        everyone.append(Person(user.pk, name, role, email, team.name if team else "", pace, extra))
        return user

    top = Team.objects.create(name="Verkoop Nederland")
    others = [
        person(name, role, top if role in (Role.SALES_MANAGER, Role.INSIDE_SALES) else None)
        for name, role, _team in OTHERS
    ]
    Team.objects.filter(pk=top.pk).update(lead=others[0])
    for name, leader in TEAMS:
        team = Team.objects.create(name=name, parent=top)
        lead = person(leader, Role.SALES_MANAGER, team)
        Team.objects.filter(pk=team.pk).update(lead=lead)
        for seller, role, of, pace, extra in SELLERS:
            if of == name:
                person(seller, role, team, pace, extra)
    _pairings(everyone)
    sellers = {
        name: tuple(p for p in everyone if p.team == name and p.role != Role.SALES_MANAGER)
        for name, _lead in TEAMS
    }
    teams = {province: team for team, names in TEAM_PROVINCES.items() for province in names}
    return People(tuple(everyone), sellers, units, provinces, teams)


def _territories() -> dict[str, int]:
    country = Territory.objects.create(name="Nederland")
    found = {}
    for region, provinces in REGIONS.items():
        parent = Territory.objects.create(name=f"Rayon {region}", parent=country)
        for province in provinces:
            found[province] = Territory.objects.create(name=province, parent=parent).pk
    return found


def _pairings(everyone: list[Person]) -> None:
    inside = [person for person in everyone if person.role == Role.INSIDE_SALES]
    managers = [person for person in everyone if person.role == Role.ACCOUNT_MANAGER]
    for place, manager in enumerate(managers[:-1]):
        Pairing.objects.create(
            inside_rep_id=inside[place % len(inside)].id, account_manager_id=manager.id
        )
