"""How do tests make people, teams and territories?"""

import factory
from factory.django import DjangoModelFactory

from koers.organisation.models import (
    BusinessUnit,
    Organisation,
    Pairing,
    Role,
    Team,
    Territory,
    User,
)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation
        django_get_or_create = ("only",)

    only = True
    name = "Vermeer Handel"
    base_currency = "EUR"


class BusinessUnitFactory(DjangoModelFactory):
    class Meta:
        model = BusinessUnit

    name = factory.Sequence(lambda n: f"Unit {n}")


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    name = factory.Sequence(lambda n: f"Territory {n}")


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    full_name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    role = Role.SALESPERSON


class PairingFactory(DjangoModelFactory):
    class Meta:
        model = Pairing

    inside_rep = factory.SubFactory(UserFactory, role=Role.INSIDE_SALES)
    account_manager = factory.SubFactory(UserFactory, role=Role.ACCOUNT_MANAGER)
