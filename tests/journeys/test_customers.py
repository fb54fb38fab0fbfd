"""Can a seller keep customers, addresses, views and imports in order, in either language?"""

import re

import pytest
from tests.journeys.test_manager import wait_for_status

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REFUSED = "Debiteurnummer;Naam;Plaats\r\nR1;Visser & Zn.;Sneek\r\nR2;;Tiel\r\n"


def go_on(page, selector):
    """Click what leads to another page, and wait for it."""
    with page.expect_navigation():
        page.click(selector)
    page.wait_for_load_state("networkidle")


def test_refused_rows_are_downloaded_with_their_reason(visitors, tmp_path):
    file = tmp_path / "debiteuren.csv"
    file.write_bytes(REFUSED.encode())
    page = visitors().goto("/import/new/")
    page.set_input_files("input[type=file]", str(file))
    page.select_option("select[name=kind]", "companies")
    page.fill("input[name=source]", "debiteuren")
    go_on(page, "form .button-primary")
    go_on(page, "form .button-primary")
    wait_for_status(page, "Checked")
    page.click("text=Bring it in")
    wait_for_status(page, "Done")
    with page.expect_download() as waiting:
        page.click("text=Refused rows (CSV)")
    heads, *rows = waiting.value.path().read_text("utf-8-sig").splitlines()
    assert waiting.value.suggested_filename == f"refused-rows-{page.url.split('/')[-2]}.csv"
    assert heads.split(";")[:3] == ["Row", "Field", "Value"]
    assert len(rows) == 1
    assert "This field is empty but needed" in rows[0]


def test_the_language_is_switched_on_the_page_one_is_on_and_stays(visitors):
    page = visitors("marja.vermeulen").goto("/customers/?class=A")
    page.click("button[popovertarget=menu-language]")
    go_on(page, "#menu-language button[value=nl]")
    assert page.url.endswith("/customers/?class=A")
    assert (page.get_attribute("html", "lang"), page.inner_text("h1")) == ("nl", "Relaties")
    assert visitors("marja.vermeulen").goto("/plan/attainment/").get_attribute("html", "lang") == "nl"  # fmt: skip
    page.click("button[popovertarget=menu-language]")
    go_on(page, "#menu-language button[value=en]")
    assert page.get_attribute("html", "lang") == "en"


def ground(page):
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])


def test_the_theme_is_switched_and_stays(visitors):
    page = visitors("marja.vermeulen").goto("/customers/")
    assert ground(page) > 600
    page.click("button[popovertarget=menu-theme]")
    go_on(page, "#menu-theme button[value=dark]")
    assert ground(page) < 150
    assert ground(visitors("marja.vermeulen").goto("/analyse/pyramid/")) < 150
    page.click("button[popovertarget=menu-theme]")
    go_on(page, "#menu-theme button[value=auto]")
    assert ground(page) > 600


def test_a_dutch_decimal_comma_is_a_decimal_comma(visitors):
    page = visitors(language="nl").goto("/products/new/")
    page.fill("input[name=code]", "KOMMA-1")
    page.fill("input[name=name]", "Kommaklep")
    page.type("input[name=list_price]", "1.234,56")
    go_on(page, "form.form .button-primary")
    assert re.search(r"€\s1\.234,56", page.inner_text("main"))
    go_on(page, "a[href$='/edit/']")
    assert page.input_value("input[name=list_price]") == "1234,56"


def owners(page):
    return page.locator("td[data-label='Account manager']").all_inner_texts()


def test_many_customers_change_hands_after_a_preview_and_go_back(visitors):
    visitor = visitors()
    page = visitor.goto("/customers/?class=D&sort=name")
    before, total = owners(page), page.inner_text("nav.pager [role=status]").split()[-1]
    assert int(total) > len(before) == 25
    page.check("[data-pick-all]")
    assert page.inner_text("[data-picked]") == f"25 of {total} selected"
    page.click("[data-pick-every]")
    assert page.inner_text("[data-picked]") == f"All {total} selected"
    page.select_option("#bulk-owner_id", label="Ben Terpstra")
    page.select_option("#bulk-territory_id", index=2)
    go_on(page, ".bulk-bar .button-primary")
    assert page.inner_text("#preview-count").startswith(f"{total} companies are selected.")
    assert page.inner_text("tbody tr >> nth=0").endswith("Ben Terpstra")
    go_on(page, "form.form-actions .button-primary")
    assert owners(page) == ["Ben Terpstra"] * 25
    assert page.inner_text(".toast [data-text]") == f"{total} companies changed."
    go_on(page, ".toast form button")
    assert owners(visitor.goto("/customers/?class=D&sort=name")) == before


