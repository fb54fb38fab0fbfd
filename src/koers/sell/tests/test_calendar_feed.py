"""Does a calendar program read one's own activities, and nobody else's, until the address is withdrawn?"""

from datetime import UTC, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.calendar_feed import make_calendar_feed, revoke_calendar_feed
from koers.sell.models import Activity, CalendarFeed


@pytest.fixture
def company(cast):
    return CompanyFactory(owner=cast.ann, name="Kok; Keukens, Zn.")


def planned(owner, **more):
    values = {"kind": "visit", "subject": "Drawing", "day": timezone.localdate(), "owner": owner, "status": "planned"}  # fmt: skip
    return Activity.objects.create(**(values | more))


def address(user, language="en"):
    secret = make_calendar_feed(actor=acting(user), language=language, at=timezone.now())
    return reverse("sell:calendar_feed_file", args=[secret])


def read(url):
    """What a program without a log-in gets, line by line."""
    answer = Client().get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")  # fmt: skip
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def values(lines, name):
    return [line.split(":", 1)[1] for line in lines if line.split(":")[0].split(";")[0] == name]


def test_the_feed_holds_the_own_activities_with_their_time_in_utc(cast, company):
    today = timezone.localdate()
    visit = planned(cast.ann, company=company, day=today, start_time=time(9, 30), minutes=45)
    task = planned(cast.ann, kind="task", subject="Send prices", day=today + timedelta(days=400))
    planned(cast.sam, subject="Of Sam")
    planned(cast.ann, subject="Off", status="cancelled")
    planned(cast.ann, subject="Long ago", day=today - timedelta(days=91))
    lines = read(address(cast.ann))
    assert values(lines, "UID") == [f"activity-{task.pk}@testserver", f"activity-{visit.pk}@testserver"]  # fmt: skip
    assert values(lines, "SUMMARY") == ["Send prices", "Drawing – Kok\\; Keukens\\, Zn."]
    starts = visit.starts_at.astimezone(UTC)
    assert values(lines, "DTSTART") == [f"{task.day:%Y%m%d}", f"{starts:%Y%m%dT%H%M%SZ}"]
    assert values(lines, "DTEND")[1] == f"{starts + timedelta(minutes=45):%Y%m%dT%H%M%SZ}"
    assert values(lines, "TRANSP") == ["TRANSPARENT", "OPAQUE"]


def test_a_report_stays_in_the_house(cast, company):
    planned(cast.ann, company=company, status="done", report="They doubt our delivery")
    assert "doubt" not in "".join(read(address(cast.ann)))


def test_the_words_are_in_the_language_of_who_made_the_address(cast):
    planned(cast.ann, kind="call")
    for language, word in (("nl", "Telefoongesprek"), ("en", "Phone call")):
        description = values(read(address(cast.ann, language)), "DESCRIPTION")[0]
        assert description.split("\\n")[0] == word


def test_only_the_digest_is_stored_and_a_new_address_ends_the_old(cast):
    first, second = address(cast.ann), address(cast.ann)
    assert Client().get(first).status_code == 404
    assert read(second)[0] == "BEGIN:VCALENDAR"
    feed = CalendarFeed.objects.get()
    assert second.split("/")[-1].removesuffix(".ics") not in (feed.digest, str(feed.__dict__))
    assert feed.last_used_on == timezone.localdate()


def test_a_withdrawn_address_stops_and_so_does_that_of_somebody_who_left(cast):
    url = address(cast.ann)
    revoke_calendar_feed(actor=acting(cast.ann), at=timezone.now())
    assert Client().get(url).status_code == 404
    other = address(cast.sam)
    cast.sam.is_active = False
    cast.sam.save()
    assert Client().get(other).status_code == 404
    verbs = AuditEntry.objects.filter(noun="calendarfeed").values_list("verb", flat=True)
    assert sorted(verbs) == ["create", "create", "revoke"]


def test_customers_no_longer_seen_leave_the_feed(cast, company):
    url = address(cast.ann)
    planned(cast.ann, company=company)
    assert len(values(read(url), "UID")) == 1
    company.owner = cast.cora
    company.save()
    assert values(read(url), "UID") == []


def test_the_page_shows_the_address_once_and_withdraws_it(cast):
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("sell:calendar_feed")
    assert client.get(page).context["address"] == ""
    shown = client.post(page).context["address"]
    assert read(shown.removeprefix("http://testserver"))[0] == "BEGIN:VCALENDAR"
    assert client.get(page).context["address"] == ""
    client.post(reverse("sell:calendar_feed_revoke"))
    assert client.get(page).context["feed"] is None


def test_reading_takes_as_many_queries_with_more_activities(cast, company, django_assert_num_queries):  # fmt: skip
    url = address(cast.ann)
    planned(cast.ann, company=company)
    read(url)
    with django_assert_num_queries(3):
        Client().get(url)
    for number in range(3):
        planned(cast.ann, company=company, subject=f"More {number}")
    with django_assert_num_queries(3):
        Client().get(url)
