"""Which value stays, field by field, when two records become one?"""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koers.customers.forms.company import CompanyForm, ContactForm
from koers.customers.models import Merge
from koers.customers.queries.merge import FIELDS

OTHER_LABELS = {
    "industry": _("Industry"),
    "employees": _("Employees"),
    "customer_since": _("Customer since"),
    "notice_given_on": _("Notice given on"),
    "company": _("Company"),
    "mobile": _("Mobile"),
    "language": _("Language"),
}


def label_of(noun: str, name: str) -> str | Promise:
    """The field's name as the record's own form writes it."""
    form = CompanyForm if noun == Merge.Noun.COMPANY else ContactForm
    field = form.base_fields.get(name)
    return OTHER_LABELS[name] if field is None else field.label or name


class MergeForm(forms.Form):
    """One choice per field: the kept record's value, or the other's."""

    def __init__(self, *args: Any, noun: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noun = noun

    def taken(self) -> list[str]:
        """The fields whose value comes from the record that goes."""
        return [name for name in FIELDS[self.noun] if self.data.get(f"keep_{name}") == "gone"]
