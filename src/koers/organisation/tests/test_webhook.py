"""Is every change told once it is kept: in order, signed, again when it fails, and without its values?"""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from koers.core import audit
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.core.outbound import Answer, Failure, OutboundRefusedError
from koers.organisation.actions import webhook_call
from koers.organisation.actions.webhook import (
    WebhookRefusedError,
    add_webhook,
    ask_test,
    pause_every_webhook,
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
)
from koers.organisation.actions.webhook_call import GIVES_UP_AFTER, call_due_webhooks, signature
from koers.organisation.models import Territory, Webhook, WebhookCall
from koers.organisation.queries.webhook import webhooks
from koers.organisation.tests.cast import acting

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Receiver:
    """The other side: answers what it was told to, and remembers."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.heard: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.dies = False

    def __call__(self, url, body, headers):
        self.heard.append((url, dict(headers), json.loads(body)))
        if self.dies:
            raise KeyboardInterrupt
        return Answer(self.status, None if self.status else Failure.TIMEOUT, 12)

    @property
    def told(self):
        return [[change["record"] for change in body["data"]["changes"]] for _url, _headers, body in self.heard]  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self):
        return self.now

    def later(self, **much):
        self.now += timedelta(**much)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def hook(cast):
    return made(cast)


def made(cast, name="Planner", nouns=("company", "order"), url="https://receiver.example/in"):
    return add_webhook(actor=acting(cast.adam), name=name, url=url, nouns=nouns, at=START)


def change(cast, number, noun="company", **values):
    """An entry of the trail, as every action writes it."""
    entry = audit.entry_values(
        actor=acting(cast.ann),
        at=START,
        verb="change",
        obj=Territory(pk=number, name="x"),
        changes={name: audit.Change(*pair) for name, pair in values.items()},
    )
    return AuditEntry.objects.create(**entry | {"noun": noun, "object_id": number})


def rounds(clock, receiver, number=1):
    return [call_due_webhooks(at=clock, post=receiver) for _round in range(number)]


def test_a_change_is_told_with_its_fields_and_without_its_values(cast, hook, clock, receiver):
    entry = change(cast, 41, name=("Zwart", "CANARY-7731"), city=("", "CANARY-7732"))
    assert rounds(clock, receiver, 2) == [1, 0]
    url, headers, body = receiver.heard[0]
    assert url == "https://receiver.example/in"
    assert body == {
        "type": "changes",
        "timestamp": START.isoformat(),
        "data": {"changes": [{
            "id": entry.pk, "at": START.isoformat(), "noun": "company", "record": 41, "verb": "change", "fields": ["city", "name"],
            "channel": "screen", "path": "/api/v1/companies/41",
        }]},
    }  # fmt: skip
    assert "CANARY" not in json.dumps(body)
    assert headers["webhook-id"] == f"{hook.pk}-{entry.pk}"


def test_the_signature_is_that_of_the_specification():
    """The worked example that the Standard Webhooks reference libraries test with."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_over_the_very_bytes_that_are_sent(cast, hook, clock):
    sent = []

    def post(_url, body, headers):
        sent.append((body, dict(headers)))
        return Answer(204, None, 3)

    change(cast, 1)
    call_due_webhooks(at=clock, post=post)
    body, headers = sent[0]
    stamp = int(headers["webhook-timestamp"])
    assert stamp == int(START.timestamp())
    assert headers["webhook-signature"] == signature(hook.secret, headers["webhook-id"], stamp, body)  # fmt: skip


def test_only_the_chosen_kinds_are_told_and_only_from_the_start(cast, clock, receiver):
    change(cast, 1)
    made(cast, nouns=("order",))
    for number, noun in ((2, "order"), (3, "company"), (4, "user"), (5, "order")):
        change(cast, number, noun)
    rounds(clock, receiver)
    assert receiver.told == [[2, 5]]


def test_what_nobody_asked_for_costs_no_call(cast, hook, clock, receiver):
    last = change(cast, 9, "user")
    assert rounds(clock, receiver) == [0]
    hook.refresh_from_db()
    assert (hook.told_up_to, receiver.heard) == (last.pk, [])


def test_a_message_that_fails_is_sent_again_as_the_same_message_and_later_news_follows(cast, hook, clock, receiver):  # fmt: skip
    change(cast, 1)
    change(cast, 2)
    receiver.status = 503
    rounds(clock, receiver)
    change(cast, 3)
    assert rounds(clock, receiver) == [0]
    clock.later(seconds=6)
    receiver.status = 200
    assert rounds(clock, receiver, 3) == [1, 1, 0]
    assert receiver.told == [[1, 2], [1, 2], [3]]
    ids = [headers["webhook-id"] for _url, headers, _body in receiver.heard]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)
    assert list(hook.calls.values_list("status", flat=True)) == [200, 200, 503]


def test_many_changes_go_in_parts_in_order(cast, hook, clock, receiver, monkeypatch):
    monkeypatch.setattr(webhook_call, "CHANGES_PER_MESSAGE", 3)
    for number in range(7):
        change(cast, number)
    assert rounds(clock, receiver, 4) == [1, 1, 1, 0]
    assert receiver.told == [[0, 1, 2], [3, 4, 5], [6]]


