"""What may be entered as the questions of a talk?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.sell.actions.call_question import MOST_QUESTIONS, QuestionLine
from koers.sell.models import CallQuestion, QuestionKind

BLANK_PER_KIND = 2


class QuestionForm(forms.Form):
    """A question; without a text it is left out, or taken out where it stood."""

    key = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(choices=QuestionKind.choices, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Question"), max_length=300, required=False)
    was_asked = forms.BooleanField(label=_("Asked"), required=False)
    answer = forms.CharField(label=_("Answer"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label or ""

    def line(self) -> QuestionLine:
        """What the action needs."""
        data = self.cleaned_data
        return QuestionLine(data["kind"], data["text"], data["was_asked"], data["answer"], data["key"], data["version"] or 0)  # fmt: skip


QuestionFormSet = forms.formset_factory(
    QuestionForm,
    extra=0,
    max_num=MOST_QUESTIONS + BLANK_PER_KIND * len(QuestionKind),
    validate_max=True,
)


def initial_of(questions: Sequence[CallQuestion]) -> list[dict[str, Any]]:
    """The questions per kind in the order of a talk, with empty lines after each kind."""
    lines: list[dict[str, Any]] = []
    for kind in QuestionKind.values:
        lines += [
            {"key": each.pk, "version": each.version, "kind": kind, "text": each.text, "was_asked": each.was_asked, "answer": each.answer}
            for each in questions
            if each.kind == kind
        ]  # fmt: skip
        lines += [{"kind": kind}] * BLANK_PER_KIND
    return lines
