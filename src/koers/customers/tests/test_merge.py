"""Do two records become one without losing a row, and two again without a trace?"""

import random

import pytest
from django.apps import apps
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry, ExternalId, SourceSystem
from koers.customers.actions.company import change_company, restore_company, restore_contact
from koers.customers.actions.merge import MergeRefusedError, merge_records, undo_merge
from koers.customers.models import Company, Contact, Merge
from koers.customers.queries.merge import FIELDS, preview_of, relations_to
from koers.customers.tests.factories import CompanyFactory, ContactFactory, SiteFactory
from koers.organisation.tests.cast import acting

NOW = timezone.now()


def merge(actor, kept, gone, take=(), noun="company"):
    return merge_records(actor=actor, noun=noun, kept_id=kept.pk, gone_id=gone.pk, take=take, at=NOW)  # fmt: skip


def picture():
    """Every row of every table but the trail, the journal and the counters; versions only ever rise."""
    left_out = {"core.AuditEntry", "customers.Merge", "core.DataVersion"}
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model._base_manager.order_by("pk").values()  # noqa: SLF001 -- every row
        ]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in left_out
    }


def in_a_ring(pk):
    above, seen = dict(Company.objects.values_list("pk", "parent_id")), []
    at = above[pk]
    while at is not None and at not in seen:
        seen.append(at)
        at = above[at]
    return pk in seen


def test_every_row_of_the_merged_company_moves_and_chosen_fields_are_taken(cast):
    kept = CompanyFactory(name="Acme BV", city="", owner=cast.ann)
    gone = CompanyFactory(name="ACME", city="Ede", owner=cast.sam)
    contact, site = ContactFactory(company=gone), SiteFactory(company=gone)
    child = CompanyFactory(parent=gone, owner=cast.ann)
    source = SourceSystem.objects.create(code="old", name="Old")
    known = ExternalId.objects.create(source=source, noun="company", external_id="7", object_id=gone.pk)  # fmt: skip
    merge(acting(cast.ben), kept, gone, take=["city"])
    for row in (kept, gone, contact, site, child, known):
        row.refresh_from_db()
    assert (kept.name, kept.city, kept.owner, kept.deleted_at) == ("Acme BV", "Ede", cast.ann, None)
    assert (contact.company_id, site.company_id, child.parent_id, known.object_id) == (kept.pk,) * 4
    assert gone.deleted_at == NOW
    assert sorted(AuditEntry.objects.values_list("verb", flat=True)) == ["merge", "merged"]


@pytest.mark.parametrize("seed", range(12))
def test_undo_of_random_merges_leaves_every_table_as_it_was(cast, seed):
    dice = random.Random(seed)  # noqa: S311 -- repeatable
    people = [cast.ann, cast.sam, cast.ben]
    companies = []
    for _number in range(6):
        parent = dice.choice([None, *companies])
        companies.append(
            CompanyFactory(parent=parent, owner=dice.choice(people), city=dice.choice(["", "Ede", "Urk"]),
                           employees=dice.choice([None, 5]), customer_since=dice.choice([None, NOW.date()]))
        )  # fmt: skip
    source = SourceSystem.objects.create(code="old", name="Old")
    contacts = [ContactFactory(company=dice.choice(companies), email=dice.choice(["", "a@b.nl"])) for _n in range(8)]  # fmt: skip
    for number in range(8):
        SiteFactory(company=dice.choice(companies))
        ExternalId.objects.create(source=source, noun="company", external_id=str(number), object_id=dice.choice(companies).pk)  # fmt: skip
    pictures, done = [], []
    for noun, records in (("company", companies), ("contact", contacts)):
        alive = records[:]
        for _merge in range(3):
            kept, gone = dice.sample(alive, 2)
            take = dice.sample(FIELDS[noun], 4)
            pictures.append(picture())
            done.append(merge(acting(cast.ben), kept, gone, take=take, noun=noun))
            alive.remove(gone)
            assert [each.pk for each in companies if in_a_ring(each.pk)] == []
    for made, before in zip(reversed(done), reversed(pictures), strict=True):
        undo_merge(actor=acting(cast.ben), merge_id=made.pk, at=NOW)
        assert picture() == before


def test_no_chain_of_parents_turns_into_a_ring(cast):
    top = CompanyFactory(owner=cast.ann)
    middle = CompanyFactory(owner=cast.ann, parent=top)
    bottom = CompanyFactory(owner=cast.ann, parent=middle)
    merge(acting(cast.ben), bottom, top)
    parents = dict(Company.objects.filter(deleted_at=None).values_list("pk", "parent_id"))
    assert parents == {middle.pk: bottom.pk, bottom.pk: None}


def test_who_may_not_give_customers_away_may_not_merge(cast):
    with pytest.raises(NotAllowedError):
        merge(acting(cast.ann), CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.ann))


def test_a_company_one_may_not_see_is_not_merged(cast):
    with pytest.raises(NotFoundError):
        merge(acting(cast.ben), CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.cora))


def test_a_record_is_merged_away_once_and_not_into_itself(cast):
    kept, gone, third = CompanyFactory.create_batch(3, owner=cast.ann)
    merge(acting(cast.ben), kept, gone)
    with pytest.raises(NotFoundError):
        merge(acting(cast.ben), third, gone)
    with pytest.raises(MergeRefusedError):
        merge(acting(cast.ben), kept, kept)


