"""How are the rules shown and changed?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.actions.customer_value import ask_valuation
from koers.analyse.actions.facts import ask_refresh
from koers.analyse.actions.health import ask_health
from koers.analyse.actions.rule_set import RulesRefusedError, change_rules
from koers.analyse.forms.rule_set import (
    FeedbackRuleForm,
    HealthRuleForm,
    LifecycleRuleForm,
    NextBestRuleForm,
    PyramidRuleForm,
)
from koers.analyse.models import RuleSet
from koers.analyse.queries.rule_set import rule_version, rule_versions, rules_in_force
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

RuleForm = (
    PyramidRuleForm | LifecycleRuleForm | NextBestRuleForm | FeedbackRuleForm | HealthRuleForm
)
FORMS: dict[str, type[RuleForm]] = {
    RuleSet.Kind.PYRAMID.value: PyramidRuleForm,
    RuleSet.Kind.LIFECYCLE.value: LifecycleRuleForm,
    RuleSet.Kind.NEXT_BEST.value: NextBestRuleForm,
    RuleSet.Kind.FEEDBACK.value: FeedbackRuleForm,
    RuleSet.Kind.HEALTH.value: HealthRuleForm,
}


def rule_set(request: HttpRequest) -> HttpResponse:
    """All sets of rules; saving one puts a new version in force and classes the customers anew."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    asked = request.POST.get("kind", "")
    forms = {
        kind: _form(kind, form, request if kind == asked else None) for kind, form in FORMS.items()
    }
    form = forms.get(asked)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            change_rules(actor=actor, kind=asked, values=form.values(), at=timezone.now())
        except RulesRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if asked == RuleSet.Kind.NEXT_BEST:
                ask_valuation(actor=actor, at=timezone.now())
                messages.success(request, _("The rules are in force; all customers are being valued anew."))  # fmt: skip
            elif asked == RuleSet.Kind.HEALTH:
                ask_health(actor=actor, at=timezone.now())
                messages.success(request, _("The rules are in force; the health of all customers is being measured anew."))  # fmt: skip
            elif asked == RuleSet.Kind.FEEDBACK:
                messages.success(request, _("The weights are in force."))
            else:
                ask_refresh(actor=actor, at=timezone.now())
                messages.success(
                    request, _("The rules are in force; customers are being classed anew.")
                )
            return redirect("analyse:rule_set")
    sets = [
        {
            "kind": kind,
            "form": each,
            "version": rule_version(kind),
            "versions": rule_versions(kind),
            "title": title,
        }
        for (kind, each), title in zip(
            forms.items(),
            (
                _("Customer pyramid"),
                _("Customer life cycle"),
                _("Next best customer"),
                _("Customer feedback"),
                _("Customer health"),
            ),
            strict=True,
        )
    ]
    return render(
        request,
        "analyse/rule_set/form.html",
        {"sets": sets},
        status=400 if form is not None and form.errors else 200,
    )


def _form(kind: str, form: type[RuleForm], request: HttpRequest | None) -> RuleForm:
    initial = form.initial_of(rules_in_force(kind))
    return form(request.POST if request else None, initial=initial, prefix=kind)
