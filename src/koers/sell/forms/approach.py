"""What may be entered about the buying situation and selling role of an opportunity?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.sell.actions.approach import Approach
from koers.sell.models import BuyingSituation, CentreDepth, SellingChannel, SellingRole

LONGEST_REASON = 200


class ApproachForm(forms.Form):
    """Situation and role, each with a reason where it is not the proposed one."""

    situation = forms.ChoiceField(
        label=_("Buying situation"), choices=BuyingSituation.choices, widget=forms.RadioSelect
    )
    situation_because = forms.CharField(
        label=_("Why, if it is not the proposed situation?"), max_length=LONGEST_REASON, required=False
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Selling role"), choices=SellingRole.choices, widget=forms.RadioSelect
    )
    role_because = forms.CharField(
        label=_("Why, if it is not the role that fits?"), max_length=LONGEST_REASON, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def approach(self) -> Approach:
        """The values as the action takes them."""
        data: dict[str, Any] = self.cleaned_data
        return Approach(
            data["situation"], data["role"], data["situation_because"], data["role_because"]
        )


class SellingTemplateForm(forms.Form):
    """How we sell in one situation and role."""

    steps = forms.CharField(
        label=_("Steps, one a line"), widget=forms.Textarea(attrs={"rows": 6}), max_length=2_000, required=False
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("Channel"), choices=SellingChannel.choices)
    centre_depth = forms.ChoiceField(label=_("Buying centre"), choices=CentreDepth.choices)
    needs_analysis = forms.BooleanField(label=_("Needs analysis required"), required=False)
    all_blocks = forms.BooleanField(
        label=_("Customer, buying centre, buying process and problems all required"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Values of the template itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