def test_an_undo_that_would_lose_a_later_edit_is_refused(cast):
    kept, gone = CompanyFactory(owner=cast.ann, city=""), CompanyFactory(owner=cast.ann, city="Ede")
    made = merge(acting(cast.ben), kept, gone, take=["city"])
    kept.refresh_from_db()
    change_company(actor=acting(cast.ben), company_id=kept.pk, version=kept.version, values={"city": "Urk"}, at=NOW)  # fmt: skip
    with pytest.raises(MergeRefusedError, match="city"):
        undo_merge(actor=acting(cast.ben), merge_id=made.pk, at=NOW)
    assert Merge.objects.get().undone_at is None


def test_merges_are_undone_in_turn_and_once(cast):
    kept, gone, later = CompanyFactory.create_batch(3, owner=cast.ann)
    first = merge(acting(cast.ben), kept, gone)
    second = merge(acting(cast.ben), later, kept)
    with pytest.raises(NotFoundError):
        undo_merge(actor=acting(cast.ben), merge_id=first.pk, at=NOW)
    undo_merge(actor=acting(cast.ben), merge_id=second.pk, at=NOW)
    undo_merge(actor=acting(cast.ben), merge_id=first.pk, at=NOW)
    with pytest.raises(MergeRefusedError):
        undo_merge(actor=acting(cast.ben), merge_id=first.pk, at=NOW)


def test_a_row_added_after_the_merge_stays_with_the_kept_company(cast):
    kept, gone = CompanyFactory.create_batch(2, owner=cast.ann)
    made = merge(acting(cast.ben), kept, gone)
    fresh = ContactFactory(company=kept)
    undo_merge(actor=acting(cast.ben), merge_id=made.pk, at=NOW)
    fresh.refresh_from_db()
    assert fresh.company_id == kept.pk


def test_every_pointer_to_a_company_or_contact_is_known_to_the_merge():
    """A record named by a bare number is not found by itself: list it here, and move it in the action."""
    bare = {
        f"{model._meta.label}.{field.attname}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.attname in {"company_id", "contact_id", "object_id"} and not field.is_relation
    }
    keys = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (Company, Contact)
    }
    found = {f"{field.model._meta.label}.{field.name}" for target in (Company, Contact) for field in relations_to(target)}  # fmt: skip
    assert found == keys
    # The trail, the journals of imports and who looked tell what happened to a row, and stay with that row.
    assert bare == {"core.AuditEntry.object_id", "core.RecordRead.object_id", "core.ExternalId.object_id", "core.ImportChange.object_id"}  # fmt: skip


def test_the_preview_proposes_what_is_filled_and_counts_what_moves(cast):
    kept = CompanyFactory(name="Acme", city="", owner=cast.ann)
    gone = CompanyFactory(name="ACME", city="Ede", owner=cast.ann)
    ContactFactory.create_batch(3, company=gone)
    found = preview_of(actor=acting(cast.ben), noun="company", kept_id=kept.pk, gone_id=gone.pk)
    assert [(c.name, c.kept, c.gone, c.take_gone) for c in found.choices] == [("name", "Acme", "ACME", False), ("city", "", "Ede", True)]  # fmt: skip
    assert [count for _kind, count in found.moving] == [3]


def test_two_contacts_are_compared_merged_and_parted_on_screen(cast, client):
    company = CompanyFactory(owner=cast.ann)
    kept = ContactFactory(company=company, last_name="Bos", email="")
    gone = ContactFactory(company=company, last_name="Bos", email="kim@bos.nl")
    before = picture()["customers.Contact"]
    client.force_login(cast.ben)
    pick = client.get(f"/customers/contacts/{kept.pk}/merge/")
    assert [url for _each, url in pick.context["found"]] == [f"/customers/contacts/{kept.pk}/merge/{gone.pk}/"]  # fmt: skip
    assert client.get(f"/customers/contacts/{kept.pk}/merge/{gone.pk}/").status_code == 200
    client.post(f"/customers/contacts/{kept.pk}/merge/{gone.pk}/", {"keep_email": "gone"})
    assert list(Contact.objects.filter(deleted_at=None).values_list("pk", "email")) == [(kept.pk, "kim@bos.nl")]  # fmt: skip
    client.post(f"/customers/merges/{Merge.objects.get().pk}/undo/")
    assert picture()["customers.Contact"] == before


def test_restoring_a_merged_away_company_from_the_bin_undoes_the_merge(cast):
    boss = acting(cast.adam)
    kept, gone = CompanyFactory(name="Acme"), CompanyFactory(name="Acme BV", city="Ede")
    ContactFactory(company=gone)
    before = picture()
    merge(boss, kept, gone, take=("city",))
    assert restore_company(actor=boss, company_id=gone.pk, at=NOW) == gone
    assert picture() == before
    assert Merge.objects.get().undone_at == NOW


def test_restoring_a_merged_away_contact_from_the_bin_undoes_the_merge(cast):
    boss, company = acting(cast.adam), CompanyFactory(name="Acme")
    kept, gone = ContactFactory.create_batch(2, company=company)
    before = picture()
    merge(boss, kept, gone, noun="contact")
    assert restore_contact(actor=boss, contact_id=gone.pk, at=NOW) == gone
    assert picture() == before
