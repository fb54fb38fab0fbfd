"""What customers want from opportunities."""

from datetime import date
from typing import Any

from koers.catalogue.models import Product
from koers.customers.models import Company
from koers.organisation.models import User
from koers.sell.models import Need, Opportunity

OF_OWNERS = {"need_id"}


def belongings(owner: User, company: Company, product: Product, today: date) -> dict[str, Any]:
    """Something the customer wants from the owner's opportunity."""
    del product, today
    deal = Opportunity.objects.filter(company=company).order_by("pk")[0]
    return {"need": Need.objects.create(opportunity=deal, text=f"Wish of {owner.full_name}")}


def arguments(own: Any) -> dict[str, Any]:
    """The need in the address."""
    return {"need_id": own.more["need"].pk}


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post."""
    del world, today
    need = {"text": "Less noise", "kind": "need", "importance": "4", "status": "not"}
    return {
        "sell:need_list": need,
        "sell:need_edit": need | {"version": own.more["need"].version},
    }
