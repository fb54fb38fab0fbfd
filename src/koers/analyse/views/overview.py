"""What stands out in the customer base, on one page?"""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import movers_of, pyramid_of
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.queries.company_history import history_of
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import context_of, scope_of
from koers.analyse.views.pyramid import bands_of
from koers.core.charts import Chart, Series
from koers.core.periods import month_of
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of


def overview(request: HttpRequest) -> HttpResponse:
    """Turnover by month against the year before, the pyramid, and the largest risers and fallers."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    now = turnover_of(
        actor=actor,
        period=scope.period,
        by=["month"],
        order="label",
        descending=False,
        **scope.filters,
    )
    before = turnover_of(
        actor=actor,
        period=scope.before,
        by=["month"],
        order="label",
        descending=False,
        **scope.filters,
    )
    found = pyramid_of(actor=actor, period=scope.period, **scope.filters)
    risen, _count = movers_of(
        actor=actor, before=scope.before, after=scope.period, largest="risen", limit=6
    )
    fallen, _count = movers_of(
        actor=actor, before=scope.before, after=scope.period, largest="fallen", limit=6
    )
    context = context_of(
        request, scope, now=now.total, before=before.total, monthly=month_chart(now, before), bands=bands_of(found, scope.query()),
        risen=risen, fallen=fallen, figure_url=reverse("analyse:figure", args=["turnover"]) + scope.query(),
        margin_url=reverse("analyse:figure", args=["margin"]) + scope.query(), discount_url=reverse("analyse:figure", args=["discount"]) + scope.query(),
        pyramid=found,
    )  # fmt: skip
    return render(request, "analyse/overview/detail.html", context)


def month_chart(now: object, before: object) -> Chart:
    """Turnover per month beside the same months a year before."""
    rows = now.rows  # type: ignore[attr-defined]
    earlier = {row.labels[0][5:]: row.measures.turnover for row in before.rows}  # type: ignore[attr-defined]
    labels = [row.labels[0] for row in rows]
    urls = [
        reverse("analyse:lines") + f"?from={label}-01&to={_last_day(label)}" for label in labels
    ]
    return Chart(
        "bar", labels,
        [Series(_("This period"), [row.measures.turnover for row in rows], urls),
         Series(_("Year before"), [earlier.get(label[5:]) for label in labels], kind="line", dashed=True)],
        format="money", currency=reporting_currency(), digits=0,
    )  # fmt: skip


def _last_day(month: str) -> str:
    return month_of(date(int(month[:4]), int(month[5:7]), 1)).last_day.isoformat()


def company_history(request: HttpRequest, company_id: int) -> HttpResponse:
    """Phases and classes of one customer, for its page."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    context = {
        "company": company,
        "history": history_of(company.pk),
        "currency": reporting_currency(),
    }
    return render(request, "analyse/company/history.html", context)