def test_a_tick_can_be_taken_back_and_a_single_customer_picked_by_keyboard(visitors):
    page = visitors().goto("/customers/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.inner_text("[data-picked]").startswith("1 of ")
    assert page.is_hidden("[data-pick-every]")
    page.click("[data-unpick]")
    assert page.is_hidden(".bulk-bar")


def test_another_teams_company_answers_an_account_manager_like_one_that_is_not_there(visitors):
    manager = visitors().goto("/customers/?q=&count=exact")
    manager.select_option("select[name=owner]", label="Koen Maas")
    manager.wait_for_selector(".chip:has-text('Koen Maas')")
    path = manager.get_attribute("a.row-link >> nth=0", "href")
    ann = visitors("ann.de.wit").page
    answers = [
        (answer.status, ann.inner_text("main"))
        for answer in (ann.goto(visitors().address + each) for each in (path, f"{path}edit/", f"{path}sites/new/", "/customers/99999999/"))
    ]  # fmt: skip
    assert {status for status, _text in answers} == {404}
    assert {text for _status, text in answers} == {answers[0][1]}


def addresses(page):
    return [text.split("\n")[0] for text in page.locator("#sites .row").all_inner_texts()]


def test_an_address_is_added_corrected_removed_and_put_back(visitors):
    visitor = visitors()
    path = visitor.goto("/customers/?sort=-turnover").get_attribute("a.row-link >> nth=5", "href")
    page = visitor.goto(path)
    before = addresses(page)
    go_on(page, "#sites a.button")
    page.select_option("select[name=kind]", "delivery")
    page.fill("input[name=street]", "Havenkade 4")
    page.fill("input[name=postcode]", "8601ab")
    page.fill("input[name=city]", "Sneek")
    go_on(page, "form.form .button-primary")
    assert set(addresses(page)) == {*before, "Havenkade 4, 8601 AB, Sneek"}
    go_on(page, "#sites a:has-text('Havenkade 4')")
    page.fill("input[name=street]", "Havenkade 6")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#sites a:has-text('Havenkade 6')")
    go_on(page, "#sites a:has-text('Havenkade 6')")
    go_on(page, "button:has-text('Remove this address')")
    assert addresses(page) == before
    go_on(page, ".toast:has-text('removed') form button")
    assert set(addresses(page)) == {*before, "Havenkade 6, 8601 AB, Sneek"}


def test_a_view_is_saved_and_opens_with_its_filter_order_and_columns(visitors):
    page = visitors("bas.hoekstra").goto("/customers/?class=A&sort=-turnover&columns=name,turnover")
    shown = page.locator("a.row-link").all_inner_texts()
    page.click("button[popovertarget=menu-views]")
    page.fill("#view-name", "My best")
    go_on(page, "#menu-views button:has-text('Save view')")
    page = visitors("bas.hoekstra").goto("/customers/")
    page.click("button[popovertarget=menu-views]")
    go_on(page, "#menu-views a:has-text('My best')")
    assert page.locator("a.row-link").all_inner_texts() == shown
    assert page.locator("thead th:not(.pick)").all_inner_texts() == ["Company", "Turnover, 12 months"]  # fmt: skip
    assert [" ".join(text.split()) for text in page.locator(".chip").all_inner_texts()] == [
        "Class: A"
    ]


def rows_of(page):
    return page.eval_on_selector_all("#list tbody tr[data-href]", "rows => rows.map(row => row.dataset.href)")  # fmt: skip


def test_one_walks_from_record_to_record_in_the_lists_own_order_and_filter(visitors):
    page = visitors().goto("/customers/?class=D&sort=-turnover")
    first = rows_of(page)
    go_on(page, "#page-next")
    second = rows_of(page)
    total = re.search(r"of ([\d,]+\+?)", page.inner_text(".pager [role=status]")).group(1)
    page.goto(page.url.replace("&page=2", ""))
    go_on(page, f"a.row-link[href='{first[-2]}']")
    assert page.inner_text("#walk") == f"24 of {total}"
    seen = []
    for key in ("n", "n", "p", "p"):
        with page.expect_navigation():
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        seen.append(
            (page.url.removeprefix(visitors().address), page.inner_text("#walk").split()[0])
        )
    assert seen == [(first[-1], "25"), (second[0], "26"), (first[-1], "25"), (first[-2], "24")]
    go_on(page, "#walk [data-walk-list]")
    assert (rows_of(page), page.is_hidden("#walk")) == (first, True)
    go_on(page, f"a.row-link[href='{first[0]}']")
    assert page.is_hidden("#walk [rel=prev]")
    assert visitors().goto("/customers/new/").is_hidden("#walk")
