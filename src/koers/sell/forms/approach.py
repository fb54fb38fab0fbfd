"""What may be entered about the buying situation and selling role of an opportunity?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.sell.actions.approach import Approach
from koers.sell.models import BuyingSituation, SellingRole

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