def test_the_waits_grow_and_after_three_days_it_is_paused_with_an_entry_in_the_trail(cast, hook, clock, receiver):  # fmt: skip
    change(cast, 1)
    receiver.status = None
    waits = []
    while True:
        rounds(clock, receiver)
        hook.refresh_from_db()
        if hook.paused_at:
            break
        waits.append((hook.next_try_at - clock()).total_seconds())
        clock.now = hook.next_try_at
    shortest = [5, 30, 120, 600, 1800, 7200, 21600]
    assert [low <= wait <= low * 1.1 for low, wait in zip(shortest, waits, strict=False)] == [True] * 7  # fmt: skip
    assert all(21600 <= wait <= 21600 * 1.1 for wait in waits[6:])
    assert GIVES_UP_AFTER <= hook.paused_at - START < GIVES_UP_AFTER + timedelta(hours=7)
    entry = AuditEntry.objects.filter(noun="webhook", object_id=hook.pk).first()
    assert (entry.verb, entry.channel, entry.actor_name) == ("pause", "job", "Koers")
    clock.later(days=30)
    assert rounds(clock, receiver) == [0]


def test_a_receiver_that_is_gone_is_paused_at_once(cast, hook, clock, receiver):
    change(cast, 1)
    receiver.status = 410
    rounds(clock, receiver)
    hook.refresh_from_db()
    assert hook.paused_at == START


@pytest.mark.parametrize(("skip", "told"), [(False, [[1, 2]]), (True, [])])
def test_resuming_tells_what_changed_meanwhile_unless_it_starts_from_now(cast, hook, clock, receiver, skip, told):  # fmt: skip
    actor = acting(cast.adam)
    pause_webhook(actor=actor, webhook_id=hook.pk, at=clock())
    change(cast, 1)
    change(cast, 2)
    assert rounds(clock, receiver) == [0]
    resume_webhook(actor=actor, webhook_id=hook.pk, skip=skip, at=clock())
    rounds(clock, receiver)
    assert receiver.told == told


def test_a_worker_that_dies_between_sending_and_writing_leads_to_the_same_message_again(cast, hook, clock, receiver):  # fmt: skip
    change(cast, 1)
    receiver.dies = True
    with pytest.raises(KeyboardInterrupt):
        rounds(clock, receiver)
    receiver.dies = False
    assert rounds(clock, receiver) == [0]
    clock.later(seconds=61)
    change(cast, 2)
    rounds(clock, receiver, 2)
    assert receiver.told == [[1], [1], [2]]


def test_two_workers_do_not_call_one_receiver_at_once(cast, hook, clock, receiver):
    change(cast, 1)
    inner = []

    def post(url, body, headers):
        inner.append(call_due_webhooks(at=clock, post=receiver))
        return receiver(url, body, headers)

    assert call_due_webhooks(at=clock, post=post) == 1
    assert (inner, receiver.told) == ([0], [[1]])


def test_a_test_is_an_empty_message_and_waits_for_news_that_is_under_way(cast, hook, clock, receiver):  # fmt: skip
    ask_test(actor=acting(cast.adam), webhook_id=hook.pk, at=clock())
    change(cast, 1)
    assert rounds(clock, receiver, 3) == [1, 1, 0]
    assert [body["type"] for _url, _headers, body in receiver.heard] == ["changes", "test"]


def test_a_test_that_fails_is_not_repeated(cast, hook, clock, receiver):
    receiver.status = None
    ask_test(actor=acting(cast.adam), webhook_id=hook.pk, at=clock())
    assert rounds(clock, receiver, 2) == [1, 0]
    call = WebhookCall.objects.get()
    assert (call.changes, call.status, call.failure) == (0, None, "timeout")


def test_a_webhook_taken_away_while_it_is_called_leaves_nothing(cast, hook, clock):
    change(cast, 1)

    def post(_url, _body, _headers):
        remove_webhook(actor=acting(cast.adam), webhook_id=hook.pk, at=clock())
        return Answer(200, None, 1)

    assert call_due_webhooks(at=clock, post=post) == 1
    assert (Webhook.objects.count(), WebhookCall.objects.count()) == (0, 0)


def test_only_who_manages_the_installation_has_webhooks(cast, hook):
    for role, user in cast.of_role.items():
        if user == cast.adam:
            continue
        actor = acting(user)
        with pytest.raises(NotAllowedError):
            webhooks(actor=actor)
        with pytest.raises(NotAllowedError):
            made_by = {"name": role, "url": "https://receiver.example/", "nouns": ["company"]}
            add_webhook(actor=actor, at=START, **made_by)
    assert Webhook.objects.count() == 1


def test_what_cannot_be_a_webhook_is_refused_and_nothing_is_written(cast, hook):
    with pytest.raises(OutboundRefusedError):
        made(cast, name="Inside", url="https://127.1/")
    with pytest.raises(WebhookRefusedError, match="Planner"):
        made(cast)
    for nouns in ([], ["company", "user"], ["appraisal"]):
        with pytest.raises(WebhookRefusedError):
            made(cast, name="Odd", nouns=nouns)
    with pytest.raises(NotFoundError):
        renew_secret(actor=acting(cast.adam), webhook_id=hook.pk + 1, at=START)
    assert [each.name for each in Webhook.objects.all()] == ["Planner"]


def test_another_secret_is_used_at_once_and_stands_in_no_trail(cast, hook, clock):
    before = hook.secret
    after = renew_secret(actor=acting(cast.adam), webhook_id=hook.pk, at=clock()).secret
    assert before != after
    trail = json.dumps(list(AuditEntry.objects.values_list("changes", "label")))
    assert (before in trail, after in trail) == (False, False)


def test_after_a_restore_nothing_is_told_until_somebody_resumes(cast, hook, clock, receiver):
    change(cast, 1)
    assert pause_every_webhook(actor=acting(cast.adam), at=clock()) == 1
    assert rounds(clock, receiver) == [0]


def test_the_database_refuses_a_message_that_lies_behind_what_was_told(hook):
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.filter(pk=hook.pk).update(sending_up_to=hook.told_up_to)
