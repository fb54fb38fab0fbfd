"""Does a person who asks what is held about him get all of it, and nothing of another?"""

import dataclasses
import io
import json
import zipfile
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry, ImportRejection
from koers.core.privacy import named
from koers.core.privacy.held import Way, held_on
from koers.core.privacy.labels import Category, FieldLabel, Kind, Outcome
from koers.core.privacy.registry import all_labels, labels_of, own_record, personal_labels
from koers.customers.actions.merge import merge_records, undo_merge
from koers.customers.tests.factories import ContactFactory
from koers.home.actions import person as person_action
from koers.home.actions.person import ExportRefusedError, export_held
from koers.home.queries import person_file
from koers.home.queries.person import people_called, person_for
from koers.home.queries.person_file import as_json, as_sheet
from koers.home.tests.canaries import filled, tied
from koers.organisation.tests.cast import acting
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db


def rows_around(kind, person):
    """One row per tie and per pointer to the person; with the marks that must be told and those kept secret."""
    nouns = {own_record(kind)._meta.model_name: person.pk}
    made = []
    for model, labels in personal_labels():
        for path in set(labels.of.get(kind, ())) - {"pk"}:
            row, marks = tied(model, path, person)
            nouns[model._meta.model_name] = row.pk
            made.append((model, labels, marks))
    for model, labels in personal_labels():
        for (noun_column, id_column), (noun, key) in product(labels.points, nouns.items()):
            if len(noun) > model._meta.get_field(noun_column).max_length:
                continue  # this table tells of shorter nouns only
            row, marks = filled(model, **{noun_column: noun, id_column: key})
            made.append((model, labels, marks))
    marked = [
        (f"{model._meta.label}.{name}", mark, labels.fields[name].protected)
        for model, labels, marks in made
        for name, mark in marks.items() if name in labels.fields
    ]  # fmt: skip
    return (
        {name: mark for name, mark, protected in marked if not protected},
        {name: mark for name, mark, protected in marked if protected},
    )


@pytest.mark.parametrize(("kind", "least"), [(Kind.CONTACT, 25), (Kind.LEAD, 8)])
def test_a_mark_in_every_labelled_field_around_a_person_comes_back(cast, kind, least):
    person, marks = filled(own_record(kind))
    other, others = filled(own_record(kind))
    told, secret = rows_around(kind, person)
    foreign, _none = rows_around(kind, other)
    found = person_for(actor=acting(cast.adam), kind=kind, person_id=person.pk)
    text = as_json(found, held_on(kind, found.ids, found.names), at=timezone.now()).decode()
    assert {name: mark for name, mark in told.items() if mark not in text} == {}
    labelled = labels_of(own_record(kind)).fields
    assert {name for name, mark in marks.items() if name in labelled and mark not in text} == set()
    elsewhere = {**foreign, **others, **secret}
    assert {name: mark for name, mark in elsewhere.items() if mark in text} == {}
    assert len(told) >= least


def test_of_a_user_all_his_own_records_come_back_but_no_secret_and_no_text_of_a_customer(cast):
    user, marks = filled(own_record(Kind.USER))
    told, secret = rows_around(Kind.USER, user)
    text = json.dumps(_values(held_on(Kind.USER, [user.pk], [])))
    own = {
        model._meta.label for model, labels in personal_labels() if set(labels.of) == {Kind.USER} and not labels.points
    }  # fmt: skip
    missing = {name for name, mark in told.items() if name.rsplit(".", 1)[0] in own and mark not in text}  # fmt: skip
    assert (missing, [mark for mark in secret.values() if mark in text]) == (set(), [])
    assert marks["full_name"] in text
    assert marks["password"] not in text
    assert [name for name in ("sell.Activity.report", "customers.Company.notes", "sell.Lead.need") if told[name] in text] == []  # fmt: skip


def _values(held):
    return [[str(value) for row in part.rows.values() for value in row] for part in held.parts]


def test_a_field_that_is_labelled_later_comes_along_by_itself(cast, monkeypatch):
    contact = ContactFactory()
    activity, _marks = tied(Activity, "contacts", contact)
    Activity.objects.filter(pk=activity.pk).update(key="late-label")
    assert "late-label" not in str(_values(held_on(Kind.CONTACT, [contact.pk], [])))
    labels = all_labels()["sell.Activity"]
    wider = dataclasses.replace(
        labels, fields={**labels.fields, "key": FieldLabel(Category.NOTE, Outcome.ERASED)}
    )
    monkeypatch.setitem(all_labels(), "sell.Activity", wider)
    assert "late-label" in str(_values(held_on(Kind.CONTACT, [contact.pk], [])))


def test_rows_of_records_merged_into_one_belong_to_the_person_until_the_merge_is_undone(cast):
    kept, gone = ContactFactory(last_name="Vos"), ContactFactory(last_name="Voss")
    activity, _marks = tied(Activity, "contacts", gone)
    AuditEntry.objects.create(at=timezone.now(), actor_name="X", channel="screen", verb="change", noun="contact", object_id=gone.pk, changes={"notes": ["before-merge", ""]})  # fmt: skip
    actor = acting(cast.adam)
    merge = merge_records(actor=actor, noun="contact", kept_id=kept.pk, gone_id=gone.pk, take=(), at=timezone.now())  # fmt: skip
    for one in (kept, gone):
        found = person_for(actor=actor, kind="contact", person_id=one.pk)
        text = as_json(found, held_on(Kind.CONTACT, found.ids, found.names), at=timezone.now()).decode()  # fmt: skip
        assert ("before-merge" in text, activity.subject in text) == (True, True)
        assert found.ids == (kept.pk, gone.pk)
    undo_merge(actor=actor, merge_id=merge.pk, at=timezone.now())
    assert person_for(actor=actor, kind="contact", person_id=kept.pk).ids == (kept.pk,)


