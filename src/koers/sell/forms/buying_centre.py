"""What may be entered about somebody in the buying centre?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.customers.models import Contact
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.sell.actions.buying_centre import MemberValues
from koers.sell.models import BuyingCentreMember, BuyingRole, Opportunity, Stance
from koers.sell.models.buying_centre import MOST_INFLUENCE
from koers.sell.queries.buying_centre import contacts_to_add

INFLUENCES = [(1, _("1 – little")), (2, "2"), (3, "3"), (4, "4"), (MOST_INFLUENCE, _("5 – decisive"))]  # fmt: skip


class MemberForm(forms.Form):
    """A member; who it is can only be chosen when he or she enters."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=BuyingRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    influence = forms.TypedChoiceField(label=_("Influence"), choices=INFLUENCES, coerce=int, initial=3)  # fmt: skip
    stance = forms.TypedChoiceField(
        label=_("Stance towards us"), choices=Stance.choices, coerce=int, initial=Stance.NEUTRAL
    )  # fmt: skip
    interest = forms.CharField(
        label=_("Personal interest"), max_length=300, required=False,
        help_text=_("What does he or she win or lose by this?"),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Our message"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tailored to this person (Tailor)."),
    )  # fmt: skip
    counterpart = forms.ModelChoiceField(User.objects.none(), label=_("Our counterpart"), required=False)  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, actor: Actor, opportunity: Opportunity, member: BuyingCentreMember | None = None, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["counterpart"].queryset = owners_visible_to(actor)  # type: ignore[attr-defined]
        if member is None:
            self.fields["contact"].queryset = contacts_to_add(actor, opportunity)  # type: ignore[attr-defined]
        else:
            del self.fields["contact"]

    def values(self) -> MemberValues:
        """What the actions need."""
        data = self.cleaned_data
        names = ("roles", "influence", "stance", "interest", "message", "counterpart")
        return MemberValues(**{name: data[name] for name in names})
