"""Whose calls add up to whose: person, team in team, business unit, company?"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from koers.core.actor import Actor
from koers.organisation.models import BusinessUnit, Role, Team, User
from koers.organisation.queries.organisation import the_organisation
from koers.plan.models.forecast_call import COMPANY, PERSON, TEAM, UNIT

CALLERS = (Role.ACCOUNT_MANAGER, Role.SALESPERSON)
PersonRow = tuple[int, str, int | None, int | None]  # key, name, team, business unit


@dataclass(frozen=True, slots=True)
class CallNode:
    """A row of the roll-up: what it is, its children, everybody below it, and how deep it stands.

    ``may_override`` tells whether the reader stands above it and may put another figure in place.
    """

    level: str
    key: int
    label: str
    depth: int
    people: frozenset[int]
    children: tuple["CallNode", ...] = ()
    may_override: bool = False

    @property
    def unit(self) -> str:
        """As addresses write it."""
        return f"{self.level}-{self.key}"

    def walk(self) -> "list[CallNode]":
        """Itself and all below, as they stand on the page."""
        return [self, *(each for child in self.children for each in child.walk())]


def call_tree(actor: Actor, *, owners: Collection[int], can_edit: bool) -> list[CallNode]:
    """The roll-up as far as the actor sees it, its tops first.

    ``owners`` are people with deals, targets or calls: they stand in it whatever their role. Who
    sees everybody sees the company above the units; others see the teams of the people they see.
    """
    people = User.objects.order_by("full_name", "pk")
    if actor.visible_people is not None:
        people = people.filter(pk__in=actor.visible_people)
    rows: list[PersonRow] = [
        (pk, name, team, unit)
        for pk, name, role, team, unit, active in people.values_list("pk", "full_name", "role", "team_id", "business_unit_id", "is_active")
        if pk in owners or (active and role in CALLERS)
    ]  # fmt: skip
    return _Builder(actor, rows, can_edit=can_edit).tops()


class _Builder:
    """Puts people into teams, teams into teams and units, in a fixed number of queries."""

    def __init__(self, actor: Actor, rows: list[PersonRow], *, can_edit: bool) -> None:
        self._actor, self._can_edit = actor, can_edit
        self._teams = {team.pk: team for team in Team.objects.order_by("name", "pk")}
        self._units = dict(BusinessUnit.objects.order_by("name").values_list("pk", "name"))
        self._below: dict[int | None, list[Team]] = defaultdict(list)
        for team in self._teams.values():
            self._below[team.parent_id].append(team)
        self._members: dict[int | None, list[tuple[int, str, int | None]]] = defaultdict(list)
        for pk, name, team_id, unit in rows:
            self._members[team_id].append((pk, name, unit))
        self._led = {team.pk for team in self._teams.values() if team.lead_id == actor.user_id}

    def tops(self) -> list[CallNode]:
        """The company for who sees all, else the highest teams with a visible person, else persons."""
        if not self._actor.sees_all:
            found = [node for team in self._below[None] for node in self._seen(team)]
            return [*found, *(self._person(row, 0, above=False) for row in self._members[None])]
        organisation = the_organisation()
        roots = self._below[None]
        units = [
            self._node(UNIT, key, name, 1, [
                *(self._person(row, 2, above=True) for row in self._members[None] if row[2] == key),
                *(self._team(team, 2, above=True) for team in roots if team.business_unit_id == key),
            ], may=True)
            for key, name in self._units.items()
        ]  # fmt: skip
        others = [
            *(self._person(row, 1, above=True) for row in self._members[None] if row[2] not in self._units),
            *(self._team(team, 1, above=True) for team in roots if team.business_unit_id not in self._units),
        ]  # fmt: skip
        whole = self._node(COMPANY, 0, organisation.name if organisation else "", 0, [*units, *others], may=True)  # fmt: skip
        return [whole] if whole.children else []

    def _seen(self, team: Team) -> list[CallNode]:
        """The team as a top if anybody in it is seen; else those below it."""
        if self._members[team.pk] or team.pk in self._led:
            node = self._team(team, 0, above=False)
            return [node] if node.children else []
        return [node for below in self._below[team.pk] for node in self._seen(below)]

    def _team(self, team: Team, depth: int, *, above: bool) -> CallNode:
        led = above or team.pk in self._led
        children = [
            *(self._person(row, depth + 1, above=led) for row in self._members[team.pk]),
            *(self._team(each, depth + 1, above=led) for each in self._below[team.pk]),
        ]  # fmt: skip
        return self._node(TEAM, team.pk, team.name, depth, children, may=led)

    def _person(self, row: tuple[int, str, int | None], depth: int, *, above: bool) -> CallNode:
        may = self._can_edit and above and row[0] != self._actor.user_id
        return CallNode(PERSON, row[0], row[1], depth, frozenset({row[0]}), (), may)

    def _node(
        self, level: str, key: int, label: str, depth: int, found: list[CallNode], *, may: bool
    ) -> CallNode:
        children = tuple(node for node in found if node.level == PERSON or node.children)
        people = frozenset(key for child in children for key in child.people)
        return CallNode(level, key, label, depth, people, children, may and self._can_edit)
