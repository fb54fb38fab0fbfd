"""Does every field say whether it holds something of a person?"""

from django.apps import apps

from koers.core.field_words import FIELDS
from koers.core.privacy.labels import Category, Kind, Processing, not_personal, personal
from koers.core.privacy.registry import all_labels, complaints, own_record, personal_labels


def test_every_field_of_every_model_has_a_label_or_is_declared_not_personal():
    assert complaints() == []


def test_a_field_without_a_label_is_named_with_the_file_and_the_words_to_choose_from(monkeypatch):
    short = not_personal("catalogue.Product", "code name kind group unit list_price currency")
    monkeypatch.setitem(all_labels(), "catalogue.Product", short)
    place, words = "src/koers/catalogue/personal_data.py", ", ".join(Category.values)
    assert complaints() == [
        f"{place}: catalogue.Product.is_active has no label: put it in the word that fits ({words}) or in plain"
    ]


def test_a_model_without_labels_gets_its_line_ready_to_paste(monkeypatch):
    monkeypatch.delitem(all_labels(), "customers.Segment")
    (sentence,) = complaints()
    assert 'or not_personal("customers.Segment", "name")' in sentence


def test_a_field_that_is_gone_or_stands_in_two_words_is_named(monkeypatch):
    wrong = personal("customers.Segment", Processing.RELATIONS, name="name other", plain="name")
    monkeypatch.setitem(all_labels(), "customers.Segment", wrong)
    assert [sentence.split(": ", 1)[1] for sentence in complaints()] == [
        "customers.Segment has no field other: take it out",
        "customers.Segment.name stands in two words",
    ]


def test_each_kind_of_person_has_one_own_record():
    assert [own_record(kind)._meta.label for kind in Kind] == [
        "customers.Contact", "sell.Lead", "customers.Company", "organisation.User",
    ]  # fmt: skip


def test_every_personal_field_has_a_word_for_its_reader():
    nameless = {
        name
        for model, labels in personal_labels()
        for name in labels.fields
        if model._meta.app_label not in {"account", "mfa", "sessions", "usersessions"}
        and name not in FIELDS
    }
    assert nameless == set()


def test_a_path_to_a_person_leads_to_that_kind_of_record():
    wrong = []
    for model, labels in personal_labels():
        for kind, paths in labels.of.items():
            for path in paths:
                target = model
                for step in [] if path == "pk" else path.split("__"):
                    target = target._meta.get_field(step).related_model
                if target is not own_record(kind):
                    wrong.append(f"{model._meta.label} {path}")
    assert (wrong, len(apps.get_models()) > 40) == ([], True)
