"""Is a planning session kept as it was signed, and read by who took part?"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.planning_session import (
    SessionRefusedError,
    add_decision,
    add_session,
    change_session,
    remove_decision,
    remove_session,
    restore_session,
    sign_session,
)
from koers.plan.models import PlanningSession
from koers.plan.queries.planning_session import sessions_visible_to
from koers.plan.tests.test_goal import goal

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def words(**more):
    return {
        "title": "A week away", "held_on": TODAY - timedelta(days=5), "place": "Ede", "analysed": "We grew", "planned": "", "elaborated": "", "controlled": "",
        "next_control_on": TODAY + timedelta(days=80),
    } | more  # fmt: skip


@pytest.fixture
def session(cast):
    return add_session(actor=acting(cast.tom), values=words(), participants=[cast.tom, cast.ann], at=NOW)  # fmt: skip


def decide(cast, session, text="More visits", target=None):
    return add_decision(actor=acting(cast.tom), session_id=session.pk, step="plan", text=text, goal=target, at=NOW)  # fmt: skip


def test_who_took_part_and_who_leads_all_read_it(session, cast, client):
    seen = {name for name in ("ann", "ben", "cora", "dirk", "tom", "mia", "ina") if sessions_visible_to(acting(getattr(cast, name))).exists()}  # fmt: skip
    assert seen == {"ann", "dirk", "tom"}
    client.force_login(cast.cora)
    assert client.get(f"/plan/sessions/{session.pk}/").status_code == 404
    assert list(client.get("/plan/sessions/").context["page"].rows) == []


def test_a_session_is_signed_with_participants_and_decisions_as_it_was_read(session, cast):
    tom = acting(cast.tom)
    with pytest.raises(SessionRefusedError, match="decision"):
        sign_session(actor=tom, session_id=session.pk, version=1, at=NOW)
    decide(cast, session)
    with pytest.raises(NotAllowedError):
        sign_session(actor=acting(cast.ann), session_id=session.pk, version=1, at=NOW)
    change_session(actor=tom, session_id=session.pk, version=1, values={}, participants=[], at=NOW)
    with pytest.raises(SessionRefusedError, match="since you read it"):
        sign_session(actor=tom, session_id=session.pk, version=1, at=NOW)
    with pytest.raises(SessionRefusedError, match="took part"):
        sign_session(actor=tom, session_id=session.pk, version=2, at=NOW)
    change_session(actor=tom, session_id=session.pk, version=2, values={}, participants=[cast.ann], at=NOW)  # fmt: skip
    signed = sign_session(actor=acting(cast.dirk), session_id=session.pk, version=3, at=NOW)
    assert (signed.signed_by_name, signed.signed_at) == ("Dirk Mulder", NOW)


def test_a_signed_session_is_frozen(session, cast):
    tom, decision = acting(cast.tom), decide(cast, session)
    sign_session(actor=tom, session_id=session.pk, version=1, at=NOW)
    for refused in (
        lambda: change_session(actor=tom, session_id=session.pk, version=2, values={"title": "X"}, participants=[cast.ann], at=NOW),
        lambda: decide(cast, session), lambda: remove_decision(actor=tom, decision_id=decision.pk, at=NOW),
        lambda: remove_session(actor=tom, session_id=session.pk, at=NOW), lambda: sign_session(actor=tom, session_id=session.pk, version=2, at=NOW),
    ):  # fmt: skip
        with pytest.raises(SessionRefusedError):
            refused()
    session.refresh_from_db()
    assert (session.title, session.participants.count(), session.decisions.count(), session.deleted_at) == ("A week away", 2, 1, None)  # fmt: skip


@pytest.mark.parametrize("values", [{"signed_at": NOW}, {"signed_by_name": "Me"}, {"next_control_on": TODAY - timedelta(days=5)}])  # fmt: skip
def test_the_database_refuses_what_may_never_be(session, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanningSession.objects.filter(pk=session.pk).update(**values)


def test_a_change_of_participants_is_trailed_and_refused_on_an_old_version(session, cast):
    tom = acting(cast.tom)
    change_session(actor=tom, session_id=session.pk, version=1, values={}, participants=[cast.cora], at=NOW)  # fmt: skip
    entry = AuditEntry.objects.filter(noun="planningsession", verb="change").get()
    assert entry.changes == {"participant_names": ["Ann de Boer, Tom Prins", "Cora Visser"]}
    assert [each.person for each in session.participants.all()] == [cast.cora]
    with pytest.raises(StaleVersionError):
        change_session(actor=tom, session_id=session.pk, version=1, values={}, participants=[cast.ann], at=NOW)  # fmt: skip


def test_a_decision_is_for_a_goal_one_sees_and_hides_it_from_who_does_not(session, cast, client):
    target = goal(cast, 5, title="Of Cora alone", owner=cast.cora)
    decide(cast, session, "Help Cora", target)
    for person, seen in ((cast.tom, True), (cast.ann, False)):
        client.force_login(person)
        page = client.get(f"/plan/sessions/{session.pk}/").content.decode()
        assert ("Help Cora" in page, f"/plan/goals/{target.pk}/" in page) == (True, seen)
    with pytest.raises(NotAllowedError):
        add_decision(actor=acting(cast.ann), session_id=session.pk, step="plan", text="X", goal=None, at=NOW)  # fmt: skip
    with pytest.raises(NotFoundError):
        add_decision(actor=acting(cast.cora), session_id=session.pk, step="plan", text="X", goal=None, at=NOW)  # fmt: skip


def test_bad_input_names_the_field_and_loses_nothing(session, cast, client):
    client.force_login(cast.tom)
    posted = {name: str(value) for name, value in words(title="Again", next_control_on=TODAY - timedelta(days=9)).items()} | {"participants": [cast.ann.pk], "version": "1"}  # fmt: skip
    answer = client.post(f"/plan/sessions/{session.pk}/edit/", posted)
    assert (answer.status_code, list(answer.context["form"].errors), answer.context["form"]["title"].value()) == (400, ["next_control_on"], "Again")  # fmt: skip
    posted["next_control_on"] = (TODAY + timedelta(days=9)).isoformat()
    assert client.post(f"/plan/sessions/{session.pk}/edit/", posted).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.participant_names) == ("Again", "Ann de Boer")


def test_a_removed_session_comes_back(session, cast):
    tom = acting(cast.tom)
    remove_session(actor=tom, session_id=session.pk, at=NOW)
    assert not sessions_visible_to(tom).exists()
    assert restore_session(actor=tom, session_id=session.pk, at=NOW).deleted_at is None


def test_the_list_takes_the_same_queries_whatever_the_number_of_sessions(session, cast, client):
    client.force_login(cast.tom)
    decide(cast, session)
    one = queries_of(client, "/plan/sessions/")
    for title in ("Second", "Third"):
        add_session(actor=acting(cast.tom), values=words(title=title), participants=[cast.ann], at=NOW)  # fmt: skip
    assert queries_of(client, "/plan/sessions/") == one
