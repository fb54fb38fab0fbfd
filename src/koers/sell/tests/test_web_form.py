"""Does what a visitor sends become one lead, given out by the rule, and does spam wait for a person?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.exports import guarded
from koers.core.models import AuditEntry
from koers.customers.models import Consent
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.lead import take_up_lead
from koers.sell.actions.lead_conversion import Conversion, convert_lead, undo_conversion
from koers.sell.actions.web_form import (
    Message,
    StampRefusedError,
    WebFormRefusedError,
    add_web_form,
    change_web_form,
    take_message,
)
from koers.sell.models import Lead, WebForm
from koers.sell.queries.lead_source import counts_by_source
from koers.sell.queries.web_form import FLOOD, stamp_for, suspicions_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BASIC = {
    "name": "Site", "language": "nl", "title": "Vraag advies aan", "thanks": "Bedankt!", "source": "campaign", "source_detail": "Najaar",
    "asked": {"company_name": False, "last_name": True, "email": True, "need": False},
    "consent_text": "Ja, mail mij aanbiedingen.", "sites": ["https://www.kade.example"],
}  # fmt: skip
WRITTEN = {"company_name": "Kade", "last_name": "Vos", "email": "els@kade.example", "need": "Een tweede oven voor de zomer"}  # fmt: skip
CALM = {"trapped": False, "open_for": timedelta(seconds=20), "came_lately": 0}


@pytest.fixture(autouse=True)
def _no_calls_yet():
    caches["calls"].clear()


@pytest.fixture
def web_form(cast):
    return add_web_form(actor=acting(cast.mia), values=BASIC, at=NOW)


def send(web_form, *, seconds=20, at=NOW, stamp=None, consented=False, trapped=False, **values):
    message = Message(
        {**WRITTEN, **values}, stamp=stamp or stamp_for(web_form, at - timedelta(seconds=seconds)), consented=consented, trapped=trapped
    )  # fmt: skip
    return take_message(secret=web_form.secret, message=message, at=at)


def test_a_message_becomes_a_lead_that_is_scored_given_out_and_carries_the_consent(cast, web_form):
    CompanyFactory(name="Kade", owner=cast.sam)
    lead = send(web_form, consented=True)
    lead.refresh_from_db()
    assert (lead.owner, lead.proposed_because, lead.status) == (
        cast.sam,
        "looks after Kade",
        "new",
    )
    assert (lead.source, lead.source_detail, lead.sent_at, lead.web_form) == (
        "campaign",
        "Najaar",
        NOW,
        web_form,
    )
    assert lead.score == 10 + 25 + 15 + 5  # campaign, need, own domain, company
    assert (lead.consent_text, lead.consent_channel) == ("Ja, mail mij aanbiedingen.", "mail")
    change_web_form(actor=acting(cast.mia), form_id=web_form.pk, version=1, values={"consent_text": "Anders"}, at=NOW)  # fmt: skip
    lead.refresh_from_db()
    assert lead.consent_text == "Ja, mail mij aanbiedingen."
    entry = AuditEntry.objects.get(noun="lead", verb="create")
    assert (entry.user_id, entry.actor_name) == (None, "Visitor of Site")


def test_the_same_page_sent_twice_makes_one_lead_and_a_corrected_one_another(web_form):
    stamp = stamp_for(web_form, NOW - timedelta(seconds=20))
    first, again = send(web_form, stamp=stamp), send(web_form, stamp=stamp, at=NOW + timedelta(hours=1))  # fmt: skip
    assert (again.pk, Lead.objects.count()) == (first.pk, 1)
    send(web_form, stamp=stamp, last_name="De Vos")
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "more", "found"),
    [
        ({}, {}, []),
        ({"company_name": "Booking.com"}, {}, []),
        ({"need": "See https://a.example and www.b.example"}, {}, []),
        ({"need": "www.a.nl www.b.nl http://c.nl"}, {}, ["links"]),
        ({"last_name": "Win http://x.example"}, {}, ["link"]),
        ({"first_name": "<a href=x>"}, {}, ["link"]),
        ({"city": "[url=x]"}, {}, ["link"]),
        ({}, {"trapped": True, "open_for": timedelta(seconds=2)}, ["trap", "fast"]),
        ({}, {"came_lately": FLOOD}, ["flood"]),
    ],
)
def test_what_looks_like_spam_is_told_by_name(values, more, found):
    assert [str(word) for word in suspicions_of(values, **(CALM | more))] == found


def test_a_suspect_message_is_kept_as_nobodys_in_no_figure_until_a_person_takes_it_for_real(
    cast, web_form
):
    lead = send(web_form, seconds=1, trapped=True)
    assert (lead.status, lead.owner, lead.suspect_because) == ("suspect", None, "trap fast")
    assert counts_by_source(acting(cast.tom)) == []
    with pytest.raises(NotFoundError):
        take_up_lead(actor=acting(cast.ann), lead_id=lead.pk, at=NOW)
    client = Client()
    client.force_login(cast.tom)
    assert "Kade" not in client.get("/sell/leads/?sort=-score").content.decode()
    page = client.get("/sell/leads/?status=suspect").content.decode()
    assert "Kade" in page
    assert "sent within 3 seconds" in client.get(f"/sell/leads/{lead.pk}/").content.decode()
    client.post(f"/sell/leads/{lead.pk}/take-up/")
    lead.refresh_from_db()
    assert (lead.status, lead.owner, lead.suspect_because) == ("new", cast.ann, "")
    assert lead.proposed_because == "fewest open leads (0)"
    assert counts_by_source(acting(cast.tom))[0].leads == 1


def test_only_a_fresh_stamp_of_this_form_is_taken(cast, web_form):
    other = add_web_form(actor=acting(cast.adam), values=BASIC | {"name": "Other"}, at=NOW)
    for stamp in ("", "x", "\0:y", stamp_for(other, NOW), stamp_for(web_form, NOW + timedelta(hours=1)), stamp_for(web_form, NOW - timedelta(hours=25))):  # fmt: skip
        with pytest.raises(StampRefusedError):
            send(web_form, stamp=stamp or "-")
    change_web_form(actor=acting(cast.mia), form_id=web_form.pk, version=1, values={"is_open": False}, at=NOW)  # fmt: skip
    with pytest.raises(WebFormRefusedError, match="closed"):
        send(web_form)
    assert Lead.objects.count() == 0


def test_consent_goes_to_the_ledger_with_the_contact_and_is_struck_out_with_the_conversion(
    cast, web_form
):
    lead = send(web_form, consented=True)
    converted = convert_lead(actor=acting(cast.tom), lead_id=lead.pk, conversion=Conversion(), at=NOW)  # fmt: skip
    line = Consent.objects.get()
    assert (line.contact, line.said, line.channel, line.said_on) == (converted.contact, "given", "mail", NOW.date())  # fmt: skip
    assert line.proof == "Web form Site, 2026-11-24 10:00: “Ja, mail mij aanbiedingen.”"
    undo_conversion(actor=acting(cast.tom), lead_id=lead.pk, at=NOW)
    assert Consent.objects.filter(deleted_at=None).count() == 0


def test_a_form_is_set_up_by_marketing_and_says_what_is_missing(cast, web_form):
    for wrong, words in (
        ({"asked": {"need": True}}, "Ask at least"), ({"asked": {"owner": True}}, "Ask at least"), ({"thanks": " "}, "word of thanks"),
        ({"sites": ["https://kade.example/path"]}, "A site is written"), ({"sites": ["https://*"]}, "A site"),
        ({"sites": ["https://a.example; script-src *"]}, "A site"), ({"sites": ["http://kade.example"]}, "A site"),
    ):  # fmt: skip
        with pytest.raises(WebFormRefusedError, match=words):
            add_web_form(actor=acting(cast.mia), values=BASIC | {"name": "X"} | wrong, at=NOW)
    for user in (cast.ann, cast.dirk, cast.ina, cast.sam):
        with pytest.raises(NotAllowedError):
            add_web_form(actor=acting(user), values=BASIC | {"name": "X"}, at=NOW)
    client = Client()
    client.force_login(cast.mia)
    answers = {"ask_last_name": "must", "ask_email": "must", "consent_channel": "all"}
    answers |= {f"ask_{name}": "no" for name in ("company_name", "first_name", "job_title", "phone", "city", "need")}  # fmt: skip
    body = {**BASIC, **answers, "name": "Fair", "sites": "https://B.example/\r\nhttps://b.example\r\n", "is_open": "on"}  # fmt: skip
    del body["asked"]
    made = client.post("/sell/leads/forms/new/", body)
    fair = WebForm.objects.get(name="Fair")
    assert made.headers["Location"] == f"/sell/leads/forms/{fair.pk}/"
    assert (fair.asked, fair.sites) == ({"last_name": True, "email": True}, ["https://b.example"])
    page = client.get(f"/sell/leads/forms/{fair.pk}/").content.decode()
    assert f"&lt;iframe src=&quot;http://testserver/sell/form/{fair.secret}/" in page or f'&lt;iframe src="http://testserver/sell/form/{fair.secret}/"' in page  # fmt: skip
    clash = client.post(f"/sell/leads/forms/{fair.pk}/", body | {"title": "One", "version": 1})
    assert clash.status_code == 302
    stale = client.post(f"/sell/leads/forms/{fair.pk}/", body | {"title": "Two", "ask_phone": "may", "version": 1})  # fmt: skip
    assert (stale.status_code, stale.context["clashes"][0]["stored"]) == (409, "One")
    double = client.post("/sell/leads/forms/new/", body)
    assert double.context["form"].errors["name"] == ["There is a web form of this name already."]


def test_the_page_works_without_cookies_in_frames_of_the_named_sites_alone(cast, web_form):
    client, url = Client(enforce_csrf_checks=True), f"/sell/form/{web_form.secret}/"
    page = client.get(url)
    assert "frame-ancestors https://www.kade.example" in page.headers["Content-Security-Policy"]
    assert ("X-Frame-Options" in page.headers, page.headers["Content-Language"]) == (False, "nl")
    assert (dict(page.cookies), "<script" in page.content.decode()) == ({}, False)
    assert '<html lang="nl">' in page.content.decode()
    assert "Achternaam" in page.content.decode()
    stamp = stamp_for(web_form, timezone.now() - timedelta(seconds=9))
    sent = client.post(url, WRITTEN | {"stamp": stamp, "consent": "on"})
    assert sent.headers["Location"] == url + "?sent"
    assert "Bedankt!" in client.get(url + "?sent").content.decode()
    assert Lead.objects.values_list("company_name", "status", "consent_channel").get() == ("Kade", "new", "mail")  # fmt: skip
    change_web_form(actor=acting(cast.mia), form_id=web_form.pk, version=1, values={"sites": []}, at=NOW)  # fmt: skip
    closed = client.get(url)
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert closed.headers["X-Frame-Options"] == "DENY"
    change_web_form(actor=acting(cast.mia), form_id=web_form.pk, version=2, values={"is_open": False}, at=NOW)  # fmt: skip
    assert client.post(url, WRITTEN | {"stamp": stamp_for(web_form, timezone.now())}).status_code == 410  # fmt: skip
    assert Client().get("/sell/form/guess/").status_code == 404


def test_bad_input_loses_nothing_and_hostile_input_does_nothing(web_form):
    client, url = Client(), f"/sell/form/{web_form.secret}/"
    late = client.post(url, WRITTEN | {"stamp": stamp_for(web_form, timezone.now() - timedelta(days=2))})  # fmt: skip
    assert (late.status_code, "els@kade.example" in late.content.decode()) == (400, True)
    again = client.post(url, WRITTEN | {"stamp": late.context["stamp"]})
    assert (again.status_code, Lead.objects.count()) == (302, 1)
    missing = client.post(url, {"last_name": "", "email": "no", "stamp": late.context["stamp"]})
    assert (missing.status_code, set(missing.context["form"].errors)) == (400, {"last_name", "email"})  # fmt: skip
    stamp = stamp_for(web_form, timezone.now() - timedelta(seconds=9))
    assert client.post(url, WRITTEN | {"last_name": "a\0b", "stamp": stamp}).status_code == 400
    assert client.post(url, WRITTEN | {"need": "x" * 10_000_000, "stamp": stamp}).status_code == 400
    assert client.post(url, {"need": "x" * 5_000, "last_name": "L", "email": "a@b.nl", "stamp": stamp}).status_code == 400  # fmt: skip
    assert Lead.objects.count() == 1
    script = "<script>alert(1)</script>"
    client.post(url, WRITTEN | {"last_name": script, "company_name": "=1+1", "need": script, "stamp": stamp})  # fmt: skip
    odd = Lead.objects.get(last_name=script)
    assert (odd.status, guarded(odd.company_name)) == ("suspect", "'=1+1")
    wrong = client.post(url, {"last_name": script, "email": "no", "stamp": stamp}).content.decode()
    assert (script in wrong, "&lt;script&gt;alert(1)" in wrong) == (False, True)


def test_who_sends_too_often_is_asked_to_wait_and_keeps_what_was_written(web_form):
    client, url = Client(), f"/sell/form/{web_form.secret}/"
    body = {"last_name": "Vos", "email": "no", "stamp": "x"}
    statuses = [client.post(url, body).status_code for _number in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({400}, 429)
    assert b'value="Vos"' in client.post(url, body).content
    other = Client(REMOTE_ADDR="2001:db8::1").post(url, body)
    assert other.status_code == 400
    statuses = {client.get(url).status_code for _number in range(70)}
    assert statuses == {200, 429}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_forms_asks_a_fixed_number_of_questions(
    cast, web_form, count, django_assert_num_queries
):
    for number in range(count - 1):
        add_web_form(actor=acting(cast.mia), values=BASIC | {"name": f"F{number}"}, at=NOW)
    send(web_form)
    client = Client()
    client.force_login(cast.mia)
    client.get("/sell/leads/forms/")
    with django_assert_num_queries(5):
        page = client.get("/sell/leads/forms/?sort=-brought")
    assert page.context["page"].total == count
    row = next(each for each in page.context["page"].rows if each.pk == web_form.pk)
    assert (row.brought, row.suspect, row.last_on) == (1, 0, NOW)
