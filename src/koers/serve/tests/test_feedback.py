"""What do customers say, who may read it, and can nobody answer twice or for another?"""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.serve.actions.feedback import (
    FeedbackRefusedError,
    add_feedback,
    answer_request,
    ask_feedback,
    change_feedback,
    delete_feedback,
    restore_feedback,
    withdraw_request,
)
from koers.serve.models import Feedback, FeedbackRequest

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
SEEN = ("id", "company_id", "contact_id", "nps", "theme_service", "comment", "channel", "day")


@pytest.fixture
def company(cast):
    return CompanyFactory(name="Kade", owner=cast.ann)


@pytest.fixture(autouse=True)
def _no_calls_yet():
    caches["calls"].clear()


def add(user, company, **values):
    return add_feedback(actor=acting(user), company_id=company.pk, values={"day": TODAY, **values}, today=TODAY, at=timezone.now())  # fmt: skip


def ask(user, company, *, days=30, contact=None):
    return ask_feedback(actor=acting(user), company_id=company.pk, contact=contact, valid_until=TODAY + timedelta(days=days), today=TODAY, at=timezone.now())  # fmt: skip


def reply(asked, today=TODAY, **values):
    return answer_request(token=asked.token, values=values, today=today, at=timezone.now())


def test_an_answer_is_kept_with_its_trail(cast, company):
    contact = ContactFactory(company=company)
    made = add(cast.ann, company, nps=9, theme_service=8, contact=contact)
    assert Feedback.objects.values_list(*SEEN).get() == (made.pk, company.pk, contact.pk, 9, 8, "", "hand", TODAY)  # fmt: skip
    changed = change_feedback(actor=acting(cast.ann), feedback_id=made.pk, version=1, values={"nps": 6, "day": TODAY}, today=TODAY, at=timezone.now())  # fmt: skip
    with pytest.raises(StaleVersionError) as clash:
        change_feedback(actor=acting(cast.ben), feedback_id=made.pk, version=1, values={"nps": 10, "day": TODAY}, today=TODAY, at=timezone.now())  # fmt: skip
    assert clash.value.clashes == {"nps": (9, 6, 10)}
    assert changed.nps == 6
    assert AuditEntry.objects.filter(noun="feedback", verb="change").get().changes == {"nps": [9, 6]}  # fmt: skip


@pytest.mark.parametrize("values", [{}, {"nps": 11}, {"nps": -1}, {"nps": 5, "day": TODAY + timedelta(days=1)}])  # fmt: skip
def test_no_answer_an_impossible_score_and_a_day_to_come_are_refused(cast, company, values):
    with pytest.raises(FeedbackRefusedError):
        add(cast.ann, company, **values)
    assert not Feedback.objects.exists()


def test_a_contact_of_another_customer_is_absent(cast, company):
    with pytest.raises(NotFoundError):
        add(cast.ann, company, nps=8, contact=ContactFactory(company=CompanyFactory(owner=cast.ann)))  # fmt: skip


def test_the_bin_takes_an_answer_out_of_the_list_and_back(cast, company, client):
    made = add(cast.ann, company, nps=8)
    client.force_login(cast.ann)
    page = reverse("serve:feedback_list")
    delete_feedback(actor=acting(cast.ann), feedback_id=made.pk, at=timezone.now())
    assert list(client.get(page).context["page"].rows) == []
    restore_feedback(actor=acting(cast.ann), feedback_id=made.pk, at=timezone.now())
    assert list(client.get(page).context["page"].rows) == [made]


def test_marketing_reads_and_does_not_write(cast, company):
    with pytest.raises(NotAllowedError):
        add(cast.mia, company, nps=8)


def test_a_link_takes_one_answer_and_then_no_more(cast, company):
    contact = ContactFactory(company=company)
    asked = ask(cast.ann, company, contact=contact)
    made = reply(asked, nps=10, comment="Good")
    with pytest.raises(FeedbackRefusedError):
        reply(asked, nps=0)
    assert Feedback.objects.values_list(*SEEN).get() == (made.pk, company.pk, contact.pk, 10, None, "Good", "link", TODAY)  # fmt: skip
    asked.refresh_from_db()
    assert asked.answer == made
    entry = AuditEntry.objects.get(noun="feedback", object_id=made.pk)
    assert (entry.user_id, entry.actor_name) == (None, str(contact))


def test_a_withdrawn_or_old_link_takes_no_answer(cast, company):
    old, gone = ask(cast.ann, company, days=1), ask(cast.ann, company)
    withdraw_request(actor=acting(cast.ann), request_id=gone.pk, at=timezone.now())
    for asked, today in ((old, TODAY + timedelta(days=2)), (gone, TODAY)):
        with pytest.raises(FeedbackRefusedError):
            reply(asked, today=today, nps=9)
    assert reply(old, today=TODAY + timedelta(days=1), nps=9).nps == 9


def test_a_link_sets_scores_and_nothing_else(cast, company):
    asked = ask(cast.ann, company)
    with pytest.raises(FeedbackRefusedError):
        reply(asked, nps=9, company_id=CompanyFactory().pk)
    assert not Feedback.objects.exists()


def test_a_customer_answers_without_log_in_and_is_thanked(cast, company, client):
    asked = FeedbackRequest.objects.create(company=company, made_at=timezone.now(), valid_until=timezone.localdate())  # fmt: skip
    url = reverse("serve:answer", args=[asked.token])
    assert "Kade" in client.get(url).content.decode()
    thanks = client.post(url, {"nps": "9", "theme_service": "7", "contact": "1"}, follow=True)
    assert "Thank you" in thanks.content.decode()
    assert Feedback.objects.values_list("company_id", "contact_id", "nps", "theme_service").get() == (company.pk, None, 9, 7)  # fmt: skip
    assert (client.post(url, {"nps": "1"}).status_code, Feedback.objects.count()) == (400, 1)
    assert client.get(reverse("serve:answer", args=["guess"])).status_code == 404


def test_who_tries_links_by_the_thousand_is_stopped(client, cast):
    url = reverse("serve:answer", args=["guess"])
    found = [client.get(url).status_code for _try in range(61)]
    assert 429 in found


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_few_queries_whatever_its_length(cast, client, count, django_assert_max_num_queries):  # fmt: skip
    for _number in range(count):
        company = CompanyFactory(owner=cast.ann)
        add(cast.ann, company, nps=8, contact=ContactFactory(company=company))
    client.force_login(cast.ann)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("serve:feedback_list"))
    assert len(page.context["page"].rows) == count


def test_answers_of_customers_one_may_not_see_are_hidden(cast, client):
    add(cast.cora, CompanyFactory(name="Far", owner=cast.cora), nps=3)
    client.force_login(cast.ann)
    assert list(client.get(reverse("serve:feedback_list")).context["page"].rows) == []
