"""How does a sales manager set up pipelines and stages?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.pipeline import (
    add_pipeline,
    add_stage,
    change_pipeline,
    change_stage,
    pipeline_for,
    remove_stage,
    shift_stage,
    stage_for,
)
from koers.sell.forms.pipeline import PipelineForm, StageForm, initial_of
from koers.sell.models import Pipeline

PAGE = "sell:pipeline_list"


def pipeline_list(request: HttpRequest) -> HttpResponse:
    """All pipelines with their stages in order."""
    require(actor_of(request), Right.EDIT_RULES)
    pipelines = Pipeline.objects.prefetch_related("stages")
    return render(request, "sell/pipeline/list.html", {"pipelines": pipelines})


def pipeline_create(request: HttpRequest) -> HttpResponse:
    """A new pipeline with stages to begin with."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    form = PipelineForm(request.POST or None)
    del form.fields["contact_norm_days"]
    if request.method == "POST" and form.is_valid():
        try:
            add_pipeline(actor=actor, name=form.cleaned_data["name"], at=timezone.now())
        except RuleError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _saved(request, _("The pipeline has been made."))
    return _form(request, form, _("New pipeline"))


def pipeline_edit(request: HttpRequest, pipeline_id: int) -> HttpResponse:
    """Change a pipeline's name and norm of contact."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    pipeline = pipeline_for(pipeline_id)
    names = ("name", "contact_norm_days", "version")
    form = PipelineForm(request.POST or None, initial={n: getattr(pipeline, n) for n in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_pipeline(
                actor=actor, pipeline_id=pipeline.pk, version=form.cleaned_data["version"] or pipeline.version,
                values=kept(request.POST, form.values(), pipeline), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            rows = show_clash(form, clash, version=pipeline.version)
            return _form(request, form, pipeline.name, clashes=rows)
        except RuleError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _saved(request, _("Saved."))
    return _form(request, form, pipeline.name)


def stage_create(request: HttpRequest, pipeline_id: int) -> HttpResponse:
    """A new open stage in a pipeline."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    pipeline = pipeline_for(pipeline_id)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_stage(actor=actor, pipeline_id=pipeline.pk, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _saved(request, _("The stage has been made."))
    return _form(request, form, _("New stage in %(pipeline)s") % {"pipeline": pipeline.name})


def stage_edit(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Change a stage; a clash shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    stage = stage_for(stage_id)
    form = StageForm(request.POST or None, stage=stage, initial=initial_of(stage))
    if request.method == "POST" and form.is_valid():
        try:
            change_stage(
                actor=actor, stage_id=stage.pk, version=form.cleaned_data["version"] or stage.version,
                values=kept(request.POST, form.values(), stage), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            rows = show_clash(form, clash, version=stage.version)
            return _form(request, form, stage.name, clashes=rows)
        except RuleError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _saved(request, _("Saved."))
    return _form(request, form, stage.name)


@require_POST
def stage_shift(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Let a stage change places with its neighbour."""
    step = 1 if request.POST.get("step") == "down" else -1
    shift_stage(actor=actor_of(request), stage_id=stage_id, step=step, at=timezone.now())
    return redirect(PAGE)


@require_POST
def stage_remove(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Remove a stage nothing was ever in."""
    remove_stage(actor=actor_of(request), stage_id=stage_id, at=timezone.now())
    return _saved(request, _("The stage has been removed."))


def _form(request: HttpRequest, form: Any, title: str, *, clashes: Any = None) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": reverse(PAGE), "clashes": clashes}
    status = 409 if clashes else 400 if form.errors else 200
    return render(request, "sell/pipeline/form.html", context, status=status)


def _saved(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(PAGE)
