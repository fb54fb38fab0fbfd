"""What may be chosen about a file to import?"""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from koers.core.imports.kinds import ImportKind
from koers.core.imports.plan import DuplicateRule
from koers.home.queries.import_kinds import KINDS

RULES = (
    (DuplicateRule.BOTH.value, _("create new records and update known ones")),
    (DuplicateRule.CREATE.value, _("create new records only")),
    (DuplicateRule.UPDATE.value, _("update known records only")),
)


class UploadForm(forms.Form):
    """The file and what it holds."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV, XLSX, XLS, ODS or JSON, plain or as .gz or .zip.")
    )
    kind = forms.ChoiceField(label=_("What does it hold?"))
    source = forms.CharField(
        label=_("Where does it come from?"), max_length=60, initial="file",
        help_text=_("Name of the system, so that a second file of it updates instead of doubling."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.name, label_of(kind)) for kind in KINDS.values()]  # type: ignore[attr-defined]


def label_of(kind: ImportKind) -> str:
    """The kind in the reader's language."""
    return kind.label_nl if (get_language() or "en").startswith("nl") else kind.label_en


class PlanForm(forms.Form):
    """Conventions and rules; the columns are drawn beside it."""

    rule = forms.ChoiceField(label=_("Known records"), choices=RULES)
    match_by = forms.ChoiceField(label=_("Records are the same when they agree in"), required=False)
    decimal = forms.ChoiceField(
        label=_("Decimal mark"),
        required=False,
        choices=(("", _("as detected")), (",", _("comma: 1.234,50")), (".", _("point: 1,234.50"))),
    )
    date_order = forms.ChoiceField(
        label=_("Dates"), required=False,
        choices=(("", _("as detected")), ("dmy", _("day-month-year")), ("mdy", _("month-day-year")), ("ymd", _("year-month-day"))),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency of amounts without one"), max_length=3, min_length=3
    )
    all_or_nothing = forms.BooleanField(
        label=_("Bring nothing in when a row is refused"), required=False
    )
    profile_name = forms.CharField(label=_("Keep this mapping as"), max_length=120, required=False)

    def __init__(self, *args: Any, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dutch = (get_language() or "en").startswith("nl")
        names = [
            (name, kind.field(name).label("nl" if dutch else "en")) for name in kind.match_fields
        ]
        self.fields["match_by"].choices = [("", _("the kind's own order")), *names]  # type: ignore[attr-defined]
