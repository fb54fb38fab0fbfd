"""Can a sales manager do the main job, click by click?"""

import re
import time

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FILE = "Debiteurnummer;Naam;Plaats;Land;Medewerkers\r\nJ1;Café Zürich B.V.;Sneek;Nederland;12\r\nJ2;Bakkerij Überall;Goes;Duitsland;7\r\nJ3;;Tiel;Nederland;4\r\n"


def test_a_figure_opens_down_to_its_rows_and_a_class_down_to_an_order(visitors):
    visitor = visitors()
    page = visitor.goto("/")
    page.click("a.tile-value >> nth=0")
    page.wait_for_selector("#panel .expression")
    assert "Σ" in page.inner_text("#panel .expression")
    parts = dict(
        row.split("\t", 1)
        for row in page.inner_text("#panel table.parts").splitlines()
        if "\t" in row
    )
    assert set(parts) == {"Sales", "Credit notes", "Order lines", "Orders", "Customers"}
    page.keyboard.press("Escape")
    page = visitor.goto("/analyse/pyramid/customers/?class=A")
    assert page.locator("tbody tr").count() >= 5
    page.click("a.row-link >> nth=0")
    page.wait_for_selector("h1 .class-mark")
    page.wait_for_selector("#company-history")
    page.click("section[hx-get] a.row-link >> nth=0")
    page.wait_for_url(re.compile(r"/sell/orders/\d+/"))
    assert page.locator("tbody tr").count() >= 1


def wait_for_status(page, word):
    for _attempt in range(80):
        if word in page.inner_text("#import-status"):
            return
        time.sleep(0.25)
        page.reload()
    pytest.fail(page.inner_text("#import-status"))


def test_a_dutch_file_is_explained_checked_brought_in_and_undone(visitors, tmp_path):
    file = tmp_path / "klanten.csv"
    file.write_bytes(FILE.encode("cp1252"))
    visitor = visitors()
    page = visitor.goto("/import/new/")
    page.set_input_files("input[type=file]", str(file))
    page.select_option("select[name=kind]", "companies")
    page.fill("input[name=source]", "boekhouding")
    page.click("form .button-primary")
    page.wait_for_url(re.compile(r"/import/\d+/plan/"))
    assert "cp1252" in page.inner_text("main")
    assert page.input_value("#column-1") == "name"
    page.click("form .button-primary")
    wait_for_status(page, "Checked")
    assert "This field is empty but needed" in page.inner_text("#import-status")
    page.click("text=Bring it in")
    wait_for_status(page, "Done")
    tiles = [
        tile.replace("\n", " ") for tile in page.locator("#import-status .tile").all_inner_texts()
    ]
    assert tiles == ["Created 2", "Updated 0", "Unchanged 0", "Refused 1"]
    listed = visitor.goto("/customers/?q=Café Z")
    assert listed.locator("a.row-link").all_inner_texts() == ["Café Zürich B.V."]
    page = visitor.goto("/import/")
    page.click("a.row-link >> nth=0")
    page.click("text=Undo this import")
    page.click("dialog[open] button:has-text('Undo')")
    wait_for_status(page, "Undone")
    assert visitor.goto("/customers/?q=Café Z").locator("a.row-link").count() == 0


def test_two_people_at_one_company_lose_nothing(visitors):
    first, second = visitors(), visitors("ben.terpstra")
    page = second.goto("/customers/?sort=-turnover")
    path = page.get_attribute("a.row-link >> nth=3", "href")
    one, two = first.goto(f"{path}edit/"), second.goto(f"{path}edit/")
    one.fill("input[name=phone]", "0515-111111")
    one.click("form.form .button-primary")
    one.wait_for_url(re.compile(r"/customers/\d+/$"))
    two.fill("input[name=phone]", "0515-222222")
    two.fill("input[name=website]", "www.samen.example")
    two.click("form.form .button-primary")
    two.wait_for_selector("table.conflict")
    row = two.inner_text("table.conflict tbody")
    assert "0515-111111" in row and "0515-222222" in row
    two.check("input[name=keep_phone][value=mine]")
    two.click("form.form .button-primary")
    two.wait_for_url(re.compile(r"/customers/\d+/$"))
    shown = two.inner_text("main")
    assert "0515-222222" in shown and "www.samen.example" in shown


def test_the_palette_finds_a_customer_by_keyboard(visitors):
    page = visitors().goto("/plan/attainment/")
    page.keyboard.press("Control+k")
    page.keyboard.type("Bakkerij")
    page.wait_for_selector(".palette-option:has-text('Bakkerij')")
    assert page.locator(".palette-option:has-text('Bakkerij')").count() >= 3


def test_an_account_manager_sees_the_team_and_nothing_else(visitors):
    page = visitors("ann.de.wit").goto("/customers/?count=exact")
    owners = page.locator("select[name=owner] option").all_inner_texts()
    assert "Ann de Wit" in owners and "Koen Maas" not in owners
    assert page.locator("a[href='/organisation/audit/']").count() == 0


def test_the_house_speaks_dutch_and_turns_dark_as_the_visitor_asks(visitors):
    page = visitors(width=1440, theme="dark", language="nl").goto("/")
    assert page.get_attribute("html", "lang") == "nl"
    assert "Omzet" in page.inner_text("main")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", ground)[:3]) < 150
