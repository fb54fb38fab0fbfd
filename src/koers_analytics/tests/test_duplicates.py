"""Are two spellings of one company found, and two companies left apart?"""

import pytest

from koers_analytics.customers.duplicates import CompanyRecord, duplicates_in
from koers_analytics.customers.matching_keys import (
    domain_key,
    house_number,
    name_words,
    phone_key,
    postcode_key,
    registration_key,
    spoken,
    vat_key,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bakkerij Jansen B.V.", "bakkerij jansen"),
        ("Jansen & Zn. VOF", "Jansen en Zn v.o.f."),
        ("Gebr. de Boer N.V.", "Gebroeders De Boer"),
        ("Müller GmbH", "Mueller"),
        ("Café René", "Cafe Rene BV"),
        ("'t Hoekje", "t Hoekje"),
        ("Bike Services Intl", "Bike Service International, Inc."),
    ],
)
def test_spellings_of_one_name_sound_the_same(one, other):
    assert spoken(name_words(one)) == spoken(name_words(other))


def test_a_name_of_legal_forms_only_keeps_its_words():
    assert name_words("B.V.") == ("bv",)


@pytest.mark.parametrize("phone", ["020-123 45 67", "+31 20 1234567", "0031201234567", "+31 (0)20 123 4567"])  # fmt: skip
def test_a_dutch_phone_number_has_one_form(phone):
    assert phone_key(phone) == "+31201234567"


def test_foreign_numbers_follow_their_country_and_rubbish_is_no_number():
    assert (phone_key("030 1234567", "DE"), phone_key("12"), phone_key("abcdefg")) == ("+49301234567", "", "")  # fmt: skip


@pytest.mark.parametrize(
    ("email", "website", "domain"),
    [
        ("jan@gmail.com", "", ""),
        ("jan@acme.nl", "", "acme.nl"),
        ("jan@gmail.com", "https://www.acme.nl/contact", "acme.nl"),
        ("jan@shop.acme.co.uk", "", "acme.co.uk"),
        ("", "", ""),
    ],
)
def test_the_own_domain_counts_and_free_mail_does_not(email, website, domain):
    assert domain_key(email, website) == domain


def test_numbers_and_addresses_have_one_form():
    assert (registration_key("KvK 0123.4567"), registration_key("1234567")) == ("01234567", "01234567")  # fmt: skip
    assert (vat_key("NL 1234.56.782.B90"), vat_key("NL123")) == ("NL123456782B90", "")
    assert (postcode_key("1234 ab"), house_number("Dorpsstraat 012 b"), house_number("3207 S Grady Way 5")) == ("1234AB", "12", "3207")  # fmt: skip


def pairs(*records):
    return [(pair.first, pair.second) for pair in duplicates_in(records)]


def test_a_slip_in_the_name_in_the_same_town_is_found_with_its_evidence():
    found = duplicates_in(
        [
            CompanyRecord(1, "Installatiebedrijf Hoekstra B.V.", city="Sneek"),
            CompanyRecord(2, "Instalatiebedrijf Hoekstra", city="Sneek"),
        ]
    )
    assert [(p.first, p.second, p.evidence) for p in found] == [(1, 2, ("+name_nearly", "+city"))]


def test_branches_with_their_own_registration_stay_apart():
    assert pairs(
        CompanyRecord(1, "Bakker Bart", city="Ede", registration_number="12345678"),
        CompanyRecord(2, "Bakker Bart", city="Ede", registration_number="87654321"),
    ) == []  # fmt: skip


def test_neighbours_at_one_address_with_other_names_stay_apart():
    assert pairs(
        CompanyRecord(1, "Jansen Accountants", "Ede", "Markt 1", "6711 AA"),
        CompanyRecord(2, "De Wit Fysiotherapie", "Ede", "Markt 1", "6711AA"),
    ) == []  # fmt: skip


def test_an_equal_registration_number_is_enough_despite_a_new_name():
    assert pairs(
        CompanyRecord(1, "Solvay Nederland", registration_number="12345678"),
        CompanyRecord(2, "Solvay Group", registration_number="1234 5678"),
    ) == [(1, 2)]  # fmt: skip


def test_the_order_of_the_records_does_not_change_the_pairs():
    records = [
        CompanyRecord(number, f"{name} {form}", city=city)
        for number, (name, form, city) in enumerate(
            [("De Boer", "BV", "Ede"), ("de boer", "", "Ede"), ("Visserij Urk", "NV", "Urk"), ("Vissserij Urk", "", "Urk")]
        )
    ]  # fmt: skip
    shuffled = [records[place] for place in (2, 0, 3, 1)]
    assert duplicates_in(records) == duplicates_in(shuffled)
    assert pairs(*records) == [(0, 1), (2, 3)]
