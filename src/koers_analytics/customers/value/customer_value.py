"""What is each customer worth: the whole way from a log of purchases to value per customer."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from koers_analytics.customers.value.beta_geometric import (
    BetaGeometricModel,
    ModifiedBetaGeometricModel,
)
from koers_analytics.customers.value.customer_table import (
    CustomerTable,
    PurchaseTimes,
    purchase_times,
)
from koers_analytics.customers.value.fitting import Floats, TooFewPurchasesError
from koers_analytics.customers.value.goodness import HoldoutScore, best, halfway, holdout_score
from koers_analytics.customers.value.histories import Histories
from koers_analytics.customers.value.kept_customers import (
    CustomerGroups,
    KeptCustomers,
    kept_customers,
)
from koers_analytics.customers.value.pareto import ParetoModel
from koers_analytics.customers.value.repeat_buying import RepeatBuyingModel
from koers_analytics.customers.value.spend import SpendModel, fit_spend
from koers_analytics.engines.base import Connection
from koers_analytics.table_file import write_table

MODELS: dict[str, type[RepeatBuyingModel]] = {
    "bg-nbd": BetaGeometricModel,
    "mbg-nbd": ModifiedBetaGeometricModel,
    "pareto-nbd": ParetoModel,
}
YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class ValueSettings:
    """How value is counted.

    ``horizon_days`` ahead; ``discount`` a year (0.1 = 10 %); ``margin`` is the share of spending
    that is kept; ``unit_days`` the time unit of the parameters (7 = weeks).
    """

    horizon_days: int = 365
    discount: float = 0.10
    margin: float = 1.0
    unit_days: float = 7.0


@dataclass(frozen=True, slots=True)
class ValueScores:
    """Per customer of a table, in its order; money over the horizon, ``clv`` discounted."""

    p_alive: Floats
    expected_purchases: Floats
    expected_spend: Floats  # per purchase
    clv: Floats


@dataclass(frozen=True, slots=True)
class ValueTotals:
    """Sums over all customers; money over the horizon, discounted."""

    customers: int
    expected_alive: float
    expected_purchases: float
    equity: float


@dataclass(frozen=True, slots=True)
class Holdout:
    """How the models did on days they had not seen, and when that was."""

    split: date
    until: date
    customers: int
    given: bool  # whether the day of the split was asked for
    fitted: tuple[RepeatBuyingModel, ...]
    scores: tuple[HoldoutScore, ...]
    times: PurchaseTimes


@dataclass(frozen=True, slots=True)
class FittedValue:
    """What the purchases tell of all customers together."""

    as_of: date
    groups: CustomerGroups
    model: RepeatBuyingModel
    others: tuple[RepeatBuyingModel, ...]
    spend: SpendModel
    totals: ValueTotals
    settings: ValueSettings
    holdout: Holdout | None
    choice: "Choice"
    no_holdout: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model values the customers, why, and which were left out for their parameters."""

    model: str
    why: str
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True)
class CustomerValue(FittedValue):
    """The same, and each customer by itself."""

    table: CustomerTable
    scores: ValueScores


def fit_models(histories: Histories, names: Sequence[str]) -> list[RepeatBuyingModel]:
    """Fit each model on groups of equal histories."""
    groups, _ = histories.grouped()
    return [MODELS[name]().fit(groups) for name in names]


def score(
    model: RepeatBuyingModel, spend: SpendModel, table: CustomerTable, settings: ValueSettings
) -> ValueScores:
    """Value of each customer: equal histories are scored once."""
    groups, place = table.histories(model.unit_days_).grouped()
    alive, whole, discounted = _ahead(model, groups, settings)
    spent = spend.expected_spend(table.frequency.astype(np.float64), table.monetary)
    return ValueScores(
        p_alive=alive[place],
        expected_purchases=whole[place],
        expected_spend=spent,
        clv=discounted[place] * spent * settings.margin,
    )


