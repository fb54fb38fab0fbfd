"""How is the pipeline of a past day shown beside today's, down to its deals?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.charts import Step, Waterfall
from koers.core.errors import RuleError
from koers.core.tables import Column, Filter, ListState, Page
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of
from koers.sell.figures.past_pipeline import Compared, compared_pipelines
from koers.sell.forms.past_pipeline import CHOICES, WORDS, PastForm, PastQuestion
from koers.sell.queries.past_pipeline import deals_by_key

LEVELS = ("before", "after")
KEPT = tuple(Filter(name, "") for name in ("day", "until", *CHOICES, "part", "stage"))


def past_pipeline(request: HttpRequest) -> HttpResponse:
    """Stages on both days, and the bridge between them."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    form = PastForm(request.GET, actor=actor, today=timezone.localdate())
    context: dict[str, Any] = {"form": form, "currency": base_currency()}
    if form.is_valid():
        asked = form.question()
        found = _compared(request, asked)
        bridge = found.bridge
        context |= {
            "asked": asked, "found": found, "drawing": _drawing(found, form, asked), "tabs": _tabs(form, asked),
            "change": bridge.after.amount - bridge.before.amount,
            "before_url": _deals_url(form, part="before"), "after_url": _deals_url(form, part="after"),
            "stages": [
                (row, _deals_url(form, part="before", stage=row.stage.pk), _deals_url(form, part="after", stage=row.stage.pk))
                for row in found.stages
            ],
            "effects": [
                (WORDS[effect.value][0], WORDS[effect.value][1], level, _deals_url(form, part=effect.value))
                for effect, level in bridge.effects.items()
            ],
            "several_pipelines": len({row.stage.pipeline_id for row in found.stages}) > 1,
        }  # fmt: skip
    return render(request, "sell/past_pipeline/detail.html", context)


def past_pipeline_deals(request: HttpRequest) -> HttpResponse:
    """The deals of a bar of the bridge or of a stage on one of the days, the largest change first."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    form = PastForm(request.GET, actor=actor, today=timezone.localdate())
    if not form.is_valid():
        raise RuleError(str(next(iter(form.errors.values()))[0]))
    part = request.GET.get("part", "") or "before"
    if part not in WORDS:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": part[:40]})
    asked = form.question()
    found = _compared(request, asked)
    stage = _stage(found, request.GET.get("stage", ""))
    rows = _rows(found, part, stage)
    column = Column("change", _("Change"), "change", numeric=True)
    state = ListState.from_request(request, columns=[column], default_sort="-change", filters=KEPT)
    start = (state.page - 1) * state.size
    shown = rows[start : start + state.size]
    deals = deals_by_key(actor, [row.key for row, _deal in shown])
    context = {
        "asked": asked, "title": WORDS[part][0], "words": WORDS[part][1], "stage": stage, "currency": base_currency(),
        "rows": [(deals[row.key], row, past) for row, past in shown if row.key in deals], "state": state,
        "page": Page(shown, state, len(rows), total_is_exact=True, has_next=start + state.size < len(rows)),
        "total": sum(_weight(row, part) for row, _deal in rows), "part": part,
        "parent_url": f"{reverse('sell:past_pipeline')}?{urlencode(_kept(form))}",
    }  # fmt: skip
    return render(request, "sell/past_pipeline/deals.html", context)


def _compared(request: HttpRequest, asked: PastQuestion) -> Compared:
    return compared_pipelines(
        actor=actor_of(request), scope=asked.scope, before=asked.before, after=asked.after, base=base_currency()
    )  # fmt: skip


def _rows(found: Compared, part: str, stage: Any) -> list[Any]:
    """Changes of the part with the deal as it stood, those that weigh most first."""
    past = {deal.key: deal for deal in found.past.deals}
    rows = []
    for change in found.bridge.changes:
        deal = past[change.key]
        if part not in LEVELS and change.effect != part:
            continue
        standing = deal.after if part == "after" else deal.before
        if part in LEVELS and not _counts(change, part):
            continue
        if stage is not None and (standing is None or standing.stage.pk != stage.pk):
            continue
        rows.append((change, deal))
    rows.sort(key=lambda pair: (-abs(_weight(pair[0], part)), pair[0].key))
    return rows


def _counts(change: Any, part: str) -> bool:
    """Whether the deal was open, as asked, on that day."""
    absent = ("new", "reopened", "taken_over", "pulled_in") if part == "before" else ("won", "lost", "slipped", "handed_over")  # fmt: skip
    return change.effect not in absent


def _weight(change: Any, part: str) -> Any:
    return getattr(change, part) if part in LEVELS else change.change


def _stage(found: Compared, text: str) -> Any:
    if not text:
        return None
    for row in found.stages:
        if str(row.stage.pk) == text:
            return row.stage
    raise RuleError(_("“%(value)s” is no choice here.") % {"value": text[:40]})


def _kept(form: PastForm) -> dict[str, str]:
    return {
        name: form.data[name] for name in ("day", "until", *CHOICES) if form.data.get(name)
    }  # fmt: skip


def _deals_url(form: PastForm, **more: str | int) -> str:
    return f"{reverse('sell:past_pipeline_deals')}?{urlencode({**_kept(form), **more})}"


def _tabs(form: PastForm, asked: PastQuestion) -> list[dict[str, object]]:
    kept = _kept(form) | {"until": form.today.isoformat()}
    return [
        {
            "url": f"?{urlencode(kept | {'day': day.isoformat()})}",
            "label": label,
            "current": (asked.before, asked.after) == (day, form.today),
        }
        for label, day in form.shortcuts()
    ]


def _drawing(found: Compared, form: PastForm, asked: PastQuestion) -> Waterfall:
    steps = [
        Step(formats.day(asked.before), found.bridge.before.amount, _deals_url(form, part="before"), is_level=True),
        *(
            Step(str(WORDS[effect.value][0]), level.amount, _deals_url(form, part=effect.value))
            for effect, level in found.bridge.effects.items()
            if level.amount
        ),
        Step(formats.day(asked.after), found.bridge.after.amount, _deals_url(form, part="after"), is_level=True),
    ]  # fmt: skip
    return Waterfall(steps, format="money", currency=base_currency())
