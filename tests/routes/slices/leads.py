"""Which web form is in the world of the routes, and what is posted to it and to its settings?"""

from datetime import date
from typing import Any

from koers.organisation.models import User
from koers.sell.models import WebForm

OPEN_TO_ALL = {"sell:web_form_page"}
"""Anybody with the secret address sees a web form and sends it: that is what it is for."""
LISTS = {"/sell/leads/"}


def belongings(owner: User, *_others: Any) -> dict[str, Any]:
    """A form of the site; everybody who may set forms up may change each of them."""
    made = WebForm.objects.create(
        name=f"Form {owner.pk}", title="Ask", thanks="Thank you", asked={"last_name": True, "email": True}
    )  # fmt: skip
    return {"web_form": made}


def arguments(own: Any) -> dict[str, Any]:
    """Which form an address means."""
    return {"form_id": own.more["web_form"].pk}


def in_the_bin(own: Any) -> dict[str, Any]:
    """The visitor's page by its true secret, so that the table shows who reaches it: everybody."""
    return {"sell:web_form_page": {"secret": own.more["web_form"].secret}}


def bodies(_world: Any, own: Any, _today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post, rightly filled in but for the visitor's stamp."""
    answers = {f"ask_{name}": "no" for name in ("company_name", "first_name", "job_title", "phone", "city", "need")}  # fmt: skip
    values = {
        **answers, "ask_last_name": "must", "ask_email": "must", "name": "Fair", "language": "en", "title": "Ask", "thanks": "Thank you",
        "source": "fair", "consent_channel": "mail", "is_open": "on",
    }  # fmt: skip
    return {
        "sell:web_form_create": values,
        "sell:web_form_edit": values | {"name": own.more["web_form"].name, "version": 1},
    }
