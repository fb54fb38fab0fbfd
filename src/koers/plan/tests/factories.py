"""How do tests make targets?"""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from koers.organisation.tests.factories import UserFactory
from koers.plan.models import Target


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    person = factory.SubFactory(UserFactory)
    period_start = date(2026, 1, 1)
    period_end = date(2026, 4, 1)
    amount = Decimal(10_000)
    currency = "EUR"