@pytest.mark.parametrize(
    ("cells", "is_named"),
    [
        ({"first": "Renée", "last": "de Vos"}, True),
        ({"all": "RENÉE de vos"}, True),
        ({"first": "Renée", "last": "de Vosje"}, False),
        ({"first": "Renée"}, False),
    ],
)
def test_a_text_that_names_the_person_is_told_apart_from_ties(cast, cells, is_named):
    contact = ContactFactory(first_name="Renée", last_name="de Vos")
    rejection, _marks = filled(ImportRejection, row=cells)
    held = held_on(Kind.CONTACT, [contact.pk], [str(contact)])
    part = [(part.way, list(part.rows)) for part in held.parts if part.noun == "importrejection"]
    assert part == ([(Way.NAME, [rejection.pk])] if is_named else [])


def test_a_search_by_name_stops_and_says_so(cast, monkeypatch):
    monkeypatch.setattr(named, "MOST_NAMED", 2)
    for _number in range(3):
        filled(ImportRejection, row={"name": "Kim Vos"})
    held = held_on(Kind.CONTACT, [ContactFactory().pk], ["Kim Vos"])
    assert [(part.count, part.cut) for part in held.parts if part.way is Way.NAME] == [(2, True)]


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    contact = ContactFactory()
    counts = []
    for _round in range(2):
        for _number in range(3):
            tied(Activity, "contacts", contact)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            held_on(Kind.CONTACT, [contact.pk], [str(contact)])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_who_handles_privacy_takes_it_out_and_the_trail_tells(cast):
    contact = ContactFactory()
    at = timezone.now()
    for user in (cast.ann, cast.tom, cast.mia):
        with pytest.raises(NotAllowedError):
            export_held(
                actor=acting(user), kind="contact", person_id=contact.pk, named=False, at=at
            )
    assert AuditEntry.objects.count() == 0
    _person, held = export_held(actor=acting(cast.adam), kind="contact", person_id=contact.pk, named=False, at=at)  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.noun, entry.object_id) == ("access_export", "contact", contact.pk)
    assert entry.changes == {"rows": [None, sum(part.count for part in held.parts)]}


def test_an_unknown_person_or_kind_does_not_exist(cast):
    for kind, key in (("contact", 10**9), ("order", 1)):
        with pytest.raises(NotFoundError):
            person_for(actor=acting(cast.adam), kind=kind, person_id=key)


def test_a_text_longer_than_a_cell_goes_on_in_the_next_row_and_nothing_is_lost(cast):
    long = "".join(f"{number:07d}" for number in range(10_000))
    contact = ContactFactory(notes=long)
    found = person_for(actor=acting(cast.adam), kind="contact", person_id=contact.pk)
    _heads, rows = as_sheet(found, held_on(Kind.CONTACT, found.ids, ()))
    pieces = [row[-1] for row in rows if str(row[-2]).startswith("notes")]
    assert ("".join(pieces), len(pieces)) == (long, 3)


def test_too_much_for_a_file_is_refused_before_anything_is_written(cast, client, monkeypatch):
    contact = ContactFactory()
    tied(Activity, "contacts", contact)
    monkeypatch.setattr(person_action, "MOST_ROWS", 1)
    with pytest.raises(ExportRefusedError):
        export_held(actor=acting(cast.adam), kind="contact", person_id=contact.pk, named=False, at=timezone.now())  # fmt: skip
    monkeypatch.setattr(person_action, "MOST_ROWS", 100)
    monkeypatch.setattr(person_file, "MOST_SHEET_ROWS", 1)
    client.force_login(cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("home:person_export", args=["contact", contact.pk]), {"file": "xlsx"})  # fmt: skip
    assert answer.status_code == 400
    assert "take the JSON file" in answer.content.decode()


def test_the_page_counts_and_both_files_hold_the_same_values(cast, client):
    contact = ContactFactory(first_name="Renée", last_name="Zwaan", notes="Likes coffee")
    activity, _marks = tied(Activity, "contacts", contact)
    client.force_login(cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("home:person_detail", args=["contact", contact.pk])).content.decode()
    assert ("Renée Zwaan" in page, "36 months" in page, "legitimate interest" in page) == (True,) * 3  # fmt: skip
    url = reverse("home:person_export", args=["contact", contact.pk])
    told = json.loads(client.post(url, {"file": "json"}).content)
    with zipfile.ZipFile(io.BytesIO(client.post(url, {"file": "xlsx"}).content)) as book:
        sheet = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))  # fmt: skip
    rows = {part["record"]: part["rows"] for part in told["parts"]}
    assert rows["contact"][0]["notes"] == "Likes coffee"
    assert rows["activity"][0]["contacts"] == [contact.pk]
    assert all(text in sheet for text in ("Likes coffee", activity.subject, "Renée"))
    assert AuditEntry.objects.filter(verb="access_export").count() == 2


def test_people_are_found_by_the_beginning_of_a_name_also_in_the_bin(cast):
    ContactFactory(last_name="Zwaan", deleted_at=timezone.now())
    found = people_called(actor=acting(cast.adam), q="zwa")
    assert [(kind, [str(row) for row in rows]) for kind, rows in found] == [(Kind.CONTACT, ["Kim Zwaan"])]  # fmt: skip
    assert people_called(actor=acting(cast.adam), q="") == []
