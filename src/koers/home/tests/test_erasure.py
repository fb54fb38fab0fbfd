"""Is an erased person gone from every table, except where he has to stay?"""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from koers.core.audit_seal import read_chain, seal
from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry, ExternalId, ImportChange, SourceSystem
from koers.core.privacy.labels import Kind, Outcome
from koers.core.privacy.registry import own_record, personal_labels
from koers.customers.actions.merge import merge_records
from koers.customers.models import Contact
from koers.customers.tests.factories import ContactFactory
from koers.home.actions.person import ErasureRefusedError, erase_person
from koers.home.queries.person import erasure_of_person, person_for
from koers.home.tests.canaries import filled, tied
from koers.organisation.tests.cast import acting
from koers.sell.models import Activity, Quote

pytestmark = pytest.mark.django_db
NAME = "Renée Zwaanenburg"


def dump(word):
    """Where in the whole database a word stands, as model and field."""
    found = set()
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names):  # noqa: SLF001 -- every row there is
            found |= {f"{model._meta.label}.{name}" for name, value in zip(names, row, strict=True) if word in str(value)}  # fmt: skip
    return found


def around(person):
    """A row per tie to the person, each text of it with the person's name."""
    for model, labels in personal_labels():
        for path in set(labels.of.get(Kind.CONTACT, ())) - {"pk"}:
            row, marks = tied(model, path, person)
            texts = {
                field.name: f"Spoke to {NAME} here"[: field.max_length]
                for field in model._meta.concrete_fields
                if field.name in marks and field.name in labels.fields and not labels.fields[field.name].protected and field.get_internal_type() != "JSONField"
            }  # fmt: skip
            if texts:
                model._base_manager.filter(pk=row.pk).update(**texts)  # noqa: SLF001 -- rows of any kind


def erased(cast, contact):
    return erase_person(actor=acting(cast.adam), kind="contact", person_id=contact.pk, typed_name=str(contact), at=timezone.now())  # fmt: skip


def test_the_name_stands_nowhere_but_in_the_trail_and_in_what_is_kept(cast):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg", email="r.zwaanenburg@example.org", phone="020 1234567", notes="Secret")  # fmt: skip
    around(contact)
    filled(ImportChange, noun="contact", object_id=contact.pk, before={"last_name": "Zwaanenburg"})
    source = SourceSystem.objects.create(code="old", name="Old")
    ExternalId.objects.create(source=source, noun="contact", external_id="Zwaanenburg-7", object_id=contact.pk)  # fmt: skip
    other = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    kept = {
        f"{model._meta.label}.{name}"
        for model, labels in personal_labels() for name, label in labels.fields.items()
        if label.outcome is Outcome.KEPT
    }  # fmt: skip
    assert len(dump("Zwaanenburg")) > 12
    Contact.objects.filter(pk=other.pk).delete()
    erased(cast, contact)
    assert dump("Zwaanenburg") - kept == set()
    assert dump("zwaanenburg@") | dump("020 1234567") | dump("Secret") == set()
    assert dump("Zwaanenburg") <= {"sell.Quote.answered_by", "customers.Consent.proof"}


def test_the_shell_lies_in_the_bin_and_what_was_done_stays(cast):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg", job_title="Buyer")
    activity, _marks = tied(Activity, "contacts", contact)
    before = (
        Activity.objects.filter(pk=activity.pk).values("day", "kind", "minutes", "company").get()
    )
    _person, rows = erased(cast, contact)
    shell = Contact.objects.get(pk=contact.pk)
    assert (str(shell), shell.job_title, shell.email, shell.company_id) == ("[erased]", "", "", contact.company_id)  # fmt: skip
    assert shell.deleted_at is not None
    assert shell.version == contact.version + 1
    assert Activity.objects.filter(pk=activity.pk).values("day", "kind", "minutes", "company").get() == before  # fmt: skip
    entry = AuditEntry.objects.get(verb="erase")
    assert (entry.label, entry.changes, rows >= 2) == ("[erased]", {"rows": [None, rows]}, True)


