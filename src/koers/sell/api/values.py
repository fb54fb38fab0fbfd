"""How do values of a call pass the screen's own form, over what is stored?"""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from koers.catalogue.queries.product import products
from koers.core.actor import Actor
from koers.core.api import FieldsRefusedError, refuse_fields


def company_entry(company_id: int | None) -> str:
    """A company as the forms' field takes it: by its number."""
    return "" if company_id is None else f"#{company_id}"


def find_product_by_id(form: Form, actor: Actor) -> None:
    """Programs name a product by its number, where people type its code."""
    field = form.fields.get("product")
    if field is not None:
        field.find = lambda text: list(products(actor).filter(pk=int(text))[:1])  # type: ignore[attr-defined]


def cleaned(form: Form, given: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """What the form made of the values: all of a new record, else only those that were sent.

    A value the form has no field for is refused rather than dropped in silence.
    """
    unasked = [name for name in given if name not in form.fields]
    if unasked:
        raise FieldsRefusedError({name: [_("This has no place here.")] for name in unasked})
    refuse_fields(form, only=None if is_new else set(given))
    names = form.fields.keys() - {"version"} if is_new else given
    return {name: form.cleaned_data[name] for name in names}
