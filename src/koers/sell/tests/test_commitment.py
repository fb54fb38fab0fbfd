"""Is an advance only what the customer promised to do, by whom and when, on every way to it?"""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import (
    ActivityRefusedError,
    ActivityValues,
    NextStep,
    change_activity,
    finish_activity,
    log_activity,
    plan_activity,
)
from koers.sell.models import Activity
from koers.sell.queries.commitment import Commitment, lacking_of_promise

NOW = timezone.now()
TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=7)
PROMISE = {"commitment": "Asks the board", "commitment_on": LATER, "commitment_by": "Jo Jansen"}


def values(company=None, **more):
    return ActivityValues(
        **({"kind": "visit", "subject": "Visit", "company": company, "day": TODAY} | more)
    )


@pytest.mark.parametrize(
    ("outcome", "promise", "missing"),
    [
        ("advance", Commitment(), ["commitment", "commitment_on", "commitment_by"]),
        ("advance", Commitment("Asks", None, "Jo"), ["commitment_on"]),
        ("advance", Commitment("Asks", LATER, " "), ["commitment_by"]),
        ("advance", Commitment("Asks", LATER, "Jo"), []),
        ("continuation", Commitment(), []),
        ("order", Commitment("", LATER, ""), ["commitment", "commitment_by"]),
    ],
)
def test_an_advance_needs_action_day_and_name_and_elsewhere_it_is_all_or_none(
    outcome, promise, missing
):
    assert [name for name, _words in lacking_of_promise(outcome, promise)] == missing


def test_an_advance_without_a_commitment_is_refused_on_every_way_to_it(cast):
    company, ann = CompanyFactory(owner=cast.ann), acting(cast.ann)
    step = NextStep("Send the drawing", TODAY)
    with pytest.raises(ActivityRefusedError, match="What will the customer do"):
        log_activity(actor=ann, values=values(company, outcome="advance"), next_step=step, at=NOW)
    planned = plan_activity(actor=ann, values=values(company, outcome="advance"), at=NOW)
    with pytest.raises(ActivityRefusedError, match="Who does it"):
        finish_activity(actor=ann, activity_id=planned.pk, next_step=step, at=NOW)
    done = log_activity(actor=ann, values=values(company), at=NOW)
    wanted = values(company, outcome="advance", **PROMISE | {"commitment_on": None})
    with pytest.raises(ActivityRefusedError, match="On which day"):
        change_activity(actor=ann, activity_id=done.pk, version=done.version, values=wanted, at=NOW)
    assert not Activity.objects.filter(status="done", outcome="advance").exists()


def test_what_was_promised_is_followed_up_on_its_day_where_no_step_is_given(cast):
    company, ann = CompanyFactory(owner=cast.ann), acting(cast.ann)
    logged = log_activity(actor=ann, values=values(company, outcome="advance", **PROMISE), at=NOW)
    planned = plan_activity(actor=ann, values=values(company), at=NOW)
    finished = finish_activity(
        actor=ann, activity_id=planned.pk, outcome="advance", promise=Commitment("Asks the board", LATER, "Jo Jansen"), at=NOW
    )  # fmt: skip
    changed = log_activity(actor=ann, values=values(company), at=NOW)
    wanted = values(company, owner=cast.ann, outcome="advance", **PROMISE)
    for _time in range(2):
        changed.refresh_from_db()
        change_activity(
            actor=ann, activity_id=changed.pk, version=changed.version, values=wanted, at=NOW
        )
    for each in (logged, finished, changed):
        step = each.next_steps.get()
        assert (step.subject, step.day, step.owner) == ("Done? Jo Jansen: Asks the board", LATER, cast.ann)  # fmt: skip


def test_an_advance_from_before_it_was_asked_can_still_be_changed(cast):
    company, ann = CompanyFactory(owner=cast.ann), acting(cast.ann)
    old = Activity.objects.create(
        kind="visit", subject="Visit", company=company, owner=cast.ann, day=TODAY, status="done", outcome="advance"
    )  # fmt: skip
    wanted = values(company, owner=cast.ann, outcome="advance", report="Found back")
    change_activity(actor=ann, activity_id=old.pk, version=old.version, values=wanted, at=NOW)
    old.refresh_from_db()
    assert (old.report, old.commitment, old.next_steps.count()) == ("Found back", "", 0)


def test_the_forms_name_each_missing_field_and_lose_nothing(cast):
    company = CompanyFactory(owner=cast.ann, name="Acme")
    contact = ContactFactory(company=company, first_name="Jo", last_name="Jansen")
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    body = {"kind": "visit", "company": "Acme", "day": "2026-11-23", "key": "k", "outcome": "advance", "report": "Long talk"}  # fmt: skip
    url = f"/sell/activities/log/?company={company.pk}"
    refused = client.post(url, body)
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, list(PROMISE))
    assert refused.context["form"]["report"].value() == "Long talk"
    assert refused.context["form"].people == [str(contact)]
    offline = client.post(url, body, headers={"X-Koers-Background": "1"})
    assert (offline.status_code, list(offline.json()["errors"])) == (400, list(PROMISE))
    assert client.post(url, body | PROMISE).status_code == 302
    made = Activity.objects.get(key="k")
    shown = client.get(f"/sell/activities/{made.pk}/").content.decode()
    assert "Asks the board · Jo Jansen" in shown
    for page in (f"/sell/company/{company.pk}/activities/", "/sell/activities/"):
        assert "Asks the board · Jo Jansen" in client.get(page).content.decode()
    planned = plan_activity(actor=acting(cast.ann), values=values(company), at=NOW)
    finish = f"/sell/activities/{planned.pk}/finish/"
    assert list(client.post(finish, {"outcome": "advance"}).context["form"].errors) == list(PROMISE)
    assert client.post(finish, {"outcome": "advance"} | PROMISE).status_code == 302
    planned.refresh_from_db()
    assert (planned.status, planned.commitment_by) == ("done", "Jo Jansen")
