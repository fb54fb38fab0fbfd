"""Which records does a person mean by a few letters?"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from koers.catalogue.models import Product
from koers.core.actor import Actor
from koers.customers.models import Company, Contact
from koers.organisation.policies import Right, may
from koers.sell.models import Order

SHOWN = 6
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that may be meant."""

    label: str
    note: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Records of one kind."""

    title: str
    hits: list[Hit]


def search(actor: Actor, text: str) -> list[HitGroup]:
    """Companies, contacts, orders and products whose name or number begins with the text.

    Beginnings only: they walk an index however many records there are.
    """
    text = text.strip().replace("\0", "")[:80]
    if len(text) < SHORTEST or not may(actor, Right.READ_CUSTOMERS):
        return []
    groups = [
        HitGroup(_("Companies"), _companies(actor, text)), HitGroup(_("Contacts"), _contacts(actor, text)),
        HitGroup(_("Orders"), _orders(actor, text)), HitGroup(_("Products"), _products(text)),
    ]  # fmt: skip
    return [group for group in groups if group.hits]


def _companies(actor: Actor, text: str) -> list[Hit]:
    found = Company.objects.filter(name__istartswith=text, deleted_at=None)
    if actor.visible_people is not None:
        found = found.filter(owner_id__in=actor.visible_people)
    return [
        Hit(row.name, row.city, _address("customers:company_detail", row.pk), "building")
        for row in found.order_by("name")[:SHOWN]
    ]


def _contacts(actor: Actor, text: str) -> list[Hit]:
    found = (
        Contact.objects.filter(last_name__istartswith=text, deleted_at=None)
        .exclude(company=None)
        .select_related("company")
    )
    if actor.visible_people is not None:
        found = found.filter(company__owner_id__in=actor.visible_people)
    return [
        Hit(
            str(row),
            row.company.name if row.company else "",
            _address("customers:company_detail", row.company_id),
            "user",
        )
        for row in found.order_by("last_name")[:SHOWN]
    ]


def _orders(actor: Actor, text: str) -> list[Hit]:
    found = Order.objects.filter(number__startswith=text).select_related("company")
    if actor.visible_people is not None:
        found = found.filter(company__owner_id__in=actor.visible_people)
    return [
        Hit(
            row.number,
            row.company.name if row.company else "",
            _address("sell:order_detail", row.pk),
            "receipt",
        )
        for row in found.order_by("number")[:SHOWN]
    ]


def _products(text: str) -> list[Hit]:
    found = Product.objects.filter(name__istartswith=text)
    return [
        Hit(row.name, row.code, _address("catalogue:product_detail", row.pk), "box")
        for row in found.order_by("name")[:SHOWN]
    ]


def _address(name: str, key: int | None) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
