"""Who is in the buying centre, how do they stand, and what is missing?"""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.actions.merge import merge_records
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.buying_centre import (
    BuyingCentreRefusedError,
    MemberValues,
    add_member,
    change_member,
    move_member,
    remove_member,
    restore_member,
)
from koers.sell.figures.buying_centre import support_of
from koers.sell.models import Activity, BuyingCentreMember
from koers.sell.queries.buying_centre import buying_centre_of
from koers.sell.tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def deal(cast):
    """A deal of Ann at a customer with three contacts."""
    company = CompanyFactory(name="Kade", owner=cast.ann)
    return OpportunityFactory(company=company, owner=cast.ann, name="Kitchen")


@pytest.fixture
def people(deal):
    return [ContactFactory(company=deal.company, last_name=name) for name in ("Aa", "Bos", "Cox")]


def add(user, deal, contact, **values):
    return add_member(actor=acting(user), opportunity_id=deal.pk, contact=contact, values=MemberValues(**values), at=timezone.now())  # fmt: skip


def talk(deal, contact, day=DAY, status="done"):
    made = Activity.objects.create(kind="visit", subject="Talk", company=deal.company, opportunity=deal, owner=deal.owner, day=day, status=status)  # fmt: skip
    made.contacts.add(contact)


def test_support_and_coverage_are_those_of_the_book(cast, deal, people):
    for person, influence, stance in zip(people, (5, 3, 2), (1, -1, 2), strict=True):
        add(cast.ann, deal, person, influence=influence, stance=stance)
    for person in people[:2]:
        talk(deal, person)
    talk(deal, people[2], status="planned")
    found = support_of(buying_centre_of(deal))
    assert (found.support, found.coverage) == (pytest.approx(0.30), pytest.approx(0.80))
    assert (found.weighted, found.influence, found.met) == (6, 10, 8)


def test_an_empty_buying_centre_has_no_figures(deal):
    found = support_of(buying_centre_of(deal))
    assert (found.support, found.coverage) == (None, None)


def test_who_is_missing_unmet_or_against_is_named(cast, deal, people):
    add(cast.ann, deal, people[0], roles=["decider", "user"], influence=5, stance=-1)
    add(cast.ann, deal, people[1], roles=["influencer"], influence=2)
    talk(deal, people[1], DAY)
    talk(deal, people[1], DAY + timedelta(days=3))
    centre = buying_centre_of(deal)
    assert [each.member.contact for each in centre.members] == people[:2]
    assert centre.missing_roles == ["Buyer"]
    assert [each.member.contact for each in centre.not_met] == [people[0]]
    assert [each.member.contact for each in centre.against] == [people[0]]
    assert centre.members[1].last_contact == DAY + timedelta(days=3)
    assert centre.members[0].member.roles == ["user", "decider"]


def test_one_message_for_several_members_is_named(client, cast, deal, people):
    for person, message in zip(people, ("Less  downtime.", " less downtime. ", "Five years' cost"), strict=True):  # fmt: skip
        add(cast.ann, deal, person, influence=3, message=message)
    assert [[each.member.contact for each in group] for group in buying_centre_of(deal).same_message] == [people[:2]]  # fmt: skip
    client.force_login(cast.ann)
    for page in ("buying_centre", "buying_centre_card"):
        shown = client.get(reverse(f"sell:{page}", args=[deal.pk])).content.decode()
        assert f"The same message for: {people[0]}, {people[1]}</p>" in shown


def test_members_without_a_message_do_not_share_one(cast, deal, people):
    for person, message in zip(people, ("", " ", "Five years' cost"), strict=True):
        add(cast.ann, deal, person, message=message)
    assert buying_centre_of(deal).same_message == []


def test_changes_are_kept_in_the_trail_and_clashes_shown(cast, deal, people):
    member = add(cast.ann, deal, people[0])
    change_member(actor=acting(cast.ben), opportunity_id=deal.pk, member_id=member.pk, version=1,
                  values=MemberValues(stance=2, roles=["buyer"]), at=timezone.now())  # fmt: skip
    with pytest.raises(StaleVersionError) as clash:
        change_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, version=1,
                      values=MemberValues(stance=-2), at=timezone.now())  # fmt: skip
    assert clash.value.clashes["stance"] == (0, 2, -2)
    trail = AuditEntry.objects.filter(noun="buyingcentremember", verb="change").get()
    assert trail.changes == {"stance": [0, 2], "roles": [[], ["buyer"]]}


def test_moving_changes_the_stance_only(cast, deal, people):
    member = add(cast.ann, deal, people[0], influence=4)
    moved = move_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, stance=-2, at=timezone.now())  # fmt: skip
    assert (moved.stance, moved.influence) == (-2, 4)
    with pytest.raises(BuyingCentreRefusedError):
        move_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, stance=3, at=timezone.now())  # fmt: skip


