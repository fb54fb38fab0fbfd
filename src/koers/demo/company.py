"""How is the demo company made from a seed, and removed again?"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils.translation import gettext as _

from koers.analyse.models import ClassChange, PhaseInterval
from koers.catalogue.models import Product, ProductCost, ProductGroup
from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.data_versions import current_versions, mark_changed
from koers.core.errors import RuleError
from koers.core.models import AuditEntry, ExternalId, ImportRun, Job, SavedView
from koers.core.periods import add_months
from koers.customers.models import Company, Contact, Segment, Site
from koers.demo.orders import write_orders
from koers.demo.people import People, write_people
from koers.demo.range import Range, write_range
from koers.demo.relations import write_companies
from koers.demo.targets import write_opportunities, write_targets
from koers.demo.world import COMPANY, DOMAIN, PASSWORD
from koers.organisation.models import BusinessUnit, Organisation, Pairing, Team, Territory, User
from koers.plan.models import Target
from koers.sell.models import Opportunity, Order, OrderLine

Progress = Callable[[int, "int | None", str], None]
CUSTOMERS = 900
YEARS = 3
OWN_NOUNS = ("company", "contact", "product", "order", "target", "opportunity")


class NotADemoError(RuleError):
    """The database holds a real organisation."""


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

    Orders run over three years up to yesterday. ``scale`` multiplies the customers.
    """
    if any(model.objects.exists() for model in (Company, Product, Order, Team, Territory)):
        raise NotADemoError(
            _("There is data already. The demo company is only loaded into an empty installation.")
        )
    dice = random.Random(seed)  # noqa: S311 -- reproducible, not secret
    count = customers if customers is not None else CUSTOMERS * scale
    with transaction.atomic():
        organisation, _created = Organisation.objects.update_or_create(
            only=True,
            defaults={"is_demo": True},
            create_defaults={"name": COMPANY, "base_currency": "EUR", "is_demo": True},
        )
        people = write_people(make_password(PASSWORD), at)
        offer = write_range(dice, add_months(today, -12 * YEARS))
        relations = write_companies(dice, people, count, today)
        mark_changed("company", "product", "person", "territory", "sbu")
    orders, lines = write_orders(dice, relations, offer, today, YEARS, progress)
    with transaction.atomic():
        targets = write_targets(dice, people, offer, today, YEARS)
        write_opportunities(dice, relations, offer, today)
        mark_changed("target")
        audit.record(actor=system_actor(Channel.DEMO), at=at, verb="load_demo", obj=organisation)
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


def remove_demo(*, at: datetime) -> None:
    """Empty the installation of the demo company; refuses to touch a real one.

    Audit entries stay: the database refuses to remove them.
    """
    organisation = Organisation.objects.first()
    if organisation is None or not organisation.is_demo:
        raise NotADemoError(_("This is not the demo company; nothing was removed."))
    own = _made_since_load()
    if own:
        raise NotADemoError(
            _(
                "Since the demo company was loaded, %(count)s records of your own were added. Nothing was removed."
            )
            % {"count": own}
        )
    with transaction.atomic():
        audit.record(actor=system_actor(Channel.DEMO), at=at, verb="remove_demo", obj=organisation)
        for model in (
            OrderLine, Order, Opportunity, Target, ClassChange, PhaseInterval, Contact, Site, Company, Segment, ProductCost,
            Product, ProductGroup, Pairing, SavedView, ExternalId, ImportRun, Job,
        ):  # fmt: skip
            _empty(model)
        Team.objects.update(lead=None, parent=None)
        User.objects.update(team=None, territory=None, business_unit=None)
        Territory.objects.update(parent=None)
        for last in (Team, Territory, BusinessUnit):
            last.objects.all().delete()
        User.objects.filter(email__endswith=f"@{DOMAIN}").delete()
        if User.objects.exists():
            Organisation.objects.update(is_demo=False)
        else:
            Organisation.objects.all().delete()
        mark_changed(*current_versions())


def _made_since_load() -> int:
    """Records people or imports added to the demo company; those are theirs, not the demo's."""
    loaded = (
        AuditEntry.objects.filter(verb="load_demo")
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
        or 0
    )
    later = AuditEntry.objects.filter(
        pk__gt=loaded, verb="create", channel__in=["screen", "import", "api"]
    )
    runs = ImportRun.objects.filter(status=ImportRun.Status.DONE).count()
    return later.filter(noun__in=OWN_NOUNS).count() + runs


def _empty(model: type) -> None:
    """One statement, in one go; links inside the table first."""
    table = connection.ops.quote_name(model._meta.db_table)  # type: ignore[attr-defined]
    for name in ("parent", "credit_of"):
        if any(field.name == name for field in model._meta.concrete_fields):  # type: ignore[attr-defined]
            model._default_manager.exclude(**{name: None}).update(**{name: None})  # type: ignore[attr-defined]
    if model is Job:
        Job.objects.exclude(status=Job.Status.RUNNING).delete()
        return
    if model is ImportRun:
        model._default_manager.all().delete()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- the model's own table