def totals(
    model: RepeatBuyingModel, spend: SpendModel, groups: CustomerGroups, settings: ValueSettings
) -> ValueTotals:
    """What the scores of all customers add up to, from their groups."""
    alive, whole, discounted = _ahead(model, groups.histories(model.unit_days_), settings)
    spent = spend.expected_sums(
        groups.frequency.astype(np.float64), groups.customers, groups.spenders, groups.spent
    )
    return ValueTotals(
        int(groups.customers.sum()),
        float(alive @ groups.customers),
        float(whole @ groups.customers),
        float(discounted @ spent) * settings.margin,
    )


def _ahead(
    model: RepeatBuyingModel, groups: Histories, settings: ValueSettings
) -> tuple[Floats, Floats, Floats]:
    """Chance to be a customer still, expected purchases over the horizon, and those discounted.

    The discounted number of purchases is the integral of exp(-d t) over their expected rate, by
    parts: exp(-d H) E(H) + integral of E over u = 1 - exp(-d t), by Gauss-Legendre.
    """
    horizon = settings.horizon_days / model.unit_days_
    rate = float(np.log1p(settings.discount)) * model.unit_days_ / YEAR_DAYS

    def expected(time: float) -> Floats:
        return model.expected_purchases(time, groups.frequency, groups.recency, groups.age)

    whole = expected(horizon)
    discounted = np.exp(-rate * horizon) * whole
    if rate > 0:
        whole_u = -float(np.expm1(-rate * horizon))
        nodes, weights = np.polynomial.legendre.leggauss(3 + int(8 * rate * horizon))
        for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
            part = expected(-float(np.log1p(-whole_u * node)) / rate)
            discounted = discounted + whole_u * weight * part
    return model.p_alive(groups.frequency, groups.recency, groups.age), whole, discounted


def judge(
    connection: Connection,
    source: str,
    *,
    split: date,
    until: date,
    names: Sequence[str],
    unit_days: float = 7.0,
    given: bool = True,
) -> Holdout:
    """Fit on purchases up to and including ``split``; score on those after it, up to ``until``.

    Raises
    ------
    TooFewPurchasesError
        When there is too little before the split to fit, or the split is not before the end.
    """
    if split >= until:
        raise TooFewPurchasesError("It begins after the last day that counts.")
    with kept_customers(connection, source, as_of=split) as customers:
        groups = customers.later_groups(source, until=until)
    seen = groups.histories(unit_days)
    fitted = fit_models(seen, names)
    times = purchase_times(connection, source, split=split, until=until)
    scores = [holdout_score(model, seen, groups.later, times) for model in fitted]
    return Holdout(split, until, int(seen.total), given, tuple(fitted), tuple(scores), times)


def fitted_value(
    connection: Connection,
    source: str,
    *,
    as_of: date,
    settings: ValueSettings | None = None,
    holdout: date | None = None,
    names: Sequence[str] = tuple(MODELS),
) -> FittedValue:
    """Choose a model by hold-out, fit it on everything up to and including ``as_of``, and add up.

    Only groups come back from the engine, no customers. Without a ``holdout`` day, the last three
    tenths of the time choose the model. Where there is too little to choose by, the first of
    ``names`` is taken and ``no_holdout`` says why.

    Raises
    ------
    TooFewPurchasesError
        When the purchases up to ``as_of`` cannot tell a model's parameters.
    """
    with kept_customers(connection, source, as_of=as_of) as customers:
        return _fitted(customers, source, settings or ValueSettings(), holdout, names)


def customer_value(
    connection: Connection,
    source: str,
    *,
    as_of: date,
    settings: ValueSettings | None = None,
    holdout: date | None = None,
    names: Sequence[str] = tuple(MODELS),
) -> CustomerValue:
    """The same as ``fitted_value``, and each customer scored; all customers come back."""
    used = settings or ValueSettings()
    with kept_customers(connection, source, as_of=as_of) as customers:
        found = _fitted(customers, source, used, holdout, names)
        table = customers.table()
    scores = score(found.model, found.spend, table, used)
    known = {field.name: getattr(found, field.name) for field in fields(found)}
    return CustomerValue(**known, table=table, scores=scores)


