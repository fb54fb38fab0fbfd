"""NPS (F5.4), satisfaction (F5.5) and the drivers of customer equity as customers see them (F1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koers.analyse.models import RuleSet
from koers.analyse.queries.feedback import FeedbackCount, answers_in, feedback_counts, item_sums
from koers.analyse.queries.rule_set import rules_in_force
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.serve.models.feedback import DRIVERS

if TYPE_CHECKING:
    from koers_analytics.customers.feedback import MeanScore, NetPromoter

BY = ("segment", "owner", "sbu")


@dataclass(frozen=True, slots=True)
class FeedbackFigures:
    """The figures of a group of answers."""

    count: FeedbackCount
    nps: "NetPromoter"
    satisfaction: "MeanScore"


@dataclass(frozen=True, slots=True)
class DriverScore:
    """A driver on the customer's side: the mean of its items, each with interval."""

    name: str
    weight: float
    score: float | None
    items: tuple[tuple[str, "MeanScore"], ...]


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """All the page of feedback shows."""

    whole: FeedbackFigures
    before: FeedbackFigures
    quarters: tuple[FeedbackFigures, ...]
    groups: Mapping[str, tuple[FeedbackFigures, ...]]
    themes: tuple[tuple[str, float, "MeanScore"], ...]
    drivers: tuple[DriverScore, ...]
    index: float | None


def feedback_weights() -> tuple[dict[str, float], dict[str, float]]:
    """Importance of the themes and weights of the drivers in force; each totals 1."""
    values = rules_in_force(RuleSet.Kind.FEEDBACK)
    themes, drivers = values["themes"], values["drivers"]
    return {k: float(v) for k, v in themes.items()}, {k: float(v) for k, v in drivers.items()}


def feedback_view_of(*, actor: Actor, period: Period, before: Period, chosen: Mapping[str, int]) -> FeedbackView:  # fmt: skip
    """Figures of a period beside the one a year before, per group and quarter."""
    from koers_analytics.customers.feedback import mean_score, weighted_index  # noqa: PLC0415 -- analytics

    themes, drivers = feedback_weights()
    rows = answers_in(actor, period=period, chosen=chosen)
    means = {name: mean_score(answers=n, total=s, squares=q) for name, (n, s, q) in item_sums(rows).items()}  # fmt: skip
    scored = driver_scores(drivers, means)
    earlier = answers_in(actor, period=before, chosen=chosen)
    return FeedbackView(
        whole=_figures(feedback_counts(rows, weights=themes)[0]),
        before=_figures(feedback_counts(earlier, weights=themes)[0]),
        quarters=tuple(_figures(each) for each in feedback_counts(rows, weights=themes, by="quarter")),
        groups={by: tuple(_figures(each) for each in feedback_counts(rows, weights=themes, by=by)) for by in BY},
        themes=tuple((name, weight, means[name]) for name, weight in themes.items()),
        drivers=scored,
        index=weighted_index(drivers, {each.name: each.score for each in scored}),
    )  # fmt: skip


def feedback_of(*, actor: Actor, period: Period, chosen: Mapping[str, int]) -> FeedbackFigures:
    """Figures of all answers of a period."""
    rows = answers_in(actor, period=period, chosen=chosen)
    return _figures(feedback_counts(rows, weights=feedback_weights()[0])[0])


def driver_scores(
    weights: Mapping[str, float], means: Mapping[str, Any]
) -> tuple[DriverScore, ...]:
    """The drivers as customers see them, from the means of their items."""
    return tuple(_driver(name, weight, means) for name, weight in weights.items())


def _figures(count: FeedbackCount) -> FeedbackFigures:
    from koers_analytics.customers.feedback import mean_score, net_promoter  # noqa: PLC0415 -- analytics

    return FeedbackFigures(
        count,
        net_promoter(answers=count.recommending, promoters=count.promoters, detractors=count.detractors),
        mean_score(answers=count.rated, total=count.total, squares=count.squares),
    )  # fmt: skip


def _driver(name: str, weight: float, means: Mapping[str, Any]) -> DriverScore:
    """Each item of a driver counts the same; one nobody scored is left out."""
    items = tuple((item, means[item]) for item in DRIVERS[name])
    known = [mean.mean for _item, mean in items if mean.mean is not None]
    return DriverScore(name, weight, sum(known) / len(known) if known else None, items)
