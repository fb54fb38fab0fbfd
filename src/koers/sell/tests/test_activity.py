"""Is what was done and planned kept once, seen by the right people, and never lost?"""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import (
    ActivityRefusedError,
    ActivityValues,
    NextStep,
    cancel_activity,
    change_activity,
    finish_activity,
    log_activity,
    plan_activity,
    reopen_activity,
)
from koers.sell.models import Activity
from koers.sell.queries.activity import activities_visible_to, due_for, week_of
from koers.sell.tests.factories import OpportunityFactory

NOW = timezone.now()
TODAY = date(2026, 11, 23)


def values(company=None, **more):
    return ActivityValues(
        **({"kind": "visit", "subject": "Visit", "company": company, "day": TODAY} | more)
    )


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_activities_are_seen_by_who_sees_the_company(cast):
    for owner in (cast.ann, cast.cora, None):
        log_activity(
            actor=acting(cast.tom),
            values=values(CompanyFactory(owner=owner), subject=f"of {owner}"),
            at=NOW,
        )
    seen = {
        name: sorted(
            activities_visible_to(acting(getattr(cast, name))).values_list("subject", flat=True)
        )
        for name in ("ann", "ina", "cora", "tom")
    }
    assert seen == {
        "ann": ["of Ann de Boer"], "ina": ["of Ann de Boer"], "cora": ["of Cora Visser"],
        "tom": ["of Ann de Boer", "of Cora Visser", "of None"],
    }  # fmt: skip


def test_a_task_without_a_company_is_seen_by_who_sees_its_owner(cast):
    plan_activity(actor=acting(cast.ann), values=values(kind="task", subject="Expenses"), at=NOW)
    seen = {
        name: activities_visible_to(acting(getattr(cast, name))).count()
        for name in ("ann", "sam", "cora", "tom")
    }
    assert seen == {"ann": 1, "sam": 1, "cora": 0, "tom": 1}


def test_a_visit_needs_a_company(cast):
    with pytest.raises(ActivityRefusedError):
        plan_activity(actor=acting(cast.ann), values=values(), at=NOW)


def test_nothing_can_be_planned_at_a_company_one_does_not_see(cast):
    with pytest.raises(NotFoundError):
        plan_activity(
            actor=acting(cast.ann), values=values(CompanyFactory(owner=cast.cora)), at=NOW
        )


def test_marketing_reads_activities_and_makes_none(cast):
    with pytest.raises(NotAllowedError):
        log_activity(actor=acting(cast.mia), values=values(CompanyFactory(owner=cast.ann)), at=NOW)


def test_a_report_sent_twice_is_stored_once(cast):
    company = CompanyFactory(owner=cast.ann)
    step = NextStep("Send brochure", TODAY + timedelta(days=3))
    first, second = (
        log_activity(
            actor=acting(cast.ann), values=values(company), next_step=step, key="k1", at=NOW
        )
        for _ in range(2)
    )
    assert (
        first.pk,
        Activity.objects.count(),
        AuditEntry.objects.filter(noun="activity").count(),
    ) == (second.pk, 2, 2)


PROMISE = {"commitment": "Asks the board", "commitment_on": TODAY + timedelta(days=7), "commitment_by": "Jo Jansen"}  # fmt: skip


def test_the_next_step_becomes_a_task_of_the_same_owner_at_the_same_company(cast):
    company = CompanyFactory(owner=cast.ann)
    made = log_activity(
        actor=acting(cast.ann),
        values=values(company, outcome="advance", **PROMISE),
        next_step=NextStep("Call back", TODAY),
        at=NOW,
    )
    task = made.next_steps.get()
    assert (task.kind, task.subject, task.company, task.owner, task.day, task.status) == (
        "task",
        "Call back",
        company,
        cast.ann,
        TODAY,
        "planned",
    )


def test_done_can_be_taken_back_and_cancelled_cannot_become_done(cast):
    actor = acting(cast.ann)
    activity = plan_activity(actor=actor, values=values(CompanyFactory(owner=cast.ann)), at=NOW)
    finish_activity(actor=actor, activity_id=activity.pk, outcome="order", report="Signed", at=NOW)
    reopen_activity(actor=actor, activity_id=activity.pk, at=NOW)
    cancel_activity(actor=actor, activity_id=activity.pk, at=NOW)
    with pytest.raises(ActivityRefusedError):
        finish_activity(actor=actor, activity_id=activity.pk, at=NOW)
    activity.refresh_from_db()
    assert (activity.status, activity.done_at, activity.report) == ("cancelled", None, "Signed")


def test_finishing_twice_changes_nothing_the_second_time(cast):
    actor = acting(cast.ann)
    activity = plan_activity(actor=actor, values=values(CompanyFactory(owner=cast.ann)), at=NOW)
    for report in ("first", "second"):
        finish_activity(actor=actor, activity_id=activity.pk, report=report, at=NOW)
    activity.refresh_from_db()
    assert (activity.report, activity.version) == ("first", 2)


def test_participants_and_opportunity_are_of_the_company(cast):
    company = CompanyFactory(owner=cast.ann)
    for wrong in (
        {"contacts": [ContactFactory()]},
        {"opportunity": OpportunityFactory(owner=cast.ann)},
    ):
        with pytest.raises(ActivityRefusedError):
            plan_activity(actor=acting(cast.ann), values=values(company, **wrong), at=NOW)
    contact = ContactFactory(company=company)
    made = plan_activity(actor=acting(cast.ann), values=values(company, contacts=[contact]), at=NOW)
    assert list(made.contacts.all()) == [contact]


