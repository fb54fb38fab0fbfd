"""How are the questions of a talk planned before it, and marked after it?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.errors import RuleError, StaleVersionError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.call_question import set_questions
from koers.sell.figures.call_question import spin_of
from koers.sell.forms.call_question import QuestionFormSet, initial_of
from koers.sell.models import Activity, CallQuestion, QuestionKind
from koers.sell.queries.activity import activity_for
from koers.sell.queries.call_question import questions_of


def question_list(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The planner: four kinds of question. ``part=card`` is the panel of the activity, ``part=figure`` the share laid open."""
    actor = actor_of(request)
    activity = activity_for(actor=actor, activity_id=activity_id)
    questions = questions_of(activity)
    part = request.GET.get("part", "")
    if part == "figure":
        return render_figure(request, _panel(activity, questions))
    if part == "card":
        context = {"activity": activity, "may_edit": may(actor, Right.EDIT_CUSTOMERS), "groups": _groups(questions), "count": len(questions), "spin": spin_of(_asked(questions))}  # fmt: skip
        return render(request, "sell/call_question/card.html", context)
    require(actor, Right.EDIT_CUSTOMERS)
    lines = QuestionFormSet(request.POST or None, prefix="q", initial=initial_of(questions))
    refused = ""
    if request.method == "POST" and lines.is_valid():
        try:
            set_questions(actor=actor, activity_id=activity.pk, lines=[form.line() for form in lines], at=timezone.now())  # fmt: skip
        except StaleVersionError:
            refused = _("Somebody else changed these questions meanwhile. Yours stand below; open the page anew to see theirs.")  # fmt: skip
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("sell:activity_detail", activity.pk)
    context = {
        "activity": activity,
        "lines": lines,
        "groups": _form_groups(lines),
        "refused": refused,
    }
    failed = request.method == "POST"
    return render(request, "sell/call_question/form.html", context, status=400 if failed else 200)


HINTS = {
    QuestionKind.SITUATION: gettext_lazy(
        "How is it now? Ask few, and only what you cannot look up."
    ),
    QuestionKind.PROBLEM: gettext_lazy("What does not go well?"),
    QuestionKind.IMPLICATION: gettext_lazy("What follows from that, and what does it cost?"),
    QuestionKind.NEED_PAYOFF: gettext_lazy("What would it bring if it were solved?"),
}


def _form_groups(lines: Any) -> list[tuple[str, str, list[Any]]]:
    """The forms under the kind they belong to; a kind that was tampered with stands under the first."""
    found: dict[str, list[Any]] = {kind: [] for kind in QuestionKind.values}
    for form in lines:
        found.get(str(form["kind"].value()), found[QuestionKind.SITUATION]).append(form)
    return [(str(QuestionKind(kind).label), str(HINTS[QuestionKind(kind)]), forms) for kind, forms in found.items()]  # fmt: skip


def _groups(questions: list[CallQuestion]) -> list[tuple[str, list[CallQuestion]]]:
    found = [(str(kind.label), [each for each in questions if each.kind == kind]) for kind in QuestionKind]  # fmt: skip
    return [(label, group) for label, group in found if group]


def _asked(questions: list[CallQuestion]) -> dict[str, int]:
    return {kind: sum(each.was_asked for each in questions if each.kind == kind) for kind in QuestionKind.values}  # fmt: skip


def _panel(activity: Activity, questions: list[CallQuestion]) -> FigurePanel:
    found = spin_of(_asked(questions))
    asked = [each for each in questions if each.was_asked]
    return FigurePanel(
        title=_("Implication and need-payoff questions"), formula_id="F12.5", formula_url=reverse("analyse:formula_detail", args=["F12.5"]),
        expression=_("share = (implication + need-payoff) ÷ all questions asked"), value=None if found.share is None else formats.share(found.share, 0),
        parts=[(_("Numerator: implication and need-payoff"), formats.number(found.strong, 0)), (_("Denominator: questions asked"), formats.number(found.total, 0)),
               (_("Left out: planned, not asked"), formats.number(len(questions) - len(asked), 0))],
        columns=[_("Kind"), _("Question"), _("Answer")], rows=[(each.get_kind_display(), each.text, each.answer or formats.EN_DASH) for each in asked],
        rows_count=len(asked), rows_url=reverse("sell:activity_detail", args=[activity.pk]),
        notes=[] if asked else [_("No question was marked as asked yet.")],
    )  # fmt: skip
