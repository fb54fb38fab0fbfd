"""What do people do all day? Random actions of the product on companies, contacts, sites and activities."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone

from koers.core.errors import RuleError
from koers.customers.actions import company as companies
from koers.customers.actions import site as sites
from koers.customers.actions.reassignment import reassign
from koers.customers.models import Company, Contact
from koers.customers.models.site import Site
from koers.organisation.tests.cast import acting, make_cast
from koers.sell.actions import activity as activities
from koers.sell.actions.activity import ActivityValues
from koers.sell.models import Activity

TOWNS = ("Ede", "Delft", "Utrecht", "Goes", "Breda", "")


def rows_of(models: tuple[type[Model], ...]) -> dict[tuple[str, int], dict[str, Any]]:
    """Every record by noun and id, with the values of its columns."""
    return {
        (model._meta.model_name or "", row["pk"]): {
            field.name: row[field.attname] for field in model._meta.concrete_fields
        }
        for model in models
        for row in model._base_manager.values(
            "pk", *(field.attname for field in model._meta.concrete_fields)
        )
    }


class Walk:
    """A random walk that begins with a handful of companies and can be repeated by its seed."""

    MODELS: ClassVar[tuple[type[Model], ...]] = (Company, Contact, Site, Activity)

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.cast = make_cast()
        self.actor = acting(self.cast.adam)
        self.made = 0
        for _number in range(6):
            self.add_company()
        self.steps: tuple[Callable[[], object], ...] = (
            self.add_company, self.add_contact, self.add_site, self.add_activity, self.change_company,
            self.change_company, self.change_contact, self.change_contact, self.change_site,
            self.delete_company, self.restore_company, self.delete_contact, self.restore_contact,
            self.delete_site, self.restore_site, self.finish_activity, self.reopen_activity, self.give,
        )  # fmt: skip

    def step(self) -> None:
        """Do something; what the product refuses counts as nothing done, so another is tried."""
        for _attempt in range(20):
            try:
                self.dice.choice(self.steps)()
            except (RuleError, IndexError):
                continue
            return

    def any_of(self, model: type[Model], *, binned: bool = False) -> Any:
        """One of the living records, or of those in the bin; IndexError when there is none."""
        found = model._default_manager.filter(deleted_at__isnull=not binned).order_by("pk")
        return self.dice.choice(list(found))

    def name(self, word: str) -> str:
        self.made += 1
        return f"{word} {self.made}"

    def add_company(self) -> Company:
        values = {"name": self.name("Company"), "city": self.dice.choice(TOWNS), "owner": self.cast.ann}  # fmt: skip
        return companies.add_company(actor=self.actor, values=values, at=timezone.now())

    def add_contact(self) -> None:
        companies.add_contact(
            actor=self.actor, company_id=self.any_of(Company).pk,
            values={"last_name": self.name("Vos"), "phone": "1"}, at=timezone.now(),
        )  # fmt: skip

    def add_site(self) -> None:
        sites.add_site(
            actor=self.actor, company_id=self.any_of(Company).pk,
            values={"city": self.name("Town"), "country": "NL"}, at=timezone.now(),
        )  # fmt: skip

    def add_activity(self) -> None:
        company = self.any_of(Company)
        values = ActivityValues(
            kind="visit", subject=self.name("Visit"), company=company, day=date(2026, 11, 20), owner=self.cast.ann
        )  # fmt: skip
        activities.plan_activity(actor=self.actor, values=values, at=timezone.now())

    def change_company(self) -> None:
        one = self.any_of(Company)
        values = {"city": self.dice.choice(TOWNS), "phone": str(self.dice.randrange(9)), "notes": self.name("é")}  # fmt: skip
        companies.change_company(
            actor=self.actor, company_id=one.pk, version=one.version, values=values, at=timezone.now()
        )  # fmt: skip

    def change_contact(self) -> None:
        one = self.any_of(Contact)
        values = {"first_name": self.dice.choice(TOWNS), "job_title": self.name("Buyer")}
        companies.change_contact(
            actor=self.actor, contact_id=one.pk, version=one.version, values=values, at=timezone.now()
        )  # fmt: skip

    def change_site(self) -> None:
        one = self.any_of(Site)
        sites.change_site(
            actor=self.actor, site_id=one.pk, version=one.version,
            values={"street": self.name("Kade")}, at=timezone.now(),
        )  # fmt: skip

    def delete_company(self) -> None:
        if Company.objects.filter(deleted_at=None).count() > 3:
            companies.delete_company(
                actor=self.actor, company_id=self.any_of(Company).pk, at=timezone.now()
            )

    def restore_company(self) -> None:
        companies.restore_company(
            actor=self.actor, company_id=self.any_of(Company, binned=True).pk, at=timezone.now()
        )

    def delete_contact(self) -> None:
        companies.delete_contact(
            actor=self.actor, contact_id=self.any_of(Contact).pk, at=timezone.now()
        )

    def restore_contact(self) -> None:
        companies.restore_contact(
            actor=self.actor, contact_id=self.any_of(Contact, binned=True).pk, at=timezone.now()
        )

    def delete_site(self) -> None:
        sites.delete_site(actor=self.actor, site_id=self.any_of(Site).pk, at=timezone.now())

    def restore_site(self) -> None:
        sites.restore_site(
            actor=self.actor, site_id=self.any_of(Site, binned=True).pk, at=timezone.now()
        )

    def finish_activity(self) -> None:
        one = self.dice.choice(list(Activity.objects.order_by("pk")))
        activities.finish_activity(
            actor=self.actor, activity_id=one.pk, at=timezone.now(), outcome="order"
        )

    def reopen_activity(self) -> None:
        one = self.dice.choice(list(Activity.objects.order_by("pk")))
        activities.reopen_activity(actor=self.actor, activity_id=one.pk, at=timezone.now())

    def give(self) -> None:
        """Many companies at once to another owner."""
        some = self.dice.sample(list(Company.objects.filter(deleted_at=None).values_list("pk", flat=True)), 3)  # fmt: skip
        owner = self.dice.choice([self.cast.ann.pk, self.cast.cora.pk, self.cast.sam.pk])
        reassign(actor=self.actor, company_ids=some, values={"owner_id": owner}, at=timezone.now())
