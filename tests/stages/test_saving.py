"""Is nothing lost when two people save the same record?"""

import pytest
from django.utils import timezone

from koers.core.errors import NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.core.saving import save_changes
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.tests.cast import acting


@pytest.fixture
def acme(cast):
    return CompanyFactory(name="Acme", city="Ede", owner=cast.ann)


def save(cast, company, version, **values):
    return save_changes(
        actor=acting(cast.ann), obj=company, version=version, values=values, at=timezone.now()
    )


def stored(company):
    return Company.objects.get(pk=company.pk)


def test_a_change_raises_the_version_and_is_audited(cast, acme):
    save(cast, acme, 1, city="Delft")
    assert (stored(acme).city, stored(acme).version) == ("Delft", 2)
    assert AuditEntry.objects.get().changes == {"city": ["Ede", "Delft"]}


def test_saving_what_is_stored_already_is_no_change(cast, acme):
    save(cast, acme, 1, city="Ede")
    assert (stored(acme).version, AuditEntry.objects.count()) == (1, 0)


def test_changes_of_two_people_in_different_fields_merge(cast, acme):
    save(cast, stored(acme), 1, city="Delft")
    save(cast, stored(acme), 1, name="Acme Tools")
    assert (stored(acme).city, stored(acme).name, stored(acme).version) == ("Delft", "Acme Tools", 3)  # fmt: skip


def test_a_clash_tells_what_was_read_what_is_stored_and_what_is_wanted(cast, acme):
    save(cast, stored(acme), 1, city="Delft")
    with pytest.raises(StaleVersionError) as clash:
        save(cast, stored(acme), 1, city="Utrecht", name="Acme Tools")
    assert clash.value.clashes == {"city": ("Ede", "Delft", "Utrecht")}
    assert (stored(acme).city, stored(acme).name) == ("Delft", "Acme")


def test_a_clash_is_told_from_the_record_as_it_was_read(cast, acme):
    read = stored(acme)
    save(cast, stored(acme), 1, city="Delft")
    with pytest.raises(StaleVersionError) as clash:
        save(cast, read, 1, city="Utrecht")
    assert clash.value.clashes == {"city": ("Ede", "Delft", "Utrecht")}


def test_a_clash_in_a_related_record_names_it(cast, acme):
    one, two, three = (SegmentFactory(name=name) for name in ("One", "Two", "Three"))
    save(cast, stored(acme), 1, segment=one)
    save(cast, stored(acme), 2, segment=two)
    with pytest.raises(StaleVersionError) as clash:
        save(cast, stored(acme), 2, segment=three)
    assert clash.value.clashes == {"segment": ("One", two, three)}


def test_the_oldest_value_is_the_one_that_was_read(cast, acme):
    save(cast, stored(acme), 1, city="Delft")
    save(cast, stored(acme), 2, city="Breda")
    with pytest.raises(StaleVersionError) as clash:
        save(cast, stored(acme), 1, city="Utrecht")
    assert clash.value.clashes == {"city": ("Ede", "Breda", "Utrecht")}


def test_a_newer_version_the_trail_does_not_explain_is_shown_rather_than_overwritten(cast, acme):
    Company.objects.filter(pk=acme.pk).update(city="Breda", version=2)
    with pytest.raises(StaleVersionError) as clash:
        save(cast, stored(acme), 1, city="Utrecht")
    assert clash.value.clashes == {"city": (None, "Breda", "Utrecht")}


def test_the_same_change_by_two_people_is_no_clash(cast, acme):
    save(cast, stored(acme), 1, city="Delft")
    assert save(cast, stored(acme), 1, city="Delft").version == 2


def test_a_record_removed_meanwhile_is_said_to_be_gone(cast, acme):
    read = stored(acme)
    acme.delete()
    with pytest.raises(NotFoundError):
        save(cast, read, 1, city="Delft")


def test_a_field_one_left_alone_keeps_what_others_made_of_it(cast, acme):
    one, two = SegmentFactory(), SegmentFactory()
    save(cast, stored(acme), 1, segment=one)
    save(cast, stored(acme), 2, segment=two, phone="1")
    save(cast, stored(acme), 2, segment=one, phone="", city="Delft")
    found = stored(acme)
    assert (found.segment, found.phone, found.city) == (two, "1", "Delft")
