"""Which processing of personal data takes place? The register (AVG art. 30), made from the labels."""

from collections.abc import Mapping
from dataclasses import dataclass

from koers.core.audit_words import noun_label
from koers.core.field_words import field_label
from koers.core.privacy.labels import MONTHS_IN_YEAR, TERMS, Basis, Category, Outcome, Processing
from koers.core.privacy.registry import personal_labels


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One kind of data in one sort of record: its fields, and what an erasure would have to do."""

    processing: Processing
    noun: str
    category: Category
    fields: str
    outcomes: str


@dataclass(frozen=True, slots=True)
class RegisterPart:
    """One purpose with its ground, its term in years, and its lines."""

    processing: Processing
    basis: Basis
    years: float
    lines: tuple[RegisterLine, ...]


def register() -> list[RegisterPart]:
    """Every purpose that holds something of a person, in the order of the vocabulary."""
    lines = _lines()
    return [
        RegisterPart(
            processing, TERMS[processing].basis, TERMS[processing].months / MONTHS_IN_YEAR, tuple(lines[processing])
        )
        for processing in Processing
        if lines[processing]
    ]  # fmt: skip


def _lines() -> Mapping[Processing, list[RegisterLine]]:
    found: dict[Processing, list[RegisterLine]] = {processing: [] for processing in Processing}
    for model, labels in personal_labels():
        if labels.processing is None:
            continue
        for category in Category:
            names = list(labels.names(category))
            if names:
                outcomes = {labels.fields[name].outcome for name in names}
                found[labels.processing].append(
                    RegisterLine(
                        labels.processing, noun_label(model._meta.model_name or "", 2), category,
                        ", ".join(field_label(name) for name in names),
                        ", ".join(str(each.label) for each in Outcome if each in outcomes),
                    )
                )  # fmt: skip
    return found
