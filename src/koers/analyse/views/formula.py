"""How does one find a formula of the book, and compute it on the screen?"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from koers.analyse.figures import formula as figures
from koers.analyse.figures.formula import FormulaInfo, OutputInfo
from koers.analyse.forms.formula import FormulaForm, explained, is_dutch
from koers.core import formats

CHAPTERS = {
    "1": gettext_lazy("The role of the sales manager"),
    "2": gettext_lazy("Strategic sales planning"),
    "3": gettext_lazy("A changing environment"),
    "4": gettext_lazy("Sales forecast"),
    "5": gettext_lazy("Customer relationship"),
    "6": gettext_lazy("Organising and planning the sales team"),
    "7": gettext_lazy("Account management"),
    "8": gettext_lazy("Trade fairs"),
    "9": gettext_lazy("Economics of sales"),
    "10": gettext_lazy("Sales leadership"),
    "11": gettext_lazy("Sales coaching and training"),
    "12": gettext_lazy("Sales skills"),
    "13": gettext_lazy("Selling abroad"),
    "O": gettext_lazy("Online store"),
}
UNITS = {
    "points": gettext_lazy("points"),
    "reps": gettext_lazy("salespeople"),
    "customers": gettext_lazy("customers"),
    "visits": gettext_lazy("visits"),
    "visits/yr": gettext_lazy("visits a year"),
    "units": gettext_lazy("units"),
    "units/4 weeks": gettext_lazy("units per 4 weeks"),
    "per period": gettext_lazy("per period"),
    "years": gettext_lazy("years"),
    "days": gettext_lazy("days"),
    "leads": gettext_lazy("leads"),
    "staff": gettext_lazy("people"),
    "visitors": gettext_lazy("visitors"),
    "visitors/hour": gettext_lazy("visitors an hour"),
    "orders": gettext_lazy("orders"),
    "purchases": gettext_lazy("purchases"),
    "EUR/yr": gettext_lazy("EUR a year"),
    "EUR/month": gettext_lazy("EUR a month"),
    "EUR/day": gettext_lazy("EUR a day"),
    "%/yr": gettext_lazy("% a year"),
    "% simple": gettext_lazy("% a year, simple interest"),
    "currency of the price": gettext_lazy("in the currency of the price"),
    "cents": gettext_lazy("cents"),
    "levels": gettext_lazy("levels"),
    "ratio": gettext_lazy("ratio"),
    "points 0-100": gettext_lazy("points 0-100"),
    "style": "",
    "index": gettext_lazy("index"),
    "index, sum 4": gettext_lazy("index, total 4"),
}
WORDS = {
    "invest": gettext_lazy("invest"),
    "select": gettext_lazy("select"),
    "harvest": gettext_lazy("harvest"),
    "groot": gettext_lazy("large"),
    "gemiddeld": gettext_lazy("medium"),
    "klein": gettext_lazy("small"),
    "potentieel": gettext_lazy("potential"),
}
SHARES = ("fraction", "probability")
MONEY_UNITS = ("EUR", "EUR/yr", "EUR/month", "EUR/day")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One part of a result as the page shows it."""

    label: str
    value: str
    unit: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class FormulaRow:
    """One formula in the list, in the user's language."""

    id: str
    name: str
    other_name: str
    expression: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the book with its formulas."""

    key: str
    title: str
    rows: list[FormulaRow]


def formula_list(request: HttpRequest) -> HttpResponse:
    """All formulas by chapter; ``q`` searches id, names and explanation in both languages."""
    words = request.GET.get("q", "").strip()
    found = [info for info in figures.formula_list() if _matches(info, words)]
    chapters: dict[str, list[FormulaRow]] = {}
    for info in found:
        chapters.setdefault(_chapter(info.id), []).append(_row(info))
    shown = [Chapter(key, str(CHAPTERS[key]), rows) for key, rows in chapters.items()]
    context = {"chapters": shown, "q": words, "count": len(found)}
    return render(request, "analyse/formula/list.html", context)


def formula_detail(request: HttpRequest, formula_id: str) -> HttpResponse:
    """One formula with its form; an address with inputs gives the result, so it can be shared."""
    info = figures.formula_of(formula_id)
    typed = any(field.key in request.GET for field in info.inputs)
    form = FormulaForm(info, request.GET if typed else None)
    result: list[ResultRow] = []
    if not typed:
        result = result_rows(info, info.example_result)
    elif form.is_valid():
        try:
            result = result_rows(info, figures.compute(info.id, form.inputs()))
        except figures.FormulaInputRefusedError as refusal:
            form.add_error(None, explained(str(refusal)))
    context = {
        "info": info,
        "row": _row(info),
        "chapter": CHAPTERS[_chapter(info.id)],
        "explanation": info.explanation_nl if is_dutch() else info.explanation_en,
        "form": form,
        "result": result,
        "is_example": not typed,
        "has_empty": any(row.is_empty for row in result),
        "related": [
            _row(other)
            for other in figures.formula_list()
            if _chapter(other.id) == _chapter(info.id) and other.id != info.id
        ],
    }
    return render(request, "analyse/formula/detail.html", context)


def result_rows(info: FormulaInfo, result: Any) -> list[ResultRow]:
    """Each part of the result with its label, written in the user's language and with its unit."""
    parts = result if len(info.outputs) > 1 else [result]
    return [_result_row(output, part) for output, part in zip(info.outputs, parts, strict=True)]


def _result_row(output: OutputInfo, value: Any) -> ResultRow:
    values = value if isinstance(value, list) else [value]
    unit = "" if output.unit in SHARES else str(UNITS.get(output.unit, output.unit))
    return ResultRow(
        label=output.nl if is_dutch() else output.en,
        value=" · ".join(_written(part, output.unit) for part in values),
        unit=unit,
        is_empty=any(part is None for part in values),
    )


def _written(value: Any, unit: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return str(WORDS.get(value, value))
    if unit in SHARES:
        return formats.share(value)
    if unit in MONEY_UNITS:
        return formats.number(value, 2)
    return formats.number(value, 1 if unit.startswith("%") else None)


def _matches(info: FormulaInfo, words: str) -> bool:
    names = f"{info.id} {info.name_en} {info.name_nl}"
    text = f"{names} {info.explanation_en} {info.explanation_nl}".casefold()
    return all(word in text for word in words.casefold().split())


def _chapter(formula_id: str) -> str:
    return formula_id[1:].partition(".")[0]


def _row(info: FormulaInfo) -> FormulaRow:
    names = (info.name_nl, info.name_en) if is_dutch() else (info.name_en, info.name_nl)
    return FormulaRow(info.id, *names, info.expression)
