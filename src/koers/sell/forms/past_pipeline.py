"""Which two days are compared, and of whose deals?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.core.periods import add_months
from koers.customers.queries.choices import owners_visible_to
from koers.sell.forms.activity import DAY
from koers.sell.queries.opportunity import pipeline_choices
from koers.sell.queries.past_pipeline import (
    PastScope,
    members_of,
    members_of_units,
    team_choices,
    unit_choices,
)

CHOICES = ("pipeline", "unit", "team", "owner", "closing")
WORDS = {
    "new": (gettext_lazy("New"), gettext_lazy("Deals that did not exist on the first day.")),
    "reopened": (gettext_lazy("Reopened"), gettext_lazy("Deals that were won or lost on the first day and are open again.")),
    "taken_over": (gettext_lazy("Taken over"), gettext_lazy("Open deals that another seller or another pipeline had on the first day.")),
    "pulled_in": (gettext_lazy("Pulled in"), gettext_lazy("Open deals whose expected close date came before the limit in between.")),
    "grew": (gettext_lazy("Grew"), gettext_lazy("Deals open on both days whose amount rose.")),
    "shrunk": (gettext_lazy("Shrunk"), gettext_lazy("Deals open on both days whose amount fell.")),
    "slipped": (gettext_lazy("Slipped"), gettext_lazy("Open deals whose expected close date was put off beyond the limit.")),
    "handed_over": (gettext_lazy("Handed over"), gettext_lazy("Open deals that went to another seller or another pipeline.")),
    "lost": (gettext_lazy("Lost"), gettext_lazy("Deals lost in between, with the amount they had on the first day.")),
    "won": (gettext_lazy("Won"), gettext_lazy("Deals won in between, with the amount they had on the first day.")),
    "unchanged": (gettext_lazy("Unchanged"), gettext_lazy("Deals open on both days for the same amount.")),
    "before": (gettext_lazy("Open on the first day"), gettext_lazy("All deals that were open at the end of the first day.")),
    "after": (gettext_lazy("Open on the last day"), gettext_lazy("All deals that were open at the end of the last day.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """Two days, the first earlier, and the scope."""

    before: date
    after: date
    scope: PastScope


def owner_choices(actor: Actor) -> set[str]:
    """Sellers whose deals one may ask for."""
    return {str(key) for key in owners_visible_to(actor).values_list("pk", flat=True)}


class PastForm(forms.Form):
    """The choices above the page; without any the pipeline of a month ago against today's."""

    day = forms.DateField(label=gettext_lazy("Pipeline on"), widget=DAY)
    until = forms.DateField(label=gettext_lazy("Compared with"), widget=DAY)
    pipeline = forms.ChoiceField(label=gettext_lazy("Pipeline"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Business unit"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Seller"), required=False)
    closing = forms.DateField(
        label=gettext_lazy("Expected to close before"), widget=DAY, required=False
    )

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        asked = data.copy()
        asked.setdefault("day", add_months(today, -1).isoformat())
        asked.setdefault("until", today.isoformat())
        super().__init__(asked)
        self.today = today
        people = owners_visible_to(actor).values_list("pk", "full_name")
        for name, empty, choices in (
            ("pipeline", _("All pipelines"), pipeline_choices()),
            ("unit", _("All business units"), unit_choices(actor)),
            ("team", _("All teams"), team_choices(actor)),
            ("owner", _("All sellers"), [(str(key), label) for key, label in people]),
        ):
            self.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]
        if len(self.fields["unit"].choices) == 1:  # type: ignore[attr-defined]
            self.fields["unit"].widget = forms.HiddenInput()  # nobody stands in a unit

    def clean(self) -> dict[str, Any]:
        """The first day lies before the last, which is not in the future."""
        data = super().clean() or self.cleaned_data
        day, until = data.get("day"), data.get("until")
        if until and until > self.today:
            self.add_error("until", _("This day is still to come. Choose today or earlier."))
        elif day and until and day >= until:
            self.add_error("day", _("Choose a day before the one it is compared with."))
        return data

    def question(self) -> PastQuestion:
        """What is asked, once the form is valid."""
        data = self.cleaned_data
        owners: frozenset[int] | None = None
        for name, people in (
            ("unit", lambda key: members_of_units([key])[key]),
            ("team", members_of),
            ("owner", lambda key: frozenset({key})),
        ):
            if data[name]:
                found = people(int(data[name]))
                owners = found if owners is None else owners & found
        scope = PastScope(
            int(data["pipeline"]) if data["pipeline"] else None, owners, data["closing"]
        )
        return PastQuestion(data["day"], data["until"], scope)

    def shortcuts(self) -> list[tuple[str, date]]:
        """Days that are often asked for."""
        today = self.today
        quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        found = [
            (_("A week ago"), today - timedelta(days=7)),
            (_("A month ago"), add_months(today, -1)),
            (_("Begin of the quarter"), quarter - timedelta(days=1)),
            (_("A year ago"), add_months(today, -12)),
        ]
        return [(label, day) for label, day in found if day < today]
