"""Do calls add up from person to company, is every one kept, and does everybody change only what is theirs?"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.models import BusinessUnit, User
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.forecast_call import (
    CallClashError,
    CallEntry,
    CallRefusedError,
    give_calls,
    override_calls,
)
from koers.plan.figures.forecast_call import CallBook, biases_of, roll_up
from koers.plan.models import ForecastCall
from koers.plan.queries.call_period import (
    month_period,
    period_named,
    period_of,
    periods_ahead,
    quarter_period,
)
from koers.plan.queries.forecast_call import calls_visible_to
from koers.plan.tests.factories import TargetFactory
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()
THIS = month_period(TODAY)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def entry(amount, *, category="commit", seen=0, reason="", period=THIS):
    value = None if amount is None else Decimal(amount)
    return CallEntry(period, category, value, reason, seen)


def call(user, amount, **more):
    return give_calls(actor=acting(user), entries=[entry(amount, **more)], at=NOW)


def book_of(user, *periods):
    return CallBook(actor=acting(user), today=TODAY, periods=periods or [THIS])


def rows_of(user):
    found = roll_up(book_of(user), THIS, stood="start", with_chance=False)
    return {row.node.label or row.node.level: row for row in found.rows}


def override(user, label, amount, **more):
    row = rows_of(user)[label]
    return override_calls(actor=acting(user), node=row.node, entries=[entry(amount, **{"reason": "Fair"} | more)], at=NOW)  # fmt: skip


def counted(user):
    return {label: row.counted("commit") for label, row in rows_of(user).items()}


@pytest.fixture
def deals(cast):
    """Ann: open commit 1000 at 0.5 and best case 300 at 0.2, won 70; Cora: open 400 at 0.5."""
    pipeline = PipelineFactory(name="Projects")
    sure = StageFactory(pipeline=pipeline, name="Sure", probability=Decimal("0.5"), forecast_category="commit")  # fmt: skip
    best = StageFactory(pipeline=pipeline, name="Best", probability=Decimal("0.2"), forecast_category="best_case", position=1)  # fmt: skip
    won = StageFactory(pipeline=pipeline, name="Won", kind="won", forecast_category="closed", position=2)  # fmt: skip
    end = THIS.period.last_day
    for owner, stage, amount, more in (
        (cast.ann, sure, 1000, {"expected_close_on": end}), (cast.ann, best, 300, {"expected_close_on": end}),
        (cast.ann, won, 70, {"closed_on": THIS.period.start}), (cast.cora, sure, 400, {"expected_close_on": end}),
        (cast.ann, sure, 5000, {"expected_close_on": THIS.period.end}),
    ):  # fmt: skip
        OpportunityFactory(company=CompanyFactory(owner=owner), owner=owner, stage=stage, amount=amount, **more)  # fmt: skip
    return cast


def test_periods_are_calendar_months_and_quarters_with_names_that_read_back():
    day = date(2026, 11, 28)
    ahead = periods_ahead(day)
    assert [each.key for each in ahead] == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2026-Q4", "2027-Q1"]  # fmt: skip
    for each in ahead:
        assert period_named(each.key) == each == period_of(each.period.start, each.period.end)
    assert [period_named(text) for text in ("2026-13", "2026-Q5", "26-1", "2026", "x-Q1", "2026-Q0")] == [None] * 6  # fmt: skip
    assert period_of(date(2026, 1, 1), date(2026, 1, 15)) is None


def test_calls_add_up_from_person_to_company_beside_the_deals(deals):
    call(deals.ann, "800.10")
    call(deals.cora, 450)
    rows = rows_of(deals.tom)
    assert [rows[label].node.depth for label in ("Sales", "North", "Ann de Boer", "South")] == [
        1,
        2,
        3,
        2,
    ]
    whole = next(row for row in rows.values() if row.node.level == "company")
    ann, north = rows["Ann de Boer"], rows["North"]
    assert (ann.called["commit"], north.called["commit"], whole.called["commit"]) == (Decimal("800.10"), Decimal("800.10"), Decimal("1250.10"))  # fmt: skip
    assert (north.callers, north.missing, whole.callers, whole.missing) == (2, 1, 3, 1)
    assert (ann.deals.won, ann.deals.weighted, ann.deals.expected) == (70, 560, 630)
    assert (ann.deals.categories["commit"], ann.deals.categories["best_case"]) == (1000, 300)
    assert (ann.deals.low, ann.deals.high) == (70, 1070)
    assert whole.deals.weighted == 760 and whole.deals.won == 70
    assert rows["South"].deals.high == 400


def test_an_override_goes_before_what_lies_below_and_both_stay(deals):
    call(deals.ann, 800)
    call(deals.sam, 100)
    override(deals.ben, "Ann de Boer", 600)
    assert counted(deals.tom)["North"] == 700
    override(deals.tom, "North", 500, reason="Trucks are full")
    after = rows_of(deals.tom)
    assert (after["North"].called["commit"], after["North"].counted("commit"), after["North"].reason) == (700, 500, "Trucks are full")  # fmt: skip
    assert after["Sales"].called["commit"] == 500
    assert after["Ann de Boer"].called["commit"] == 800
    override(deals.tom, "North", None, seen=1, reason="No longer")
    assert counted(deals.tom)["Sales"] == 700
    kept = list(ForecastCall.objects.filter(level="team").order_by("number").values_list("former", "amount", "made_by_name", "reason"))  # fmt: skip
    assert kept == [(None, 500, "Tom Prins", "Trucks are full"), (500, None, "Tom Prins", "No longer")]  # fmt: skip
    assert AuditEntry.objects.filter(noun="forecastcall").count() == 5


def test_every_call_is_kept_and_the_same_again_is_none(cast):
    call(cast.ann, 100)
    assert call(cast.ann, 100, seen=1) == []
    call(cast.ann, 120, seen=1, reason="A new kitchen")
    assert list(ForecastCall.objects.order_by("number").values_list("number", "former", "amount", "reason")) == [(1, None, 100, ""), (2, 100, 120, "A new kitchen")]  # fmt: skip
    latest = ForecastCall.objects.get(number=2)
    latest.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        latest.save()


def test_the_second_of_two_sees_the_first_and_nothing_is_written_over(cast):
    call(cast.ann, 100)
    override(cast.tom, "Ann de Boer", 90)
    with pytest.raises(CallClashError) as refused:
        override(cast.ben, "Ann de Boer", 80)
    assert (refused.value.latest.amount, refused.value.latest.made_by_name) == (90, "Tom Prins")
    override(cast.ben, "Ann de Boer", 80, seen=1)
    assert counted(cast.tom)["Ann de Boer"] == 80
    with pytest.raises(CallClashError):
        give_calls(
            actor=acting(cast.ann), entries=[entry(5, category="best_case"), entry(7)], at=NOW
        )
    assert not ForecastCall.objects.filter(category="best_case").exists()


def test_one_calls_for_oneself_and_overrides_only_those_below(cast):
    for user in (cast.dirk, cast.mia, cast.ina):
        with pytest.raises(NotAllowedError):
            call(user, 1)
    call(cast.ann, 100)
    may = {who: {label for label, row in rows_of(getattr(cast, who)).items() if row.node.may_override} for who in ("ann", "ben", "dirk", "tom")}  # fmt: skip
    assert (may["ann"], may["dirk"]) == (set(), set())
    assert may["ben"] == {"North", "Ann de Boer", "Sam Jansen"}
    assert {"Sales", "North", "South", "Ann de Boer", "Cora Visser"} < may["tom"]
    for user in (cast.ann, cast.dirk):
        with pytest.raises(NotAllowedError):
            override(user, "Ann de Boer", 1)
    call(cast.ben, 50)
    ben = rows_of(cast.ben)["Ben Smit"].node
    assert not ben.may_override
    with pytest.raises(NotAllowedError):
        override_calls(actor=acting(cast.ben), node=ben, entries=[entry(1, reason="Me")], at=NOW)


def test_others_calls_are_seen_by_their_team_and_by_those_above_alone(cast):
    call(cast.ann, 100)
    call(cast.cora, 100)
    override(cast.tom, "Sales", 150)
    override(cast.tom, "South", 90)
    seen = {who: {row.unit for row in calls_visible_to(acting(getattr(cast, who)))} for who in ("ann", "ben", "cora", "tom")}  # fmt: skip
    ann, south = f"person-{cast.ann.pk}", {f"person-{cast.cora.pk}", f"team-{cast.south.pk}"}
    assert (seen["ann"], seen["ben"], seen["cora"], len(seen["tom"])) == ({ann}, {ann}, south, 4)
    assert set(rows_of(cast.ann)) == {"North", "Ann de Boer", "Sam Jansen"}


def test_a_unit_stands_between_its_teams_and_the_company(cast):
    unit = BusinessUnit.objects.create(name="Kitchens")
    cast.root.business_unit = unit
    cast.root.save()
    call(cast.ann, 100)
    override(cast.tom, "Kitchens", 70)
    levels = [(row.node.level, row.counted("commit")) for row in roll_up(book_of(cast.tom), THIS, stood="start", with_chance=False).rows][:3]  # fmt: skip
    assert levels == [("company", 70), ("unit", 70), ("team", 100)]


def test_what_is_over_negative_or_without_reason_is_refused(cast):
    over = month_period(THIS.period.start - timedelta(days=1))
    for wrong in (entry(5, period=over), entry(-1), entry(1, category="luck")):
        with pytest.raises(CallRefusedError):
            give_calls(actor=acting(cast.ann), entries=[wrong], at=NOW)
    with pytest.raises(CallRefusedError):
        override(cast.tom, "Ann de Boer", 5, reason="  ")
    assert not ForecastCall.objects.exists()


def test_targets_count_for_their_days_in_the_period(cast):
    TargetFactory(person=cast.ann, period_start=THIS.period.start - timedelta(days=10), period_end=THIS.period.start + timedelta(days=10), amount=200)  # fmt: skip
    TargetFactory(person=cast.cora, period_start=THIS.period.start, period_end=THIS.period.end, amount=Decimal("33.33"))  # fmt: skip
    rows = rows_of(cast.tom)
    assert (rows["Ann de Boer"].target, rows["Cora Visser"].target, rows["Sales"].target, rows["Sam Jansen"].target) == (100, Decimal("33.33"), Decimal("133.33"), None)  # fmt: skip


def kept(user, period, amount, day, number=1):
    ForecastCall.objects.create(
        level="person", person=user, is_override=False, category="commit", number=number, period_start=period.period.start,
        period_end=period.period.end, amount=amount, currency="EUR", made_at=timezone.make_aware(datetime.combine(day, time(23, 30))), made_by_name="Ann",
    )  # fmt: skip


def past_months(count):
    found, day = [], THIS.period.start
    for _month in range(count):
        found.append(month_period(day - timedelta(days=1)))
        day = found[-1].period.start
    return found


def test_the_factor_comes_from_calls_as_they_stood_on_the_first_day(cast):
    won = StageFactory(name="Won", kind="won")
    for period in past_months(6):
        kept(cast.ann, period, 100, period.period.start)
        kept(cast.ann, period, 400, period.period.start + timedelta(days=1), number=2)
        OpportunityFactory(company=CompanyFactory(owner=cast.ann), owner=cast.ann, stage=won, amount=80, closed_on=period.period.last_day)  # fmt: skip
        kept(cast.cora, period, 100, period.period.start + timedelta(days=1))
    book = book_of(cast.tom)
    start, late = (biases_of(book, kind="month", stood=stood) for stood in ("start", "late"))
    assert (start[cast.ann.pk].mean, start[cast.ann.pk].periods, cast.cora.pk in start) == (Decimal("0.8"), 6, False)  # fmt: skip
    assert (late[cast.ann.pk].mean, late[cast.cora.pk].mean) == (Decimal("0.2"), 0)
    assert biases_of(book, kind="quarter", stood="start") == {}
    call(cast.ann, 1000)
    call(cast.sam, 50)
    rows = rows_of(cast.tom)
    assert (rows["Ann de Boer"].composite, rows["Sam Jansen"].composite, rows["North"].composite, rows["North"].with_factor) == (800, 50, 850, 1)  # fmt: skip


def test_the_page_takes_calls_and_overrides_and_shows_what_is_wrong_with_nothing_lost(
    deals, client
):
    client.force_login(deals.ann, backend=BACKEND)
    url = reverse("plan:forecast_call")
    month, quarter = THIS.key, quarter_period(TODAY).key
    body = {
        f"seen-{each}-{period.key}": "0"
        for period in periods_ahead(TODAY)
        for each in ("commit", "best_case")
    }
    wrong = client.post(url, body | {f"commit-{month}": "900", f"best_case-{month}": "5", f"note-{month}": "Two kitchens"})  # fmt: skip
    assert wrong.status_code == 400 and "The best case is at least" in wrong.content.decode() and "Two kitchens" in wrong.content.decode()  # fmt: skip
    good = body | {f"commit-{month}": "1,900.50", f"best_case-{month}": "2000", f"note-{month}": "Two kitchens", f"commit-{quarter}": "9000"}  # fmt: skip
    assert client.post(url, good).status_code == 302
    assert set(ForecastCall.objects.values_list("category", "amount", "reason")) == {("commit", Decimal("1900.50"), "Two kitchens"), ("best_case", 2000, ""), ("commit", 9000, "")}  # fmt: skip
    assert client.post(url, body | {f"commit-{month}": "7"}).status_code == 400
    page = client.get(url)
    assert page.context["own"][f"commit-{month}"].value() == "1900.50"
    client.force_login(deals.ben, backend=BACKEND)
    edit = f"{url}?edit=person-{deals.ann.pk}"
    assert client.get(edit).context["override"] is not None
    answer = {"unit": f"person-{deals.ann.pk}", "commit": "1500", "seen-commit": "0", "seen-best_case": "0", "reason": ""}  # fmt: skip
    assert client.post(url, answer).status_code == 400
    assert client.post(url, answer | {"reason": "Too wide", "next": "1"}).url.endswith(
        f"edit=person-{deals.sam.pk}"
    )
    clash = client.post(url, answer | {"commit": "1400", "reason": "Mine"})
    assert clash.status_code == 400 and "Ben Smit entered" in clash.content.decode()
    seen = clash.context["override"]["seen-commit"].value()
    assert (
        client.post(
            url, answer | {"commit": "1400", "reason": "Mine", "seen-commit": seen}
        ).status_code
        == 302
    )
    assert counted(deals.tom)["North"] == 1400
    assert (
        client.post(url, answer | {"unit": f"person-{deals.cora.pk}", "reason": "No"}).status_code
        == 404
    )
    client.force_login(deals.dirk, backend=BACKEND)
    assert client.post(url, body).status_code == 403


def test_every_figure_opens_with_as_many_deals_as_it_counts(deals, client):
    client.force_login(deals.tom, backend=BACKEND)
    call(deals.ann, 800)
    page = client.get(reverse("plan:forecast_call"))
    assert page.status_code == 200
    for each in page.context["rows"]:
        assert {name: client.get(url).status_code for name, url in each["figures"].items()} == dict.fromkeys(each["figures"], 200)  # fmt: skip
        assert (
            len(client.get(each["deals"]["open"]).context["page"].rows) == each["row"].deals.deals
        )
        shown = client.get(each["deals"]["won"]).context["page"].rows
        assert sum(row.amount for row in shown) == each["row"].deals.won
    assert client.get(reverse("plan:forecast_call_record")).status_code == 200
    for query in ("?period=soon", "?stood=now", "?edit=moon-1", "?part=luck"):
        assert client.get(reverse("plan:forecast_call_deals") + query).status_code == 400
    assert client.get(reverse("plan:forecast_call_figure", args=["luck"])).status_code == 404


def test_pages_take_as_many_queries_for_one_call_as_for_three(cast, client):
    client.force_login(cast.tom, backend=BACKEND)
    counts = []
    for user in (cast.ann, cast.cora):
        call(user, 100)
        if user == cast.cora:
            call(cast.sam, 10)
        counts.append([queries_of(client, reverse(f"plan:{name}")) for name in ("forecast_call", "forecast_call_list")])  # fmt: skip
    assert counts[0] == counts[1]


def test_calls_go_with_the_person(cast):
    call(cast.ann, 100)
    User.objects.filter(pk=cast.ann.pk).delete()
    assert not ForecastCall.objects.exists()
