"""Is a forecast kept as it was given, and does an override say who changed it and why?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.jobs import JobContext
from koers.core.models import DataVersion
from koers.core.periods import add_months
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.plan.actions.forecast import (
    ForecastOverrideRefusedError,
    ask_forecast,
    forecast_task,
    make_forecast,
    override_forecast,
)
from koers.plan.figures.forecast import ForecastRefusedError
from koers.plan.figures.turnover_forecast import accuracy_of
from koers.plan.models import ForecastOverride, ForecastPoint, ForecastRun, ForecastSeries
from koers.plan.queries.forecast import parts_of, run_for, runs_visible_to
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = date(2026, 9, 1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def sold(cast):
    """Ann sells 1,000 and Cora 500 a month, for 30 months before December 2026."""
    for seller, amount in ((cast.ann, 1000), (cast.cora, 500)):
        company = CompanyFactory(name=f"Customer of {seller}", owner=seller)
        for step in range(30):
            sale(company, add_months(date(2024, 6, 2), step), str(amount + step), seller=seller)
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=date(2026, 11, 23), at=timezone.now())
    return cast


def made(user, **more):
    return make_forecast(actor=acting(user), **{"division": "seller", "first_month": FIRST, "horizon": 6, "at": NOW} | more)  # fmt: skip


def open_point(run, key=None):
    return ForecastPoint.objects.get(
        series__run=run, series__key=key, series__is_total=key is None, month=date(2027, 1, 1)
    )


def test_a_forecast_is_kept_with_who_gave_it_and_its_parts_add_up(sold):
    run = made(sold.tom)
    total, *parts = parts_of(actor=acting(sold.tom), run=run)
    assert (run.made_by_name, run.covers_all, len(total.months)) == ("Tom Prins", True, 6)
    assert sorted(part.series.label for part in parts) == ["Ann de Boer", "Cora Visser"]
    assert total.value == sum(part.value for part in parts)


def test_a_job_that_is_taken_again_keeps_one_forecast(sold):
    job = ask_forecast(actor=acting(sold.tom), division="sbu", first_month=FIRST, horizon=3, at=NOW)
    again = [forecast_task(JobContext(job.pk, job.arguments, sold.tom.pk)) for _time in range(2)]
    assert again == [{"run_id": ForecastRun.objects.get().pk}] * 2


@pytest.mark.parametrize(
    "wrong", [{"division": "moon"}, {"first_month": date(2026, 9, 2)}, {"horizon": 25}]
)
def test_what_cannot_be_forecast_is_refused(cast, wrong):
    asked = {"division": "seller", "first_month": FIRST, "horizon": 3, "at": NOW} | wrong
    with pytest.raises(RuleError):
        ask_forecast(actor=acting(cast.tom), **asked)


def test_nothing_sold_before_the_first_month_is_said(sold):
    with pytest.raises(ForecastRefusedError):
        made(sold.tom, first_month=date(2020, 1, 1))


def test_an_account_manager_may_not_forecast_and_sees_only_the_own_team_in_anothers(sold):
    run = made(sold.tom)
    with pytest.raises(NotAllowedError):
        made(sold.ann)
    assert [part.series.label for part in parts_of(actor=acting(sold.ann), run=run)] == ["Ann de Boer"]  # fmt: skip
    by_unit = made(sold.tom, division="sbu")
    assert list(runs_visible_to(acting(sold.ann))) == [run]
    with pytest.raises(NotFoundError):
        run_for(actor=acting(sold.ann), run_id=by_unit.pk)


def test_an_override_moves_the_total_and_the_methods_figure_stays(sold):
    run = made(sold.tom)
    point = open_point(run, sold.ann.pk)
    override_forecast(actor=acting(sold.tom), point_id=point.pk, value=point.value + 200, reason="Fair", at=NOW)  # fmt: skip
    override_forecast(actor=acting(sold.tom), point_id=point.pk, value=point.value + 50, reason="Smaller stand", at=NOW)  # fmt: skip
    total, *parts = parts_of(actor=acting(sold.tom), run=run)
    ann = next(part for part in parts if part.series.key == sold.ann.pk)
    assert (ann.final - ann.value, total.final - total.value) == (50, 50)
    assert list(ForecastOverride.objects.values_list("reason", flat=True)) == ["Smaller stand", "Fair"]  # fmt: skip


def test_an_override_of_the_total_itself_counts_before_those_of_its_parts(sold):
    run = made(sold.tom)
    for point, more in ((open_point(run, sold.ann.pk), 200), (open_point(run), -5)):
        override_forecast(actor=acting(sold.tom), point_id=point.pk, value=point.value + more, reason="Plan", at=NOW)  # fmt: skip
    total = parts_of(actor=acting(sold.tom), run=run)[0]
    assert total.final - total.value == -5


def test_an_override_without_reason_or_of_a_month_that_is_over_is_refused(sold):
    run = made(sold.tom)
    over = ForecastPoint.objects.filter(series__run=run, month=FIRST).first()
    for point, reason in ((open_point(run), "  "), (over, "Late")):
        with pytest.raises(ForecastOverrideRefusedError):
            override_forecast(actor=acting(sold.tom), point_id=point.pk, value=Decimal(1), reason=reason, at=NOW)  # fmt: skip
    assert ForecastOverride.objects.count() == 0


def test_the_error_counts_the_months_that_are_over_per_level_and_horizon(sold):
    run = made(sold.tom)
    ForecastPoint.objects.filter(series__run=run, series__is_total=True).update(
        value=Decimal(1500), low_80=Decimal(1400), low_95=Decimal(1400), high_80=Decimal(1600), high_95=Decimal(1600)
    )  # fmt: skip
    found = accuracy_of(actor=acting(sold.tom), runs=[run], known_until=date(2026, 11, 23))
    whole = found["total"]["all"]
    sold_in_two_months = 1500 + 2 * 27 + 1500 + 2 * 28
    assert (whole.months, whole.actual, whole.error, whole.inside_80) == (2, sold_in_two_months, 110, 2)  # fmt: skip
    assert whole.naive_error == 48
    assert {bucket: row.months for bucket, row in found["seller"].items()} == {"01": 2, "02-03": 2, "all": 4}  # fmt: skip


def test_the_pages_show_the_forecast_and_take_an_override(sold, client):
    client.force_login(sold.tom)
    assert client.post(reverse("plan:forecast_create"), {"division": "seller", "first_month": "x", "horizon": 6}).status_code == 400  # fmt: skip
    run = made(sold.tom)
    page = client.get(reverse("plan:forecast_detail", args=[run.pk]))
    assert page.context["chosen"].series.is_total
    point = open_point(run)
    url = reverse("plan:forecast_override", args=[point.pk])
    answer = client.post(url, {"value": "1234.50", "reason": "New customer"})
    assert (answer.status_code, point.overrides.get().value) == (302, Decimal("1234.5000"))
    assert ForecastSeries.objects.filter(run=run, is_total=True).count() == 1