def test_a_change_keeps_who_took_part(cast):
    company = CompanyFactory(owner=cast.ann)
    contact = ContactFactory(company=company)
    actor = acting(cast.ann)
    made = plan_activity(
        actor=actor, values=values(company, contacts=[contact], owner=cast.ann), at=NOW
    )
    url = f"/sell/activities/{made.pk}/edit/"
    body = {"kind": "call", "subject": "Other", "company": f"{company.name} #{company.pk}", "contacts": [contact.pk],
            "day": "2026-11-25", "owner": cast.ann.pk, "version": 1}  # fmt: skip
    assert browser(cast.ann).post(url, body).status_code == 302
    made.refresh_from_db()
    assert (made.kind, made.subject, made.day, list(made.contacts.all())) == (
        "call",
        "Other",
        date(2026, 11, 25),
        [contact],
    )


def test_due_are_ones_own_up_to_today_the_oldest_first(cast):
    company, actor = CompanyFactory(owner=cast.ann), acting(cast.ann)
    for offset in (1, 0, -2):
        plan_activity(
            actor=actor,
            values=values(company, subject=str(offset), day=TODAY + timedelta(days=offset)),
            at=NOW,
        )
    plan_activity(actor=acting(cast.sam), values=values(company, subject="Sam's"), at=NOW)
    rows, count = due_for(actor, today=TODAY, limit=8)
    assert ([row.subject for row in rows], count) == (["-2", "0"], 2)


def test_the_week_runs_from_monday_to_sunday_in_order_of_time(cast):
    company, actor = CompanyFactory(owner=cast.ann), acting(cast.ann)
    for subject, day, at in (
        ("late", TODAY, time(15)),
        ("early", TODAY, time(9)),
        ("sunday", date(2026, 11, 29), None),
        ("next", date(2026, 11, 30), None),
    ):
        plan_activity(
            actor=actor, values=values(company, subject=subject, day=day, start_time=at), at=NOW
        )
    days = week_of(actor, owner_id=cast.ann.pk, day=date(2026, 11, 26), today=TODAY)
    assert ([entry.day for entry in days][::6], [[a.subject for a in entry.activities] for entry in days][::6]) == (
        [TODAY, date(2026, 11, 29)], [["early", "late"], ["sunday"]],
    )  # fmt: skip


def test_a_browser_that_was_off_line_gets_a_short_answer_and_stores_once(cast):
    company = CompanyFactory(owner=cast.ann, name="Acme")
    body = {"kind": "visit", "company": "acme", "day": "2026-11-23", "key": "abc"}
    answers = [
        browser(cast.ann).post("/sell/activities/log/", body, headers={"X-Koers-Background": "1"})
        for _ in range(2)
    ]
    refused = browser(cast.ann).post(
        "/sell/activities/log/",
        body | {"company": "Nobody", "key": "d"},
        headers={"X-Koers-Background": "1"},
    )
    assert ([a.status_code for a in answers], Activity.objects.count(), refused.status_code, list(refused.json()["errors"])) == (
        [200, 200], 1, 400, ["company"],
    )  # fmt: skip
    assert answers[0].json() == {"url": f"/customers/{company.pk}/"}


def test_namesakes_are_told_apart_by_their_number(cast):
    first, second = (CompanyFactory(owner=cast.ann, name="Acme") for _ in range(2))
    body = {"kind": "call", "company": "Acme", "day": "2026-11-23"}
    assert browser(cast.ann).post("/sell/activities/log/", body).status_code == 400
    assert (
        browser(cast.ann)
        .post("/sell/activities/log/", body | {"company": f"Acme #{second.pk}"})
        .status_code
        == 302
    )
    assert (first.activities.count(), second.activities.count()) == (0, 1)


def test_somebody_elses_change_of_the_same_field_is_shown(cast):
    company, actor = CompanyFactory(owner=cast.ann), acting(cast.ann)
    made = plan_activity(actor=actor, values=values(company, owner=cast.ann), at=NOW)
    change_activity(
        actor=acting(cast.sam),
        activity_id=made.pk,
        version=1,
        values=values(company, subject="Sam's", owner=cast.ann),
        at=NOW,
    )
    body = {
        "kind": "visit",
        "subject": "Mine",
        "company": f"#{company.pk}",
        "day": "2026-11-23",
        "owner": cast.ann.pk,
        "version": 1,
    }
    answer = browser(cast.ann).post(f"/sell/activities/{made.pk}/edit/", body)
    made.refresh_from_db()
    assert (answer.status_code, made.subject) == (409, "Sam's")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_rows_as_for_one(
    cast, count, django_assert_max_num_queries
):
    for _ in range(count):
        log_activity(actor=acting(cast.ann), values=values(CompanyFactory(owner=cast.ann)), at=NOW)
    client = browser(cast.ann)
    with django_assert_max_num_queries(14) as asked:
        assert client.get("/sell/activities/").status_code == 200
    ASKED[count] = len(asked)
    assert len(set(ASKED.values())) == 1


ASKED: dict[int, int] = {}
