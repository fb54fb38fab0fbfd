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
from koers.sell.queries.past_pipeline import PastScope, members_of, team_choices

CHOICES = ("pipeline", "team", "owner", "closing")


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """Two days, the first earlier, and the scope."""

    before: date
    after: date
    scope: PastScope


class PastForm(forms.Form):
    """The choices above the page; without any the pipeline of a month ago against today's."""

    day = forms.DateField(label=gettext_lazy("Pipeline on"), widget=DAY)
    until = forms.DateField(label=gettext_lazy("Compared with"), widget=DAY)
    pipeline = forms.ChoiceField(label=gettext_lazy("Pipeline"), required=False)
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
            ("team", _("All teams"), team_choices(actor)),
            ("owner", _("All sellers"), [(str(key), label) for key, label in people]),
        ):
            self.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]

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
        owners = members_of(int(data["team"])) if data["team"] else None
        if data["owner"]:
            owner = frozenset({int(data["owner"])})
            owners = owner if owners is None else owners & owner
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
