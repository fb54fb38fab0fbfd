"""Which labels are there, and which field has none?"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import models

from koers.core.privacy.labels import Category, Kind, ModelLabels

STAGES = (
    "core", "organisation", "customers", "catalogue", "sell", "serve", "store", "analyse", "plan",
    "develop", "control",
)  # fmt: skip


@cache
def all_labels() -> dict[str, ModelLabels]:
    """The labels of every model, by its name, from the ``personal_data.py`` of each stage."""
    found: dict[str, ModelLabels] = {}
    for stage in STAGES:
        for labels in import_module(f"koers.{stage}.personal_data").LABELS:
            if labels.model in found:
                raise ValueError(f"{labels.model} is labelled twice")
            found[labels.model] = labels
    return found


def personal_labels() -> Iterator[tuple[type[models.Model], ModelLabels]]:
    """The models that say something of a person."""
    for name, labels in all_labels().items():
        if labels.fields:
            yield apps.get_model(name), labels


def labels_of(model: type[models.Model]) -> ModelLabels:
    """The labels of one model."""
    return all_labels()[model._meta.label]


def own_record(kind: Kind) -> type[models.Model]:
    """The model whose rows are persons of a kind."""
    return next(model for model, labels in personal_labels() if labels.owned_by == kind)


def fields_of(model: type[models.Model]) -> list["models.Field[object, object]"]:
    """Every field that stores something, ties to many included."""
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def complaints() -> list[str]:
    """What is missing, doubled or left over; each sentence says what to write where."""
    found, known = [], dict(all_labels())
    for model in apps.get_models():
        labels = known.pop(model._meta.label, None)
        stage = (
            model.__module__.split(".")[1]
            if model.__module__.startswith("koers.")
            else "organisation"
        )
        place = f"src/koers/{stage}/personal_data.py"
        if labels is None:
            names = " ".join(
                field.name
                for field in fields_of(model)
                if field.name not in {"id", "version", "import_run"}
            )
            found.append(
                f'{place}: add personal("{model._meta.label}", Processing.…, of={{Kind.…: "path"}}, '
                f'{"=… ".join(Category.values)}=…, plain="…") or not_personal("{model._meta.label}", "{names}")'
            )
            continue
        names_there = {field.name for field in fields_of(model)}
        said = [*labels.fields, *labels.plain]
        found += [
            f"{place}: {model._meta.label}.{name} has no label: put it in the word that fits ({', '.join(Category.values)}) or in plain"
            for name in sorted(names_there - set(said))
        ]
        found += [
            f"{place}: {model._meta.label} has no field {name}: take it out"
            for name in sorted(
                (set(labels.fields) | (set(labels.plain) - {"id", "version", "import_run"}))
                - names_there
            )
        ]
        found += [
            f"{place}: {model._meta.label}.{name} stands in two words"
            for name in sorted(set(labels.fields) & set(labels.plain))
        ]
    found += [f"{name} is labelled but is no model: take it out" for name in known]
    return found