def _fitted(
    customers: KeptCustomers, source: str, used: ValueSettings, holdout: date | None,
    names: Sequence[str],
) -> FittedValue:  # fmt: skip
    as_of = customers.as_of
    spending = customers.spending()
    groups = customers.groups(spending.cap)
    if not len(groups.age):
        raise TooFewPurchasesError(nobody_bought(customers.connection, source, as_of))
    fitted = {model.name: model for model in fit_models(groups.histories(used.unit_days), names)}
    judged: Holdout | None = None
    why = ""
    split = holdout or halfway(date.fromordinal(as_of.toordinal() - int(groups.age.max())), as_of)
    try:
        judged = judge(customers.connection, source, split=split, until=as_of, names=names,
                       unit_days=used.unit_days, given=holdout is not None)  # fmt: skip
    except TooFewPurchasesError as error:
        if holdout is not None:
            first = date.fromordinal(as_of.toordinal() - int(groups.age.max()))
            raise TooFewPurchasesError(
                f"A hold-out after {split} cannot judge: {error} Purchases run from {first} to {as_of};"
                " choose a day that leaves enough before it to learn from and some after it."
            ) from error
        why = str(error)
    choice = choose(list(fitted.values()), judged, why)
    chosen = fitted[choice.model]
    spend = fit_spend(spending)
    return FittedValue(
        as_of=as_of,
        groups=groups,
        model=chosen,
        others=tuple(model for model in fitted.values() if model is not chosen),
        spend=spend,
        totals=totals(chosen, spend, groups, used),
        settings=used,
        holdout=judged,
        choice=choice,
        no_holdout=why,
    )


def choose(
    fitted: Sequence[RepeatBuyingModel], judged: Holdout | None, no_holdout: str = ""
) -> Choice:
    """The model with the smallest hold-out score, of those whose search ended away from the edge.

    A model that did not converge, or whose parameters ran to the edge (on the whole time or before
    the hold-out), is taken only where no other is left.
    """
    before = {model.name: model for model in judged.fitted} if judged else {}
    bad = {model.name: flaw for model in fitted if (flaw := _flaw(model, before.get(model.name)))}
    sound = [model.name for model in fitted if model.name not in bad]
    names = sound or [model.name for model in fitted if model.converged_] or [fitted[0].name]
    out = {name: flaw for name, flaw in bad.items() if name not in names}
    if len(fitted) == 1:
        return Choice(fitted[0].name, "It was asked for.", out)
    if judged is None:
        why = f"It is the first that could be fitted; no hold-out could judge: {no_holdout}"
        return Choice(names[0], why, out)
    score = best([score for score in judged.scores if score.model in names])
    why = f"It has the smallest score on the hold-out ({score.score:.3f}) of {len(names)} models."
    return Choice(score.model, why, out)


def _flaw(model: RepeatBuyingModel, before: RepeatBuyingModel | None) -> str:
    for fitted, when in ((model, "on the whole time"), (before, "before the hold-out")):
        if fitted is not None and fitted.at_bound_:
            edge = ", ".join(fitted.edge_) or "a parameter"
            return f"{edge} ran to the edge {when}: the purchases do not hold it"
        if fitted is not None and not fitted.converged_:
            return f"its search did not end {when}"
    return ""


def nobody_bought(connection: Connection, source: str, as_of: date) -> str:
    """Why there is no customer up to ``as_of``."""
    first = connection.execute(f"SELECT min(day) FROM {source} WHERE amount_e4 >= 0").fetchall()[0][0]  # fmt: skip
    if first is None:
        return "There are only credits and returns: nobody bought anything."
    return f"Nobody bought up to {as_of.isoformat()}; the first purchase is on {first}."


def value_rows(found: CustomerValue) -> pa.Table:
    """The table per customer; recency and age in days, money in the currency of the log."""
    table, scores = found.table, found.scores
    return pa.table(
        {
            "customer_id": table.customer,
            "frequency": table.frequency,
            "recency": table.recency,
            "age": table.age,
            "monetary": np.round(table.monetary, 4),
            "p_alive": scores.p_alive,
            "expected_purchases": scores.expected_purchases,
            "expected_spend": scores.expected_spend,
            "clv": scores.clv,
        }
    )


def write_values(found: CustomerValue, path: Path) -> None:
    """Write the table per customer as Parquet or, by any other extension, as CSV."""
    write_table(value_rows(found), path)
