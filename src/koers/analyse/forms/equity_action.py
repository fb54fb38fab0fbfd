"""What may be entered of an action on a driver of customer equity?"""

import csv
import io
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.equity_action import COLUMNS, ActionRefusedError, learned_from
from koers.analyse.models import EquityAction
from koers.core.entry import DecimalEntryField, bare_decimal
from koers.customers.models import Segment

HUNDRED, LARGEST_FILE, MOST_ROWS = Decimal(100), 5_000_000, 20_000
POINTS = ("low", "likely", "high")
SHARES = ("effect_low", "effect_likely", "effect_high", "stay", "win", "discount")
OURS = frozenset({"us", "ours", "wij", "ons", "0"})


def _points(label: Any) -> DecimalEntryField:
    return DecimalEntryField(label=label, min_value=-10, max_value=10, decimal_places=2)


def _percent(label: Any, *, least: str, most: str, required: bool = True, help_text: Any = "") -> DecimalEntryField:  # fmt: skip
    return DecimalEntryField(
        label=label, min_value=Decimal(least), max_value=Decimal(most), decimal_places=2, required=required, help_text=help_text
    )  # fmt: skip


class EquityActionForm(forms.Form):
    """An action, what it costs, what it changes, and whom it reaches."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_l("Name"), max_length=200)
    driver = forms.ChoiceField(label=_l("Driver"), choices=EquityAction.Driver.choices)
    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_l("Segment"), required=False, empty_label=_l("All customers")
    )
    cost = DecimalEntryField(label=_l("Cost of the action"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)  # fmt: skip
    change_low = _points(_l("Change of the score: low"))
    change_likely = _points(_l("Change of the score: most likely"))
    change_high = _points(_l("Change of the score: high"))
    effect_low = _percent(_l("One point raises the chance to stay: low"), least="-50", most="50", required=False)  # fmt: skip
    effect_likely = _percent(_l("One point raises the chance to stay: most likely"), least="-50", most="50", required=False)  # fmt: skip
    effect_high = _percent(_l("One point raises the chance to stay: high"), least="-50", most="50", required=False)  # fmt: skip
    choices = forms.FileField(
        label=_l("Choices from a survey (CSV)"), required=False,
        help_text=_l("Columns: last, next (us or other), and scores 0-10 in value_ours, brand_ours, relation_ours, value_other, brand_other, relation_other. With 50 choices or more the effect is learned from them and your own estimate is not used."),
    )  # fmt: skip
    forget = forms.BooleanField(label=_l("Use my own estimate instead of the choices"), required=False)  # fmt: skip
    stay = _percent(
        _l("Chance that a customer buys from us again (%)"), least="0.1", most="99.9", required=False,
        help_text=_l("Next purchase after one at us."),
    )  # fmt: skip
    win = _percent(
        _l("Chance that a buyer elsewhere comes to us (%)"), least="0.1", most="99.9", required=False,
        help_text=_l("Next purchase after one elsewhere."),
    )  # fmt: skip
    customers = forms.IntegerField(label=_l("Customers it reaches"), min_value=1, max_value=100_000_000)  # fmt: skip
    others = forms.IntegerField(
        label=_l("Buyers elsewhere it reaches"), min_value=0, max_value=100_000_000, required=False
    )
    margin = DecimalEntryField(label=_l("Contribution per purchase"), min_value=0, max_digits=14, decimal_places=2)  # fmt: skip
    frequency = DecimalEntryField(
        label=_l("Purchases a year"), min_value=Decimal("0.01"), max_value=365, decimal_places=2
    )
    discount = _percent(_l("Discount rate a year (%)"), least="0", most="100")
    years = forms.IntegerField(label=_l("Years counted"), min_value=1, max_value=20)

    def __init__(self, *args: Any, learned: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learned = learned
        self.fields["segment"].queryset = Segment.objects.order_by("name")  # type: ignore[attr-defined]
        if learned is None:
            del self.fields["forget"]

    @staticmethod
    def initial_of(found: EquityAction) -> dict[str, Any]:
        """Form values of what is stored, shares in percent."""
        values = {name: getattr(found, name) for name in EquityActionForm.base_fields if name not in ("choices", "forget")}  # fmt: skip
        return values | {name: None if values[name] is None else values[name] * HUNDRED for name in SHARES}  # fmt: skip

    def clean_choices(self) -> dict[str, Any] | None:
        """What the choices teach; refused with row and remedy where they cannot be read."""
        file: UploadedFile[bytes] | None = self.cleaned_data["choices"]
        if not file:
            return None
        try:
            return learned_from(read_choices(file))
        except ActionRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """Three points in order; without choices one's own estimate of effect and chances."""
        data = super().clean() or {}
        self._in_order("change", data)
        found = data.get("choices") or (None if data.get("forget") else self.learned)
        data["learned"] = found
        if found is None and "choices" not in self.errors:
            for name in (*(f"effect_{at}" for at in POINTS), "stay", "win"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Give your own estimate, or a file of choices to learn it from."))  # fmt: skip
            self._in_order("effect", data)
        return data

    def _in_order(self, name: str, data: dict[str, Any]) -> None:
        points = [data.get(f"{name}_{at}") for at in POINTS]
        if None not in points and not points[0] <= points[1] <= points[2]:  # type: ignore[operator]
            self.add_error(f"{name}_likely", _("Low, most likely and high stand in this order."))

    def values(self) -> dict[str, Any]:
        """What the action needs: shares 0-1, learned chances where there are choices."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "choices", "forget")}  # fmt: skip
        for name in SHARES:
            data[name] = None if data[name] is None else data[name] / HUNDRED
        if data["learned"]:
            data |= dict.fromkeys(f"effect_{at}" for at in POINTS)
            data |= {name: Decimal(repr(data["learned"][name])).quantize(Decimal("0.0001")) for name in ("stay", "win")}  # fmt: skip
        return data | {"others": data["others"] or 0}


def read_choices(file: "UploadedFile[bytes]") -> list[dict[str, Any]]:
    """Rows of ``COLUMNS``; last and next as 0 (us) or 1 (another), scores as numbers 0-10."""
    if (file.size or 0) > LARGEST_FILE:
        raise ActionRefusedError(_("The file is larger than 5 MB; keep only the eight columns that are needed."))  # fmt: skip
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    mark = max(";,\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark)
    names = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
    if missing := [name for name in COLUMNS if name not in names]:
        raise ActionRefusedError(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})  # fmt: skip
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(reader, start=2):
        if len(rows) >= MOST_ROWS:
            raise ActionRefusedError(_("More than %(most)s rows; split the file.") % {"most": MOST_ROWS})  # fmt: skip
        rows.append({name: _cell(name, str(row[names[name]] or "").strip(), number) for name in COLUMNS})  # fmt: skip
    return rows


def _cell(name: str, text: str, row: int) -> float:
    if not text:
        raise ActionRefusedError(_("Row %(row)s: %(name)s is empty; fill it or leave the row out.") % {"row": row, "name": name})  # fmt: skip
    if name in ("last", "next"):
        return 0 if text.lower() in OURS else 1
    try:
        value = float(Decimal(bare_decimal(text)))
    except ArithmeticError as error:
        raise ActionRefusedError(_("Row %(row)s: “%(text)s” is no score from 0 to 10.") % {"row": row, "text": text[:40]}) from error  # fmt: skip
    if not 0 <= value <= 10:
        raise ActionRefusedError(_("Row %(row)s: “%(text)s” is no score from 0 to 10.") % {"row": row, "text": text[:40]})  # fmt: skip
    return value


class ActionDecisionForm(forms.Form):
    """What is decided about an action."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_l("Status"), choices=EquityAction.Status.choices)
    decision = forms.CharField(
        label=_l("What is decided?"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
