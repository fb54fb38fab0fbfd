"""How does one choose among very many records? By typing; the page shows those that may be meant."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _


class TypedChoiceField(forms.CharField):
    """A record by its words; ``find`` returns the records the text may mean.

    The page carries an empty ``<datalist>`` with the id given here; ``url_name`` fills it.
    """

    def __init__(self, *, url_name: str, options_id: str, **kwargs: Any) -> None:
        attrs = {
            "list": options_id, "autocomplete": "off", "hx-get": reverse_lazy(url_name),
            "hx-trigger": "input changed delay:200ms", "hx-target": f"#{options_id}", "hx-swap": "innerHTML",
        }  # fmt: skip
        super().__init__(max_length=260, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.find: Callable[[str], Sequence[Any]] = lambda _text: ()

    def clean(self, value: Any) -> Any:
        """The record, or None for an empty field."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = self.find(text)
        if len(found) != 1:
            raise ValidationError(_("Choose one of those that appear while you type."))
        return found[0]
