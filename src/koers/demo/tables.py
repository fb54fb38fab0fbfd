"""Which tables does the demo company fill, and which lean on them?"""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.fields.related import ForeignKey

from koers.analyse.models import Campaign, EquityAction, EquityAssessment
from koers.catalogue.models import DiscountPolicy, PriceList, Product, ProductGroup
from koers.control.models import ActionItem
from koers.core.models import AuditEntry, ExternalId, ImportRun, Job, RecordRead
from koers.customers.models import Company, Segment
from koers.organisation.models import BusinessUnit, Organisation, Pairing, Team, Territory, User
from koers.plan.models import (
    Absence,
    Budget,
    EconomicDecision,
    EffortClassCurve,
    EffortRun,
    ForecastCall,
    ForecastRun,
    Goal,
    KeySuccessFactor,
    PlanningSession,
    SellerYear,
    Target,
    VisitNormSet,
)
from koers.sell.models import Lead, NumberSeries, Pipeline, WebForm

FILLED: tuple[type[models.Model], ...] = (
    Company, Segment, Product, ProductGroup, Team, Territory, BusinessUnit, Pairing, Target, ForecastCall, ForecastRun, Budget, Campaign,
    ExternalId, ImportRun, PriceList, DiscountPolicy, NumberSeries, Pipeline, Lead, WebForm, ActionItem, RecordRead,
    VisitNormSet, Goal, KeySuccessFactor, EconomicDecision, PlanningSession,
    Absence, SellerYear, EffortClassCurve, EffortRun,
    EquityAssessment, EquityAction,
)  # fmt: skip
STAYING: tuple[type[models.Model], ...] = (AuditEntry, Job, Organisation, User)


@cache
def tables_to_empty() -> tuple[type[models.Model], ...]:
    """What the demo company fills and every table that cannot stand without it, children first.

    A later stage's table that points at a company is found by itself; no list has to know it.
    """
    found = set(FILLED)
    while added := {model for model in _own_models() if model not in found and _leans(model, found)}:  # fmt: skip
        found |= added
    return tuple(_children_first(found))


def links_to_clear() -> list[tuple[type[models.Model], str]]:
    """Links from tables that stay to those that are emptied, e.g. a person's team."""
    emptied = set(tables_to_empty())
    return [
        (model, each.name)
        for model in _own_models(with_staying=True)
        if model not in emptied
        for each in _links(model)
        if each.related_model in emptied and each.null
    ]


def empty(model: type[models.Model]) -> None:
    """Every row in one statement; foreign keys are checked when the transaction ends."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- the model's own table


def _own_models(*, with_staying: bool = False) -> list[type[models.Model]]:
    known = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("koers.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
    ]
    return [model for model in known if with_staying or model not in STAYING]


def _links(model: type[models.Model]) -> list["ForeignKey[Any, Any]"]:
    return [each for each in model._meta.concrete_fields if isinstance(each, ForeignKey)]


def _leans(model: type[models.Model], on: set[type[models.Model]]) -> bool:
    """Whether rows of the model go with those they point at."""
    return any(
        each.related_model in on and each.remote_field.on_delete is not models.SET_NULL
        for each in _links(model)
    )


def _children_first(found: set[type[models.Model]]) -> list[type[models.Model]]:
    left = sorted(found, key=lambda model: model._meta.label)
    ordered: list[type[models.Model]] = []
    while left:
        free = [
            model
            for model in left
            if not any(
                each.related_model is model and other is not model
                for other in left
                for each in _links(other)
            )
        ]
        ordered += free or left[:1]
        left = [model for model in left if model not in ordered]
    return ordered
