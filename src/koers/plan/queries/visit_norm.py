"""Which visit norm holds for a customer on a day, and how often was it visited?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.page_keys import Unindexed
from koers.core.periods import Period
from koers.customers.models import Company
from koers.customers.queries.company import companies_matching
from koers.organisation.policies import Right, require
from koers.plan.models import VisitException, VisitNorm, VisitNormSet
from koers.sell.models import Activity, ActivityKind, ActivityStatus

ONE = Decimal(1)


def norm_sets(actor: Actor) -> QuerySet[VisitNormSet]:
    """Every version of the norms, the latest first."""
    require(actor, Right.READ_TARGETS)
    return VisitNormSet.objects.all()


def norm_set_for(*, actor: Actor, norm_set_id: int) -> VisitNormSet:
    """One version with its norms."""
    found = norm_sets(actor).prefetch_related("norms").filter(pk=norm_set_id).first()
    if found is None:
        raise NotFoundError(_("These visit norms do not exist."))
    return found


def norms_on(day: date) -> VisitNormSet | None:
    """The version in force on a day, with its norms; none before the first one starts."""
    found = VisitNormSet.objects.filter(starts_on__lte=day).order_by("-starts_on")
    return found.prefetch_related("norms").first()


def norms_of(norm_set: VisitNormSet | None) -> list[VisitNorm]:
    """The norms of a version; nothing without one."""
    return list(norm_set.norms.all()) if norm_set else []


def norm_for(norms: Iterable[VisitNorm], customer_class: str, phase: str) -> VisitNorm | None:
    """The norm of a class in a phase, or of the class in any phase."""
    of_class = {each.phase: each for each in norms if each.customer_class == customer_class}
    return of_class.get(phase) or of_class.get("")


def exceptions_on(day: date) -> QuerySet[VisitException]:
    """Exceptions that hold on a day."""
    return VisitException.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def exception_of(company: Company) -> VisitException | None:
    """The exception of a customer, in force or not."""
    return VisitException.objects.filter(company=company).first()


@dataclass(frozen=True, slots=True)
class EffectiveNorm:
    """What holds for one customer: its class's norm, and what an exception changes in it."""

    norm: VisitNorm | None
    exception: VisitException | None

    @property
    def visits(self) -> int | None:
        """Visits a year."""
        if self.exception and self.exception.visits is not None:
            return self.exception.visits
        return self.norm.visits if self.norm else None

    @property
    def minutes(self) -> int | None:
        """Minutes of talk per visit."""
        if self.exception and self.exception.minutes is not None:
            return self.exception.minutes
        return self.norm.minutes if self.norm else None

    @property
    def weekdays(self) -> str:
        """Days a visit may fall on, 1 for Monday."""
        if self.exception and self.exception.weekdays:
            return self.exception.weekdays
        return self.norm.weekdays if self.norm else ""


def effective_norm(company: Company, *, day: date) -> EffectiveNorm:
    """The norm of a customer on a day."""
    norm = norm_for(norms_of(norms_on(day)), company.customer_class, company.phase)
    return EffectiveNorm(norm, exceptions_on(day).filter(company=company).first())


def customers_with_norm(
    actor: Actor, *, norms: list[VisitNorm], period: Period, day: date
) -> QuerySet[Company]:
    """Customers one sees with the norm that holds on the day and the visits done in the period.

    ``norm``, ``norm_minutes``, ``norm_unit``, ``norm_weekdays`` and ``is_exception`` say what holds;
    ``actual`` counts visits by anybody, ``gap`` is actual less norm, ``last_visit`` a day.
    """
    require(actor, Right.READ_TARGETS)
    excepted = exceptions_on(day).filter(company=OuterRef("pk"))
    # By company and day: an index of states would read all visits of the year for each customer.
    walked = Activity.objects.alias(state=Unindexed(F("status")))
    visits = walked.filter(company=OuterRef("pk"), kind=ActivityKind.VISIT, state=ActivityStatus.DONE)  # fmt: skip
    within = visits.filter(day__gte=period.start, day__lt=period.end).order_by()
    count = within.values("company").annotate(number=Count("pk")).values("number")
    whole, decimal, text = IntegerField(), DecimalField(max_digits=4, decimal_places=2), CharField()
    found = companies_matching(actor, q="", choices={}).annotate(
        norm=Coalesce(Subquery(excepted.values("visits")[:1]), _case(norms, "visits", whole)),
        norm_minutes=Coalesce(Subquery(excepted.values("minutes")[:1]), _case(norms, "minutes", whole)),
        norm_unit=_case(norms, "unit", decimal),
        norm_weekdays=Coalesce(
            NullIf(Subquery(excepted.values("weekdays")[:1]), Value("")), _case(norms, "weekdays", text)
        ),
        is_exception=Exists(excepted),
        actual=Coalesce(Subquery(count, output_field=whole), 0),
        last_visit=Subquery(visits.order_by("-day").values("day")[:1]),
    )  # fmt: skip
    return found.annotate(gap=F("actual") - F("norm"))


def customer_with_norm(
    actor: Actor, *, company_id: int, norms: list[VisitNorm], period: Period, day: date
) -> Any:
    """One customer as ``customers_with_norm`` gives it, or as if it did not exist."""
    found = customers_with_norm(actor, norms=norms, period=period, day=day).filter(pk=company_id)
    company = found.first()
    if company is None:
        raise NotFoundError(_("This company does not exist."))
    return company


def customers_matching(
    found: QuerySet[Company], *, q: str, choices: Mapping[str, str]
) -> QuerySet[Any]:
    """By the beginning of their name and by the choices of the list."""
    if q:
        found = found.filter(name__istartswith=q)
    for name, field in (("class", "customer_class"), ("phase", "phase")):
        if choices.get(name):
            found = found.filter(**{field: choices[name]})
    owner = choices.get("owner", "")
    if owner:
        found = found.filter(owner_id=record_key(owner))
    standings = {
        "behind": Q(gap__lt=0),
        "ahead": Q(gap__gt=0),
        "never": Q(norm__gt=0, actual=0),
        "exception": Q(is_exception=True),
        "none": Q(norm=None),
    }
    standing = choices.get("standing", "")
    return found.filter(standings[standing]) if standing else found


def _case(norms: list[VisitNorm], field: str, kind: Any) -> Case:
    """The value a customer's class and phase give; those for a phase go first."""
    ordered = sorted(norms, key=lambda norm: not norm.phase)
    return Case(
        *(
            When(
                **{"customer_class": norm.customer_class} | ({"phase": norm.phase} if norm.phase else {}),
                then=Value(getattr(norm, field), output_field=kind),
            )
            for norm in ordered
        ),
        default=Value(None, output_field=kind),
    )  # fmt: skip
