"""Can a user type numbers the Dutch and the English way, and read the result with its unit?"""

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation

from koers.analyse.figures.formula import formula_list, formula_of
from koers.analyse.forms.formula import FormulaForm, explained, read_number, read_numbers
from koers.core.language import LANGUAGE_COOKIE
from koers.organisation.models import User

FRANKE = {"K": "600", "B": "10", "R": "0.5", "W": "0.25", "G": "0.75", "U": "8", "D": "200"}


@pytest.fixture
def page(client, db):
    client.force_login(User.objects.create(email="anna@example.com", full_name="Anna"))

    def get(name, *args, language="en", **data):
        client.cookies[LANGUAGE_COOKIE] = language
        answer = client.get(reverse(f"analyse:{name}", args=args), data)
        return answer, answer.content.decode()

    return get


def shown(answer):
    return [(row.label, row.value, row.unit) for row in answer.context["result"]]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "1,234.5", 1234.5),
        ("en", "0,5", 0.5),
        ("en", "1,234", 1234),
        ("en", "−12", -12),
        ("en", "€ 5 000", 5000),
        ("nl", "1.234,5", 1234.5),
        ("nl", "0,5", 0.5),
        ("nl", "0.125", 0.125),
        ("nl", "1.234", 1234),
        ("nl", "2.5", 2.5),
        ("en", "1e-7", 1e-7),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(language, text, number):
    with translation.override(language):
        assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "5%", "nan", "inf", "1e9999", "--1", "9" * 41]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(forms.ValidationError):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("8, 10, 12", [8, 10, 12]),
        ("8,10,12", [8, 10, 12]),
        ("8 10 12", [8, 10, 12]),
        ("0,5; 0,3; 0,2", [0.5, 0.3, 0.2]),
        ("0,5 0,3 0,2", [0.5, 0.3, 0.2]),
        ("0.5, 0.3", [0.5, 0.3]),
        ("7", [7]),
        ("1; 2;", [1, 2]),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_list_takes_commas_spaces_or_semicolons(language, text, numbers):
    with translation.override(language):
        assert read_numbers(text) == numbers


def test_commas_that_divide_both_numbers_and_decimals_are_refused():
    with pytest.raises(forms.ValidationError, match="Separate the numbers with ;"):
        read_numbers("0,5, 0,3")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("info", formula_list(), ids=lambda info: info.id)
def test_the_prefilled_example_reads_back_to_the_same_inputs(language, info):
    with translation.override(language):
        blank = FormulaForm(info)
        form = FormulaForm(info, {name: blank.get_initial_for_field(blank.fields[name], name) for name in blank.fields})  # fmt: skip
        assert form.is_valid(), form.errors
        assert form.inputs() == info.example


def test_a_number_outside_its_limits_is_refused_at_its_field():
    form = FormulaForm(formula_of("F3.1"), {"p": "2", "impact": "-1"})
    assert form.errors == {"p": ["Give at most 1."], "impact": ["Give at least 0."]}


def test_a_refusal_without_translation_stays_as_it_is():
    assert explained("Something else.") == "Something else."
    assert explained("The weights must total 1; they total 0.9.") == (
        "The weights must total 1; they total 0.9."
    )


def test_a_dutch_refusal_writes_its_number_with_a_comma():
    with translation.override("nl"):
        assert "0,9" in explained("The weights must total 1; they total 0.9.")


def test_the_list_shows_every_formula_by_chapter(page):
    answer, text = page("formula_list")
    assert [len(chapter.rows) for chapter in answer.context["chapters"]] == [
        *(5, 13, 5, 12, 7, 14, 4, 8, 21, 4, 3, 5, 2, 5),
    ]
    assert text.count('class="row-link" href="/analyse/formulas/F') == 108


def test_the_list_is_searched_in_both_languages(page):
    answer, _ = page("formula_list", q="klantbehoud klantverloop")
    assert [row.id for chapter in answer.context["chapters"] for row in chapter.rows] == ["F5.1"]
    answer, text = page("formula_list", q="<b>zebra")
    assert answer.context["chapters"] == []
    assert "No formula matches “&lt;b&gt;zebra”." in text


def test_a_formula_opens_with_its_worked_example(page):
    answer, text = page("formula_detail", "F6.1")
    assert shown(answer) == [("needed", "5.625", "salespeople"), ("rounded up", "6", "salespeople")]
    assert 'name="K" value="600"' in text
    assert "Result of the example" in text


def test_inputs_in_the_address_give_their_own_result(page):
    answer, text = page("formula_detail", "F6.1", **{**FRANKE, "K": "1,200"})
    assert shown(answer) == [
        ("needed", "11.25", "salespeople"),
        ("rounded up", "12", "salespeople"),
    ]
    assert "Result of the example" not in text


def test_a_dutch_user_types_and_reads_dutch_numbers(page):
    answer, text = page("formula_detail", "F9.1", language="nl", C="120.000", p="50,00", v="29,75")
    assert [row.label for row in answer.context["result"]] == ["afzet", "omzet"]
    assert answer.context["result"][1].value == "296.296,30"
    assert "Vaste kosten" in text


def test_fractions_are_read_as_percentages_and_matrices_row_by_row(page):
    answer, _ = page("formula_detail", "F9.5", cm="0.3", d="0.1")
    assert shown(answer) == [("extra units", "50.0%", ""), ("extra turnover", "35.0%", "")]
    answer, _ = page("formula_detail", "F6.10", resp="10 22 30 34\n5; 15; 23; 29", B="4")
    assert [row.value for row in answer.context["result"]] == ["2 · 2", "53"]


def test_a_part_without_value_is_a_dash_with_the_reason(page):
    answer, text = page("formula_detail", "F9.5", cm="0.1", d="0.1")
    assert [row.value for row in answer.context["result"]] == ["–", "–"]
    assert "there is no value" in text


def test_weights_that_do_not_total_one_are_told_above_the_form(page):
    answer, text = page("formula_detail", "F1.3", w="0.5 0.3", s="7 6")
    assert answer.context["result"] == []
    assert "The weights must total 1; they total 0.8." in text


def test_an_unknown_formula_is_not_found(page):
    answer, text = page("formula_detail", "F99.1")
    assert answer.status_code == 404
    assert "There is no formula" in text


def test_every_formula_page_opens_in_both_languages(page):
    for info in formula_list():
        for language, name in (("en", info.name_en), ("nl", info.name_nl)):
            answer, _ = page("formula_detail", info.id, language=language)
            assert answer.context["row"].name == name
            assert len(answer.context["result"]) == len(info.outputs)
            assert not any(row.is_empty for row in answer.context["result"])
