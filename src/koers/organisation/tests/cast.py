"""Who plays in the tests? One small company, the same people in every story.

Tom leads the root team Sales. Below it Ben leads North, where Ann and Sam work and where Ina
supports Ann; Cora works in South. Dirk sits in the management team, Mia does marketing, Adam
administers.
"""

from dataclasses import dataclass

import pytest

from koers.core.actor import Actor, Channel
from koers.organisation.models import Role, Team, User
from koers.organisation.queries.actor import actor_for
from koers.organisation.tests.factories import (
    OrganisationFactory,
    PairingFactory,
    TeamFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Cast:
    """Everybody, with the three teams."""

    ann: User
    ben: User
    cora: User
    dirk: User
    ina: User
    mia: User
    adam: User
    sam: User
    tom: User
    root: Team
    north: Team
    south: Team

    @property
    def of_role(self) -> dict[str, User]:
        """One person per role."""
        people = (self.ben, self.ann, self.sam, self.ina, self.dirk, self.mia, self.adam)
        return {person.role: person for person in people}


def person(name: str, role: str, team: Team | None = None) -> User:
    """Somebody whose address is the first name."""
    return UserFactory(
        full_name=name,
        email=f"{name.split(maxsplit=1)[0].lower()}@example.org",
        role=role,
        team=team,
    )


def acting(user: User) -> Actor:
    """The user as an actor on screen, looked up anew."""
    return actor_for(User.objects.get(pk=user.pk), Channel.SCREEN)


def make_cast() -> Cast:
    """The people in the database."""
    OrganisationFactory()
    root = TeamFactory(name="Sales")
    north, south = TeamFactory(name="North", parent=root), TeamFactory(name="South", parent=root)
    found = Cast(
        ann=person("Ann de Boer", Role.ACCOUNT_MANAGER, north),
        ben=person("Ben Smit", Role.SALES_MANAGER, north),
        cora=person("Cora Visser", Role.ACCOUNT_MANAGER, south),
        dirk=person("Dirk Mulder", Role.MANAGEMENT_TEAM),
        ina=person("Ina Bos", Role.INSIDE_SALES),
        mia=person("Mia Kok", Role.MARKETING),
        adam=person("Adam Beheer", Role.ADMINISTRATOR),
        sam=person("Sam Jansen", Role.SALESPERSON, north),
        tom=person("Tom Prins", Role.SALES_MANAGER, root),
        root=root,
        north=north,
        south=south,
    )
    for team, lead in ((root, found.tom), (north, found.ben)):
        team.lead = lead
        team.save()
    PairingFactory(inside_rep=found.ina, account_manager=found.ann)
    return found


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def ann(cast) -> User:
    return cast.ann


@pytest.fixture
def ben(cast) -> User:
    return cast.ben


@pytest.fixture
def cora(cast) -> User:
    return cast.cora


@pytest.fixture
def dirk(cast) -> User:
    return cast.dirk


@pytest.fixture
def ina(cast) -> User:
    return cast.ina


@pytest.fixture
def mia(cast) -> User:
    return cast.mia


@pytest.fixture
def adam(cast) -> User:
    return cast.adam


@pytest.fixture
def sam(cast) -> User:
    return cast.sam


@pytest.fixture
def tom(cast) -> User:
    return cast.tom
