"""Is the round of a day the shortest, do its times become those of the visits, and back?"""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, SiteFactory
from koers.organisation.tests.counting import queries_of
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = TODAY + timedelta(days=3)
URL = f"/plan/calendar/route/?day={DAY}"
PLACES = {"Rotterdam": (51.92, 4.48), "Amsterdam": (52.37, 4.90), "Gouda": (52.01, 4.71)}


@pytest.fixture
def visits(cast):
    """Three visits of Ann in an order nobody would drive, and one without a place on the map."""
    made = {}
    for hour, (name, place) in zip((9, 11, 15), PLACES.items(), strict=True):
        company = CompanyFactory(name=name, owner=cast.ann)
        SiteFactory(company=company, latitude=place[0], longitude=place[1])
        made[name] = Activity.objects.create(kind="visit", subject="Visit", company=company, owner=cast.ann, day=DAY, start_time=time(hour), minutes=60)  # fmt: skip
    nowhere = CompanyFactory(name="Nowhere", owner=cast.ann)
    made["Nowhere"] = Activity.objects.create(kind="visit", subject="Visit", company=nowhere, owner=cast.ann, day=DAY, minutes=60)  # fmt: skip
    return made


def times():
    return {each.company.name: each.start_time for each in Activity.objects.select_related("company")}  # fmt: skip


def order(page):
    return [row.visit.title for row in page.context["rows"]]


def test_the_shortest_order_is_shown_with_what_it_saves(visits, cast, client):
    client.force_login(cast.ann)
    page = client.get(f"{URL}&start=52.09,5.12")
    found = page.context["found"]
    assert order(page) in (["Amsterdam", "Rotterdam", "Gouda"], ["Gouda", "Rotterdam", "Amsterdam"])
    assert found.route.proven
    assert found.saved_now == pytest.approx(found.now.km - found.route.km)
    assert found.saved_now > 0
    assert [each.title for each in page.context["asked"].outside] == ["Nowhere"]
    assert page.context["map_url"].startswith("https://www.google.com/maps/dir/?api=1&origin=52.09%2C5.12")  # fmt: skip
    assert "geo:52.37,4.9?" in page.content.decode()


def test_an_agreed_time_is_kept(visits, cast, client):
    client.force_login(cast.ann)
    page = client.get(f"{URL}&start=52.09,5.12&asked=1&agreed={visits['Gouda'].pk}")
    assert {row.visit.title: row.starts for row in page.context["rows"]}["Gouda"] == "15:00"
    clash = Activity.objects.filter(company__name="Amsterdam")
    clash.update(start_time=time(15, 10))
    both = f"{URL}&start=52.09,5.12&asked=1&agreed={visits['Gouda'].pk}&agreed={visits['Amsterdam'].pk}"  # fmt: skip
    page = client.get(both)
    assert not page.context["found"].found
    before = times()
    refused = client.post(both.replace("/route/", "/route/accept/"))
    assert refused.status_code == 400
    assert times() == before


def test_the_times_are_taken_over_and_given_back(visits, cast, client):
    client.force_login(cast.ann)
    before = times()
    shown = {row.visit.title: row.starts for row in client.get(f"{URL}&start=52.09,5.12").context["rows"]}  # fmt: skip
    page = client.post(f"/plan/calendar/route/accept/?day={DAY}&start=52.09,5.12", follow=True)
    after = times()
    assert {name: f"{at:%H:%M}" for name, at in after.items() if at} == shown
    assert after["Nowhere"] is None
    changed = AuditEntry.objects.filter(noun="activity", verb="change")
    assert len(changed) == len([name for name in before if before[name] != after[name]])
    assert all(set(entry.changes) == {"start_time"} for entry in changed)
    undo = next(each.extra_tags for each in page.context["messages"])
    Activity.objects.filter(company__name="Gouda").update(start_time=time(16, 45))
    client.post(undo)
    assert times() == before | {"Gouda": time(16, 45)}


def test_ones_own_start_is_remembered_and_a_wrong_one_is_named(visits, cast, client):
    client.force_login(cast.ann)
    middle = client.get(URL).context["asked"].start
    assert middle == (52.1, 4.6967)
    client.get(f"{URL}&start=53.2,6.5")
    assert client.get(URL).context["asked"].start == (53.2, 6.5)
    page = client.get(f"{URL}&start=home")
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["start"])
    page = client.get(f"{URL}&begins=12:00&ends=11:00")
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["ends"])


def test_only_who_sees_the_seller_sees_the_round(visits, cast, client):
    client.force_login(cast.cora)
    assert client.get(f"{URL}&owner={cast.ann.pk}").status_code == 404
    assert (
        client.post(f"/plan/calendar/route/accept/?day={DAY}&owner={cast.ann.pk}").status_code
        == 404
    )
    assert client.get("/plan/calendar/route/figure/").status_code == 404


def test_the_kilometres_open_and_more_visits_ask_no_more_queries(visits, cast, client):
    client.force_login(cast.ann)
    assert (
        "nearest neighbour"
        in client.get(f"/plan/calendar/route/figure/?day={DAY}").content.decode()
    )
    three = queries_of(client, URL)
    visits["Gouda"].delete()
    visits["Rotterdam"].delete()
    assert queries_of(client, URL) == three
