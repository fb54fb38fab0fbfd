"""Is an action item given, followed and finished by who may, and does its alarm show who works on it?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from koers.control.actions.action_item import (
    ActionItemRefusedError,
    add_item,
    change_item,
    decide_item,
    reopen_item,
)
from koers.control.models import ActionItem
from koers.control.queries.action_item import (
    due_items,
    items_matching,
    items_visible_to,
    open_items_by_key,
    owners_for,
)
from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of

NOW, TODAY = datetime(2026, 11, 23, 11, tzinfo=UTC), date(2026, 11, 23)


def given(maker, owner, **values):
    usual = {"title": "Call them", "owner": owner, "due_on": date(2026, 11, 30)}
    return add_item(actor=acting(maker), values=usual | values, at=NOW)


def test_a_leader_gives_items_to_the_own_people_and_a_seller_to_oneself(cast):
    assert given(cast.ben, cast.ann).owner == cast.ann
    assert given(cast.ann, cast.ann).owner == cast.ann
    for maker, owner in ((cast.ben, cast.cora), (cast.ann, cast.sam), (cast.mia, cast.ann)):
        with pytest.raises(NotFoundError):
            given(maker, owner)
    with pytest.raises(ActionItemRefusedError):
        given(cast.ben, None)
    assert list(owners_for(acting(cast.mia))) == [cast.mia]


def test_an_item_is_seen_by_owner_maker_and_who_leads_them(cast):
    item = given(cast.tom, cast.ann)
    seers = [who for who in (cast.ann, cast.ben, cast.tom, cast.dirk, cast.adam, cast.cora, cast.mia)
             if items_visible_to(acting(who)).filter(pk=item.pk).exists()]  # fmt: skip
    assert seers == [cast.ann, cast.ben, cast.tom, cast.dirk, cast.adam]


def test_a_company_one_may_not_see_cannot_be_named(cast):
    hidden = CompanyFactory(owner=cast.cora)
    with pytest.raises(NotFoundError):
        given(cast.ann, cast.ann, company=hidden)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ],
)
def test_an_item_never_leads_out_of_the_house(cast, url):
    with pytest.raises(ActionItemRefusedError):
        given(cast.ann, cast.ann, source_url=url)


def test_a_colleague_who_sees_it_may_not_change_it(cast):
    item = given(cast.ann, cast.ann)
    with pytest.raises(NotAllowedError):
        change_item(actor=acting(cast.dirk), item_id=item.pk, version=1, values={"title": "No"}, at=NOW)  # fmt: skip
    with pytest.raises(NotFoundError):
        change_item(actor=acting(cast.cora), item_id=item.pk, version=1, values={"title": "No"}, at=NOW)  # fmt: skip
    changed = change_item(actor=acting(cast.ben), item_id=item.pk, version=1, values={"title": "Visit"}, at=NOW)  # fmt: skip
    assert (changed.title, changed.version) == ("Visit", 2)
    with pytest.raises(StaleVersionError):
        change_item(actor=acting(cast.ann), item_id=item.pk, version=1, values={"title": "Mail"}, at=NOW)  # fmt: skip


def test_done_needs_a_result_and_can_be_taken_up_again(cast):
    item = given(cast.ben, cast.ann)
    with pytest.raises(ActionItemRefusedError):
        decide_item(actor=acting(cast.ann), item_id=item.pk, status="done", result=" ", at=NOW)
    done = decide_item(actor=acting(cast.ann), item_id=item.pk, status="done", result="Order of 3", at=NOW)  # fmt: skip
    assert (done.status, done.result, done.decided_at) == ("done", "Order of 3", NOW)
    with pytest.raises(ActionItemRefusedError):
        decide_item(actor=acting(cast.ann), item_id=item.pk, status="dropped", result="x", at=NOW)
    with pytest.raises(ActionItemRefusedError):
        change_item(actor=acting(cast.ann), item_id=item.pk, version=done.version, values={"title": "x"}, at=NOW)  # fmt: skip
    again = reopen_item(actor=acting(cast.ann), item_id=item.pk, at=NOW)
    assert (again.status, again.result, again.decided_at) == ("open", "", None)
    verbs = AuditEntry.objects.filter(noun="actionitem").order_by("id").values_list("verb", flat=True)  # fmt: skip
    assert list(verbs) == ["create", "change", "change"]


def test_the_database_refuses_an_end_without_a_result(cast):
    item = given(cast.ann, cast.ann)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=item.pk).update(status="done")


def test_overdue_and_follow_up_begin_on_their_day(cast):
    item = given(cast.ann, cast.ann, due_on=TODAY, follow_up_on=TODAY)
    assert [item.is_overdue(TODAY), item.is_overdue(TODAY + timedelta(days=1))] == [False, True]
    assert [item.asks_follow_up(TODAY - timedelta(days=1)), item.asks_follow_up(TODAY)] == [False, True]  # fmt: skip
    late = given(cast.ann, cast.ann, title="Late", due_on=TODAY - timedelta(days=1))
    found = items_matching(acting(cast.ann), q="", choices={"state": "overdue"}, today=TODAY)
    assert list(found) == [late]
    assert due_items(acting(cast.ann), today=TODAY, limit=1) == ([late], 2)


def test_an_alarm_shows_its_open_item_only(cast):
    item = given(cast.tom, cast.ben, source="alarm", source_key="customer:7")
    assert open_items_by_key(acting(cast.tom), ["customer:7", "customer:8"]) == {"customer:7": item}
    decide_item(actor=acting(cast.ben), item_id=item.pk, status="done", result="Won back", at=NOW)
    assert open_items_by_key(acting(cast.tom), ["customer:7"]) == {}


def test_the_list_asks_a_fixed_number_of_questions(cast, client):
    client.force_login(cast.ann)
    url = reverse("control:action_item_list")
    given(cast.ann, cast.ann)
    one = queries_of(client, url)
    given(cast.ann, cast.ann)
    given(cast.ben, cast.ann)
    assert queries_of(client, url) == one
    assert len(client.get(url).context["page"].rows) == 3


def test_a_form_made_from_an_alarm_keeps_where_it_came_from(cast, client):
    client.force_login(cast.tom)
    url = reverse("control:action_item_create")
    asked = {"source": "alarm", "source_label": "Maas: lost", "source_url": "/control/", "source_key": "customer:7"}  # fmt: skip
    form = client.get(url, asked).context["form"]
    assert {name: form[name].value() for name in asked} == asked
    body = asked | {"title": "Call", "owner": cast.ben.pk, "due_on": timezone.localdate().isoformat()}  # fmt: skip
    made = ActionItem.objects.get(pk=client.post(url, body).url.rstrip("/").rsplit("/", 1)[1])
    assert {name: getattr(made, name) for name in asked} == asked
    export = client.get(reverse("control:action_item_list"), {"export": "csv"}).content.decode()
    assert "Call;Ben Smit" in export
