"""Does somebody see every browser that is logged in, and does ending one work at its next click?"""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.organisation.actions.log_in import end_log_in, log_out_user
from koers.organisation.queries.log_in import device_of
from koers.organisation.tests.cast import acting

SECRET = "correct horse battery staple"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
PAGE = "/organisation/profile/log-ins/"
NINE = datetime.fromisoformat("2026-05-04T09:00:00+00:00")


def browser(user, agent):
    """A browser that has logged in with the password."""
    if not user.has_usable_password():
        user.set_password(SECRET)
        user.save()
    client = Client(headers={"user-agent": agent})
    answer = client.post("/account/login/", {"login": user.email, "password": SECRET})
    assert (answer.status_code, client.get(PAGE).status_code) == (302, 200)
    return client


@pytest.fixture
def desk(cast):
    cast.ann.set_unusable_password()
    return browser(cast.ann, EDGE)


@pytest.fixture
def phone(cast, desk):
    return browser(cast.ann, PHONE)


def test_every_browser_is_listed_this_one_first(cast, desk, phone):
    found = desk.get(PAGE).context["log_ins"]
    assert [(each.device, each.is_this) for each in found] == [
        ("Edge on Windows", True), ("Mobile Safari on iOS", False),
    ]  # fmt: skip


def test_an_ended_log_in_has_to_log_in_again_at_its_next_click(cast, desk, phone):
    (other,) = [each for each in desk.get(PAGE).context["log_ins"] if not each.is_this]
    assert desk.post(f"{PAGE}{other.pk}/end/").status_code == 302
    assert phone.get(PAGE).headers["Location"].startswith("/account/login/")
    assert desk.get(PAGE).status_code == 200
    entry = AuditEntry.objects.get(verb="log_out")
    assert (entry.noun, entry.object_id, entry.user_id) == ("user", cast.ann.pk, cast.ann.pk)


def test_all_others_are_ended_and_this_one_goes_on(cast, desk, phone):
    third = browser(cast.ann, "curl/8")
    assert phone.post(f"{PAGE}end-others/").status_code == 302
    assert [client.get(PAGE).status_code for client in (desk, phone, third)] == [302, 200, 302]
    assert len(phone.get(PAGE).context["log_ins"]) == 1


def test_a_new_password_ends_what_logged_in_with_the_old_one(cast, desk, phone):
    values = {"oldpassword": SECRET, "password1": "tR7!wq9#zLpK", "password2": "tR7!wq9#zLpK"}
    assert desk.post("/account/password/change/", values).status_code == 302
    assert [each.is_this for each in desk.get(PAGE).context["log_ins"]] == [True]
    assert phone.get(PAGE).status_code == 302


def test_nobody_sees_or_ends_anothers(cast, desk):
    own = UserSession.objects.get(user=cast.ann)
    with pytest.raises(NotFoundError):
        end_log_in(actor=acting(cast.cora), log_in_id=own.pk, at=timezone.now())
    assert desk.get(PAGE).status_code == 200


def test_who_manages_people_logs_somebody_out_everywhere(cast, desk, phone):
    assert log_out_user(actor=acting(cast.adam), user_id=cast.ann.pk, at=timezone.now()) == 2
    assert [client.get(PAGE).status_code for client in (desk, phone)] == [302, 302]
    assert AuditEntry.objects.get(verb="log_out").user_id == cast.adam.pk


def test_a_seller_logs_nobody_out_and_a_manager_no_administrator(cast, desk):
    with pytest.raises(NotAllowedError):
        log_out_user(actor=acting(cast.sam), user_id=cast.ann.pk, at=timezone.now())
    with pytest.raises((NotAllowedError, NotFoundError)):
        log_out_user(actor=acting(cast.tom), user_id=cast.adam.pk, at=timezone.now())
    assert desk.get(PAGE).status_code == 200


def test_last_seen_is_kept_to_a_quarter_of_an_hour(cast, django_assert_num_queries):
    cast.ann.set_unusable_password()
    with time_machine.travel(NINE, tick=False) as clock:
        client = browser(cast.ann, EDGE)
        seen = {}
        for minutes in (0, 14, 15, 29, 31):
            clock.move_to(NINE + timedelta(minutes=minutes))
            client.get("/organisation/profile/")
            seen[minutes] = (UserSession.objects.get(user=cast.ann).last_seen_at - NINE).seconds // 60  # fmt: skip
    assert seen == {0: 0, 14: 0, 15: 15, 29: 15, 31: 31}


@pytest.mark.parametrize("agent", ["", "\0", "<script>alert(1)</script>", "x" * 5000])
def test_a_browser_that_says_nonsense_is_called_unknown(agent):
    assert device_of(agent) == "unknown browser"


def test_the_librarys_own_address_leads_to_the_page(cast, desk):
    assert desk.get("/account/sessions/").headers["Location"] == PAGE
