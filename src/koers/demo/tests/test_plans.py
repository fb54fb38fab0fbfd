"""Has the demo company an approved budget and forecasts, and do both go with it?"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.jobs import JobContext
from koers.core.models import Job
from koers.demo.company import load_demo
from koers.demo.plans import TASK, finish_demo, forecasts_task, write_budget, write_forecasts
from koers.demo.removal import remove_demo
from koers.demo.state import own_work
from koers.plan.figures.budget import standings_of
from koers.plan.models import Budget, ForecastOverride, ForecastRun
from koers.plan.queries.budget import totals_of
from koers.plan.queries.forecast import parts_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TODAY = date(2026, 11, 23)
EVERYBODY = system_actor(Channel.COMMAND)


def load():
    now = timezone.now()
    load_demo(today=TODAY, at=now, customers=120)
    finish_demo(today=TODAY, at=now)


def test_this_years_budget_is_approved_per_seller_with_proposals_and_every_month_filled():
    load()
    budget = Budget.objects.get()
    assert (budget.status, budget.first_month, budget.division) == ("approved", date(2026, 1, 1), "seller")  # fmt: skip
    assert (budget.made_by_name, budget.decided_by_name) == ("Saskia Brouwer", "Marja Vermeulen")
    assert (budget.made_at.year, (budget.decided_at - budget.made_at).days) == (2025, 9)
    totals = totals_of(actor=EVERYBODY, budget=budget)
    assert len(totals) == 14
    assert {each.part.proposed is None for each in totals} == {True, False}
    assert all(each.turnover > 0 for each in totals)
    standings = standings_of(actor=EVERYBODY, budget=budget, today=TODAY)
    reached = sum(row.actual for row in standings) / sum(row.budget for row in standings)
    assert Decimal("0.6") < reached < Decimal("1.6")
    assert write_budget(today=TODAY, at=timezone.now()) is None


def test_forecasts_are_made_in_the_background_once_with_an_override_and_its_reason():
    load()
    job = Job.objects.get(task=TASK)
    assert ForecastRun.objects.count() == 0
    done = [forecasts_task(JobContext(job.pk, {}, None)) for _time in range(2)]
    assert done == [{"forecasts": 3}, {"forecasts": 0}]
    divisions = sorted(ForecastRun.objects.values_list("division", flat=True))
    assert divisions == ["sbu", "sbu", "seller"]
    for override in ForecastOverride.objects.all():
        assert override.reason and override.value != override.point.value
    assert ForecastOverride.objects.count() == 4
    assert own_work() == {}
    remove_demo(at=timezone.now())
    assert (Budget.objects.count(), ForecastRun.objects.count()) == (0, 0)


def test_the_same_day_gives_the_same_forecasts():
    load()
    found = []
    for _time in range(2):
        runs = write_forecasts(today=TODAY, at=timezone.now())
        found.append([part.final for run in runs for part in parts_of(actor=EVERYBODY, run=run)])
    assert found[0] == found[1]
