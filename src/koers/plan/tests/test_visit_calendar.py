"""Are due visits proposed on days that can be, planned in one go, moved alone and taken back?"""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.core.periods import Period, add_months
from koers.customers.tests.factories import CompanyFactory, SiteFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.visit_calendar import (
    CalendarRefusedError,
    ChosenVisit,
    plan_proposals,
)
from koers.plan.actions.visit_norm import NormSetValues, NormValues, set_norms
from koers.plan.figures.visit_calendar import holidays_in
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
# A whole quarter to come, so that the tests say the same on every day of the year.
AHEAD = add_months(date(TODAY.year, 3 * ((TODAY.month - 1) // 3) + 1, 1), 3)
QUARTER = Period(AHEAD, add_months(AHEAD, 3))
URL = "/plan/calendar/"


@pytest.fixture
def world(cast):
    """Norms since a year; two neighbours of Ann, one far away, and a customer of Cora."""
    norms = [NormValues("A", "", 12, 60, Decimal(1), "12345"), NormValues("B", "", 4, 45, Decimal(1), "24")]  # fmt: skip
    set_norms(actor=acting(cast.tom), values=NormSetValues(TODAY - timedelta(days=400), 30, 5, "", norms), at=NOW)  # fmt: skip
    made = {
        "big": CompanyFactory(name="Big", owner=cast.ann, customer_class="A"),
        "near": CompanyFactory(name="Near", owner=cast.ann, customer_class="B"),
        "far": CompanyFactory(name="Far", owner=cast.ann, customer_class="B"),
        "south": CompanyFactory(name="South", owner=cast.cora, customer_class="A"),
        "none": CompanyFactory(name="None", owner=cast.ann, customer_class="D"),
    }
    for name, latitude, longitude in (("big", 52.09, 5.12), ("near", 52.11, 5.18), ("far", 53.22, 6.57)):  # fmt: skip
        SiteFactory(company=made[name], latitude=latitude, longitude=longitude)
    return made


def asked(client, **query):
    return client.get(URL, {"day": AHEAD.isoformat(), "view": "list"} | query)


def rows(client, **query):
    return asked(client, **query).context["rows"]


def proposals(client, **query):
    return {(row.customer.name, row.placement.due): row.placement.day for row in rows(client, **query)}  # fmt: skip


def placed(found):
    return {(row.customer.name, row.placement.day, row.placement.start) for row in found}


def post(client, name, /, **body):
    return client.post(f"{URL}{name}/?day={AHEAD.isoformat()}&view=list", body, follow=True)


def test_every_due_visit_gets_an_allowed_open_day_and_only_ones_own_customers_are_asked(world, cast, client):  # fmt: skip
    client.force_login(cast.ann)
    found = proposals(client)
    assert {name for name, _due in found} == {"Big", "Near", "Far"}
    assert sorted(due for name, due in found if name == "Big") == [AHEAD + timedelta(days=number) for number in range(0, QUARTER.days, 30)]  # fmt: skip
    closed = holidays_in(QUARTER)
    assert {day.isoweekday() for (name, _due), day in found.items() if name != "Big"} <= {2, 4}
    assert not set(found.values()) & set(closed)
    assert asked(client).context["calendar"].share == 1


def test_a_quarter_in_which_nothing_is_due_has_no_share(world, cast, client):
    client.force_login(cast.cora)
    Activity.objects.all().delete()
    world["south"].delete()
    page = asked(client)
    assert page.context["calendar"].share is None
    assert "Nothing is due" in page.content.decode()
    assert client.get(f"{URL}figures/placed/?day={AHEAD}").status_code == 200


def test_planning_makes_visits_in_one_go_and_undo_cancels_them(world, cast, client):
    client.force_login(cast.ann)
    chosen = [row.token for row in rows(client)]
    page = post(client, "accept", visit=chosen[:3])
    made = list(Activity.objects.order_by("pk"))
    assert len(made) == 3
    assert {(each.kind, each.status, each.owner) for each in made} == {("visit", "planned", cast.ann)}  # fmt: skip
    assert all(each.start_time and each.minutes in (45, 60) for each in made)
    assert [(entry.noun, entry.verb) for entry in AuditEntry.objects.filter(noun="activity")] == [("activity", "create")] * 3  # fmt: skip
    assert len(page.context["rows"]) == len(chosen) - 3
    assert page.context["calendar"].appointments == 3
    undo = [each.extra_tags for each in page.context["messages"]]
    again = client.post(undo[0], follow=True)
    assert {each.status for each in Activity.objects.all()} == {"cancelled"}
    assert [row.token for row in again.context["rows"]] == chosen
    assert "nothing to undo" in client.post(undo[0], follow=True).content.decode()


def test_a_cancelled_visit_moves_no_other_proposal(world, cast, client):
    client.force_login(cast.ann)
    first = rows(client)
    post(client, "accept", visit=[first[0].token])
    others = placed(rows(client))
    Activity.objects.update(status="cancelled")
    moved = placed(rows(client)) ^ others
    assert {name for name, _day, _start in moved} == {first[0].customer.name}
    assert (first[0].customer.name, first[0].placement.day, first[0].placement.start) in moved
    assert len(moved) == 1


def test_a_proposal_moves_alone_and_not_to_a_day_that_cannot_be(world, cast, client):
    client.force_login(cast.ann)
    before = {row.visit: row.placement.day for row in rows(client)}
    visit = next(row.visit for row in rows(client) if row.customer.name == "Near")
    calendar = asked(client).context["calendar"]
    later = next(day for day in sorted(calendar.plan.load) if day > before[visit] and day.isoweekday() in (2, 4))  # fmt: skip
    page = post(client, "move", visit=visit, day=later.isoformat())
    after = {row.visit: row.placement.day for row in page.context["rows"]}
    assert after == before | {visit: later}
    monday = later + timedelta(days=8 - later.isoweekday())
    page = post(client, "move", visit=visit, day=monday.isoformat())
    assert {row.visit: row.placement.day for row in page.context["rows"]} == after
    assert "not an allowed weekday" in page.content.decode()
    assert "no longer there" in post(client, "move", visit="1:2020-01-01", day=monday.isoformat()).content.decode()  # fmt: skip
    page = post(client, "renew")
    assert {row.visit: row.placement.day for row in page.context["rows"]} == before


def test_what_fills_a_day_already_is_respected(world, cast, client):
    client.force_login(cast.ann)
    day = rows(client)[0].placement.day
    Activity.objects.create(kind="task", subject="Leave", owner=cast.ann, day=day, start_time=time(8, 30), minutes=480)  # fmt: skip
    assert day not in {row.placement.day for row in rows(client)}
    off = {row.placement.day for row in rows(client, off=f"{AHEAD:%d-%m-%Y} until {QUARTER.last_day:%d-%m-%Y}")}  # fmt: skip
    assert off == set()


def test_a_wrong_working_day_names_field_and_remedy(world, cast, client):
    client.force_login(cast.ann)
    for wrong, field in (({"off": "Christmas"}, "off"), ({"hours": "30"}, "hours"), ({"begins": "22:00"}, "hours")):  # fmt: skip
        page = asked(client, **wrong)
        assert (page.status_code, list(page.context["form"].errors)) == (400, [field])


def test_one_plans_for_whom_one_sees_and_only_customers_of_that_seller(world, cast, client):
    client.force_login(cast.cora)
    assert client.get(URL, {"owner": cast.ann.pk}).status_code == 404
    visit = ChosenVisit(world["big"].pk, AHEAD, time(9), 60)
    with pytest.raises(NotFoundError):
        plan_proposals(actor=acting(cast.cora), seller_id=cast.ann.pk, visits=[visit], at=NOW)
    with pytest.raises(NotFoundError):
        plan_proposals(actor=acting(cast.cora), seller_id=cast.cora.pk, visits=[visit], at=NOW)
    with pytest.raises(CalendarRefusedError):
        plan_proposals(actor=acting(cast.ann), seller_id=cast.ann.pk, visits=[], at=NOW)
    with pytest.raises(NotAllowedError):
        plan_proposals(actor=acting(cast.of_role["management_team"]), seller_id=cast.ann.pk, visits=[visit], at=NOW)  # fmt: skip
    assert not Activity.objects.exists()


def test_a_calendar_that_changed_meanwhile_plans_nothing(world, cast, client):
    client.force_login(cast.ann)
    token = rows(client)[0].token
    page = post(client, "accept", visit=[token, "999:2020-01-01:2020-01-01:510"])
    assert "changed since" in page.content.decode()
    assert not Activity.objects.exists()


def test_month_week_and_list_ask_as_much_with_one_customer_as_with_three(world, cast, client):
    client.force_login(cast.ann)
    urls = [f"{URL}?day={AHEAD}&view={view}" for view in ("month", "week", "list")]
    three = [queries_of(client, url) for url in urls]
    world["far"].delete()
    world["near"].delete()
    assert [queries_of(client, url) for url in urls] == three


def test_figures_open_and_holidays_have_names_in_ones_language(world, cast, client):
    client.force_login(cast.ann)
    for name in ("placed", "use"):
        assert client.get(f"{URL}figures/{name}/?day={AHEAD}").status_code == 200
    assert client.get(f"{URL}figures/other/").status_code == 404
    with translation.override("nl"):
        assert holidays_in(Period(date(2026, 12, 1), date(2027, 1, 1)))[date(2026, 12, 25)] == "Eerste kerstdag"  # fmt: skip
    with translation.override("en"):
        assert holidays_in(Period(date(2026, 4, 1), date(2026, 5, 1)))[date(2026, 4, 27)] == "King's Day"  # fmt: skip
