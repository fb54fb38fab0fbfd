"""Are the questions of a talk kept per kind, marked after it, and counted as asked only where they were?"""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from koers.core.errors import NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.call_question import QuestionLine, QuestionRefusedError, set_questions
from koers.sell.models import Activity, CallQuestion
from koers.sell.queries.call_question import asked_per_kind, questions_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def talk(cast):
    """A visit of Ann that is planned."""
    company = CompanyFactory(owner=cast.ann)
    return Activity.objects.create(kind="visit", subject="Visit", company=company, owner=cast.ann, day=date(2026, 11, 23))  # fmt: skip


def write(cast, talk, *lines, by="ann"):
    set_questions(actor=acting(getattr(cast, by)), activity_id=talk.pk, lines=lines, at=NOW)


def test_questions_are_planned_asked_answered_and_taken_out(cast, talk):
    write(cast, talk, QuestionLine("S", "How many ovens?"), QuestionLine("I", "What does a breakdown cost?"), QuestionLine("N", ""))  # fmt: skip
    first, second = questions_of(talk)
    write(
        cast, talk, QuestionLine("S", "", key=first.pk, version=1),
        QuestionLine("I", "What does a breakdown cost?", answer="A weekend", key=second.pk, version=1),
    )  # fmt: skip
    kept = CallQuestion.objects.get()
    assert (kept.text, kept.was_asked, kept.answer, kept.version) == ("What does a breakdown cost?", True, "A weekend", 2)  # fmt: skip
    assert asked_per_kind(Activity.objects.all()) == {"I": 1}
    assert sorted(AuditEntry.objects.filter(noun="callquestion").values_list("verb", flat=True)) == ["change", "create", "create", "delete"]  # fmt: skip


def test_what_cannot_be_so_is_refused_and_nothing_is_written(cast, talk):
    with pytest.raises(QuestionRefusedError, match="four kinds"):
        write(cast, talk, QuestionLine("S", "Fine"), QuestionLine("X", "Not fine"))
    with pytest.raises(QuestionRefusedError, match="at most 40"):
        write(cast, talk, *[QuestionLine("S", str(number)) for number in range(41)])
    with pytest.raises(NotFoundError):
        write(cast, talk, QuestionLine("S", "Mine"), by="cora")
    assert not CallQuestion.objects.exists()
    write(cast, talk, QuestionLine("S", "Mine"))
    mine = CallQuestion.objects.get()
    other = Activity.objects.create(kind="call", subject="Call", company=talk.company, owner=cast.ann, day=talk.day)  # fmt: skip
    with pytest.raises(NotFoundError, match="question"):
        write(cast, other, QuestionLine("S", "Theirs", key=mine.pk, version=1))
    write(cast, talk, QuestionLine("S", "Mine, better", key=mine.pk, version=1))
    with pytest.raises(StaleVersionError):
        write(cast, talk, QuestionLine("S", "Mine, worse", key=mine.pk, version=1))


def test_the_planner_is_filled_in_shown_at_the_activity_and_its_share_opens(cast, talk):
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    url = f"/sell/activities/{talk.pk}/questions/"
    page = client.get(url)
    assert [label for label, _hint, _forms in page.context["groups"]] == ["Situation", "Problem", "Implication", "Need-payoff"]  # fmt: skip
    body = {"q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "0"}
    for number, (kind, text, more) in enumerate((("S", "How many?", {"was_asked": "on"}), ("I", "What does it cost?", {"answer": "Much"}), ("N", "", {}))):  # fmt: skip
        body |= {f"q-{number}-kind": kind, f"q-{number}-text": text} | {f"q-{number}-{name}": value for name, value in more.items()}  # fmt: skip
    refused = client.post(url, body | {"q-0-kind": "X"})
    assert (refused.status_code, "What does it cost?" in refused.content.decode()) == (400, True)
    assert client.post(url, body).status_code == 302
    assert "What does it cost?" in client.get(f"{url}?part=card").content.decode()
    panel = client.get(f"{url}?part=figure").context["panel"]
    assert (panel.formula_id, panel.value, panel.rows_count, [value for _words, value in panel.parts]) == ("F12.5", "50%", 2, ["1", "2", "0"])  # fmt: skip
    stale = CallQuestion.objects.get(kind="S")
    body |= {"q-INITIAL_FORMS": "0", "q-0-key": stale.pk, "q-0-version": 1, "q-0-text": "Changed", "q-1-text": "", "q-1-answer": ""}  # fmt: skip
    CallQuestion.objects.filter(pk=stale.pk).update(version=2, text="Theirs")
    clash = client.post(url, body)
    assert (clash.status_code, "Somebody else" in clash.content.decode(), "Changed" in clash.content.decode()) == (400, True, True)  # fmt: skip