def test_the_sealed_trail_is_still_whole_after_an_erasure(cast):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    AuditEntry.objects.create(at=timezone.now(), actor_name="X", channel="screen", verb="create", noun="contact", object_id=contact.pk, label=NAME)  # fmt: skip
    seal(at=timezone.now())
    erased(cast, contact)
    assert AuditEntry.objects.filter(label=NAME).count() == 1
    report = read_chain()
    assert (report.whole, report.entries, report.unsealed) == (True, 1, 1)
    seal(at=timezone.now())
    assert read_chain().whole


def test_records_merged_into_the_person_and_the_merge_are_emptied_too(cast):
    kept, gone = ContactFactory(last_name="Zwaanenburg"), ContactFactory(last_name="Zwaanenberg")
    actor = acting(cast.adam)
    merge_records(actor=actor, noun="contact", kept_id=kept.pk, gone_id=gone.pk, take=("last_name",), at=timezone.now())  # fmt: skip
    kept.refresh_from_db()
    erased(cast, kept)
    assert dump("Zwaanenb") == {"core.AuditEntry.label", "core.AuditEntry.changes"}


def test_rows_of_others_and_texts_not_tied_are_left_alone(cast):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    namesake = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    activity, _marks = tied(Activity, "contacts", namesake)
    Activity.objects.filter(pk=activity.pk).update(report=f"Met {NAME}")
    erased(cast, contact)
    assert str(Contact.objects.get(pk=namesake.pk)) == NAME
    assert Activity.objects.get(pk=activity.pk).report == f"Met {NAME}"


@pytest.mark.parametrize("typed", ["", "Renée", "Renée Zwaan", "[erased]"])
def test_another_name_erases_nothing(cast, typed):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    with pytest.raises(ErasureRefusedError):
        erase_person(actor=acting(cast.adam), kind="contact", person_id=contact.pk, typed_name=typed, at=timezone.now())  # fmt: skip
    assert (str(Contact.objects.get(pk=contact.pk)), AuditEntry.objects.count()) == (NAME, 0)


def test_only_who_handles_privacy_erases_and_only_contacts_and_leads(cast):
    contact = ContactFactory()
    with pytest.raises(NotAllowedError):
        erase_person(actor=acting(cast.tom), kind="contact", person_id=contact.pk, typed_name=str(contact), at=timezone.now())  # fmt: skip
    with pytest.raises(ErasureRefusedError):
        erase_person(actor=acting(cast.adam), kind="user", person_id=cast.sam.pk, typed_name=str(cast.sam), at=timezone.now())  # fmt: skip


def test_a_lead_is_emptied_too(cast):
    lead, marks = filled(own_record(Kind.LEAD))
    erase_person(actor=acting(cast.adam), kind="lead", person_id=lead.pk, typed_name=str(lead), at=timezone.now())  # fmt: skip
    assert (dump(marks["last_name"]), dump(marks["need"]), dump(marks["email"])) == (set(), set(), set())  # fmt: skip


def test_the_preview_says_what_is_kept_until_when_and_writes_nothing(cast, client):
    contact = ContactFactory(first_name="Renée", last_name="Zwaanenburg")
    quote, _marks = tied(Quote, "contact", contact)
    actor, today = acting(cast.adam), timezone.localdate()
    person = person_for(actor=actor, kind="contact", person_id=contact.pk)
    steps = erasure_of_person(actor=actor, person=person, today=today)
    kept = {step.part.noun: step.until for step in steps if step.outcome is Outcome.KEPT}
    assert kept == {"quote": quote.quoted_on.replace(year=quote.quoted_on.year + 7)}
    client.force_login(cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("home:person_erase", args=["contact", contact.pk])
    page = client.get(url).content.decode()
    assert ("legal duty" in page, "answered by" in page, NAME in page) == (True,) * 3
    assert client.post(url, {"name": "Somebody"}).status_code == 400
    assert (AuditEntry.objects.count(), str(Contact.objects.get())) == (0, NAME)
    assert client.post(url, {"name": NAME}).status_code == 302
    assert str(Contact.objects.get()) == "[erased]"
