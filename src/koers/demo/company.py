"""How is the demo company made from a seed?"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import Product
from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.bulk import renew_statistics
from koers.core.data_versions import mark_changed
from koers.core.periods import add_months
from koers.customers.models import Company
from koers.demo.activities import write_activities
from koers.demo.approaches import write_approaches
from koers.demo.buying_centres import write_buying_centres
from koers.demo.call_questions import write_call_questions
from koers.demo.consents import write_consents
from koers.demo.feedback import write_feedback
from koers.demo.forecast_calls import write_forecast_calls
from koers.demo.leads import write_leads
from koers.demo.needs import write_needs
from koers.demo.opportunities import write_opportunities, write_steps
from koers.demo.orders import write_orders
from koers.demo.people import People, write_people
from koers.demo.quotes import write_quotes
from koers.demo.range import Range, write_range
from koers.demo.reads import write_reads
from koers.demo.relations import write_companies
from koers.demo.removal import remove_alone
from koers.demo.retention import write_retention
from koers.demo.state import (
    FINISHED,
    STARTED,
    DemoState,
    NotADemoError,
    alone,
    demo_state,
    highest_ids,
)
from koers.demo.targets import write_targets
from koers.demo.wallets import write_wallets
from koers.demo.web_forms import write_web_forms
from koers.demo.world import COMPANY, DOMAIN, PASSWORD
from koers.organisation.models import Organisation, Team, Territory, User
from koers.sell.models import Order

Progress = Callable[[int, "int | None", str], None]
CUSTOMERS = 900
YEARS = 3


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo company consists of."""

    customers: int
    products: int
    orders: int
    order_lines: int
    targets: int
    logins: tuple[tuple[str, str, str], ...]  # name, role, e-mail
    password: str


def load_demo(
    *,
    today: date,
    at: datetime,
    scale: int = 1,
    customers: int | None = None,
    seed: int = 2026,
    progress: Progress | None = None,
) -> DemoSummary:
    """Fill an empty installation with the demo company; same seed and day, same company.

    Orders run over three years up to yesterday. ``scale`` multiplies the customers. A load that
    was cut off is removed first and then begun anew.
    """
    with alone():
        if demo_state() is DemoState.HALF:
            remove_alone(at=at)
        if any(model.objects.exists() for model in (Company, Product, Order, Team, Territory)):
            raise NotADemoError(
                _(
                    "There is data already. The demo company is only loaded into an empty installation."
                )
            )
        count = customers if customers is not None else CUSTOMERS * scale
        return _load(random.Random(seed), today, at, count, progress)  # noqa: S311 -- reproducible, not secret


def _load(
    dice: random.Random, today: date, at: datetime, count: int, progress: Progress | None
) -> DemoSummary:
    demo = system_actor(Channel.DEMO)
    with transaction.atomic():
        organisation, _created = Organisation.objects.update_or_create(
            only=True,
            defaults={"is_demo": True},
            create_defaults={"name": COMPANY, "base_currency": "EUR", "is_demo": True},
        )
        audit.record(actor=demo, at=at, verb=STARTED, obj=organisation)
        people = write_people(make_password(PASSWORD), at)
        offer = write_range(dice, add_months(today, -12 * YEARS))
        relations = write_companies(dice, people, count, today)
        mark_changed("company", "product", "person", "territory", "sbu")
    orders, lines = write_orders(dice, relations, offer, today, YEARS, progress)
    with transaction.atomic():
        targets = write_targets(dice, people, offer, today, YEARS)
        write_opportunities(dice, relations, offer, today)
        write_activities(relations, today, YEARS)
        write_steps(today)
        write_buying_centres()
        write_approaches(today)
        write_needs()
        write_call_questions(today)
        write_leads(relations, today)
        write_web_forms(today)
        write_quotes(relations, today)
        write_feedback(relations, today)
        write_wallets(relations, today)
        write_consents(today)
        write_forecast_calls(relations, people, offer, today)
        write_retention(today)
        write_reads(at)
        mark_changed("target")
        changes = {"highest_ids": audit.Change(None, highest_ids())}
        audit.record(actor=demo, at=at, verb=FINISHED, obj=organisation, changes=changes)
    renew_statistics()
    return _summary(people, offer, count, orders, lines, targets)


def _summary(
    people: People, offer: Range, customers: int, orders: int, lines: int, targets: int
) -> DemoSummary:
    logins = tuple((person.name, person.role, person.email) for person in people.everyone)
    return DemoSummary(customers, len(offer.products), orders, lines, targets, logins, PASSWORD)


def demo_logins() -> list[tuple[str, str, str]]:
    """Name, role and e-mail of everyone who may log in to the demo company."""
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True).order_by("id")
    return [(person.full_name, person.get_role_display(), str(person.email)) for person in people]