def test_one_who_was_taken_out_can_be_put_back_as_before(cast, deal, people):
    member = add(cast.ann, deal, people[0], influence=4, interest="Quiet")
    before = BuyingCentreMember.objects.filter(pk=member.pk).values().get()
    remove_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, at=timezone.now())  # fmt: skip
    assert buying_centre_of(deal).members == ()
    with pytest.raises(NotFoundError):
        remove_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, at=timezone.now())  # fmt: skip
    restore_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, at=timezone.now())  # fmt: skip
    after = BuyingCentreMember.objects.filter(pk=member.pk).values().get()
    assert {k: v for k, v in after.items() if k != "version"} == {k: v for k, v in before.items() if k != "version"}  # fmt: skip
    remove_member(actor=acting(cast.ann), opportunity_id=deal.pk, member_id=member.pk, at=timezone.now())  # fmt: skip
    again = add(cast.ann, deal, people[0], influence=1)
    assert (again.pk, again.influence, again.removed_at) == (member.pk, 1, None)


def test_only_contacts_of_the_customer_enter_and_each_once(cast, deal, people):
    add(cast.ann, deal, people[0])
    with pytest.raises(BuyingCentreRefusedError, match="already"):
        add(cast.ann, deal, people[0])
    other = ContactFactory(company=CompanyFactory(owner=cast.ann))
    with pytest.raises(BuyingCentreRefusedError, match="another company"):
        add(cast.ann, deal, other)
    for values in ({"influence": 6}, {"influence": 0}, {"stance": 5}, {"roles": ["king"]}):
        with pytest.raises(BuyingCentreRefusedError):
            add(cast.ann, deal, people[1], **values)
    with pytest.raises(NotFoundError):
        add(cast.ann, deal, people[1], counterpart=cast.cora)


def test_another_team_and_readers_cannot_touch_it(cast, deal, people):
    member = add(cast.ann, deal, people[0])
    with pytest.raises(NotFoundError):
        add(cast.cora, deal, people[1])
    with pytest.raises(NotAllowedError):
        move_member(actor=acting(cast.mia), opportunity_id=deal.pk, member_id=member.pk, stance=1, at=timezone.now())  # fmt: skip
    assert BuyingCentreMember.objects.get().stance == 0


def test_merging_two_contacts_keeps_one_member(cast, deal, people):
    add(cast.ann, deal, people[0], influence=5)
    add(cast.ann, deal, people[1], influence=2)
    merge_records(actor=acting(cast.tom), noun="contact", kept_id=people[0].pk, gone_id=people[1].pk, take=(), at=timezone.now())  # fmt: skip
    assert [(each.member.contact_id, each.member.influence) for each in buying_centre_of(deal).members] == [(people[0].pk, 5)]  # fmt: skip


def test_the_screens_show_add_move_and_undo(client, cast, deal, people):
    client.force_login(cast.ann)
    url = reverse("sell:buying_centre", args=[deal.pk])
    assert client.get(url).context["can_add"]
    data = {"contact": people[0].pk, "roles": ["user", "decider"], "influence": "5", "stance": "-1", "interest": "Quiet", "message": "Hello", "version": ""}  # fmt: skip
    assert client.post(reverse("sell:member_create", args=[deal.pk]), data).status_code == 302
    member = BuyingCentreMember.objects.get()
    assert (member.roles, member.influence, member.stance) == (["user", "decider"], 5, -1)
    move = reverse("sell:member_move", args=[deal.pk, member.pk])
    assert client.post(move, {"stage": "2"}, headers={"X-Koers-Background": "1"}).status_code == 204
    columns = client.get(url).context["columns"]
    assert [len(column) for _key, _label, column in columns] == [0, 0, 0, 0, 1]
    assert client.post(move, {"stage": "many"}).status_code == 400
    edit = reverse("sell:member_edit", args=[deal.pk, member.pk])
    stale = client.post(edit, data | {"version": "1", "stance": "1"})
    assert stale.status_code == 409
    assert client.post(reverse("sell:member_remove", args=[deal.pk, member.pk])).status_code == 302
    assert client.get(url).context["centre"].members == ()
    client.post(reverse("sell:member_restore", args=[deal.pk, member.pk]))
    card = client.get(reverse("sell:buying_centre_card", args=[deal.pk])).context
    assert [each.member for each in card["centre"].members] == [member]
    for figure in ("support", "coverage"):
        panel = client.get(reverse("sell:buying_centre_figure", args=[deal.pk, figure])).context["panel"]  # fmt: skip
        assert (panel.formula_id, panel.rows_count) == ("F7.3", 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_map_asks_a_fixed_number_of_queries(client, cast, deal, people, count, django_assert_num_queries):  # fmt: skip
    for person in people[:count]:
        add(cast.ann, deal, person, counterpart=cast.ann)
    client.force_login(cast.ann)
    url = reverse("sell:buying_centre", args=[deal.pk])
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)


QUERIES = 7
