"""Can a seller work with opportunities by mouse, by keyboard and on a phone?"""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOARD = "/sell/opportunities/board/"


def write_down(visitor, name):
    page = visitor.goto("/sell/opportunities/new/")
    page.fill("input[name=name]", name)
    page.fill("input[name=amount]", "1250")
    page.fill("input[name=next_step]", "Call about the drawing")
    page.fill("input[name=next_on]", "2031-05-06")
    page.click("form .button-primary")
    page.wait_for_url(re.compile(r"/sell/opportunities/\d+/$"))
    return page


def column_of(page, name):
    return page.locator(f"[data-card]:has-text('{name}')").evaluate(
        "card => card.closest('[data-stage]').querySelector('h2').firstChild.textContent.trim()"
    )


def test_a_card_is_dragged_and_the_move_undone(visitors):
    visitor = visitors()
    write_down(visitor, "Dragged deal")
    page = visitor.goto(f"{BOARD}?q=Dragged")
    assert column_of(page, "Dragged deal") == "Kwalificatie"
    card = page.locator("[data-card]:has-text('Dragged deal')").bounding_box()
    target = page.locator("[data-column]").nth(1).bounding_box()
    page.mouse.move(card["x"] + 60, card["y"] + 12)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 20, steps=12)
    page.mouse.up()
    page.wait_for_selector(".toast >> text=Dragged deal")
    assert column_of(page, "Dragged deal") == "Behoefteanalyse"
    page.click(".toast >> text=Undo")
    page.wait_for_url(re.compile(r"/board/"))
    page = visitor.goto(f"{BOARD}?q=Dragged")
    assert column_of(page, "Dragged deal") == "Kwalificatie"
    assert visitor.faults == []


def test_a_card_moves_by_keyboard_and_keeps_the_focus(visitors):
    visitor = visitors()
    write_down(visitor, "Typed deal")
    page = visitor.goto(f"{BOARD}?q=Typed")
    page.focus("[data-card] a")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(".toast >> text=Typed deal")
    assert column_of(page, "Typed deal") == "Behoefteanalyse"
    assert "Typed deal" in page.evaluate("document.activeElement.textContent")


def test_losing_asks_for_the_reason_and_winning_again_for_the_amount(visitors):
    visitor = visitors(width=390)
    write_down(visitor, "Lost deal")
    page = visitor.goto(f"{BOARD}?q=Lost%20deal")
    page.click("[data-card] button[popovertarget]")
    page.click(".menu-list button:has-text('Verloren')")
    page.wait_for_url(re.compile(r"/move/\d+/"))
    page.click("form .button-primary")
    assert "/move/" in page.url
    page.fill("input[name=lost_reason]", "Price")
    page.click("form .button-primary")
    page.wait_for_url(re.compile(r"/board/"))
    page = visitor.goto("/sell/opportunities/?q=Lost%20deal")
    assert "Verloren" in page.inner_text("tbody tr")
    page.click("tbody a.row-link")
    page.click(".stage-bar button:has-text('Gewonnen')")
    page.wait_for_url(re.compile(r"/move/\d+/"))
    assert page.input_value("input[name=amount]") in ("1,250", "1250", "1,250.00", "1250.00")
    page.click("form .button-primary")
    page.wait_for_selector("li.is-won[aria-current]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_two_people_on_one_opportunity_see_both_values(visitors):
    one, other = visitors(), visitors("wilma.schouten")
    page = other.goto("/sell/opportunities/?kind=open")
    page.click("tbody a.row-link >> nth=0")
    page.wait_for_url(re.compile(r"/sell/opportunities/\d+/$"))
    url = page.url.removeprefix(other.address)
    first, second = one.goto(f"{url}edit/"), other.goto(f"{url}edit/")
    first.fill("input[name=amount]", "2000")
    first.click("form .button-primary")
    first.wait_for_url(re.compile(r"/\d+/$"))
    second.fill("input[name=amount]", "3000")
    second.click("form .button-primary")
    second.wait_for_selector("input[name=keep_amount]")
    assert "2000" in second.inner_text("main")
    assert second.input_value("input[name=amount]") == "3000"


def test_a_bar_of_the_past_pipeline_opens_deals_that_add_up_to_it(visitors):
    page = visitors().goto("/sell/opportunities/board/")
    page.get_by_role("link", name="As it was").click()
    page.wait_for_url(re.compile(r"/sell/opportunities/past/$"))
    page.get_by_role("link", name="A year ago").click()
    page.wait_for_url(re.compile(r"past/\?.*day="))
    row = page.locator("section[aria-labelledby=bridge-title] tbody tr").filter(
        has=page.get_by_role("link", name="New", exact=True)
    )
    deals = int(row.locator("td").nth(0).inner_text())
    amount = row.locator("td").nth(1).inner_text().removeprefix("+")
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(r"past/deals/"))
    assert f"Total {amount}" in page.locator("main").inner_text()
    assert f"of {deals}" in page.locator("#list").inner_text()


def test_somebody_in_the_buying_centre_is_moved_by_keyboard_and_taken_out_and_back(visitors):
    visitor = visitors(width=390)
    page = visitor.goto("/sell/opportunities/?kind=open&q=Project")
    page.click("tbody a.row-link")
    page.click("text=Open the map")
    page.wait_for_url(re.compile(r"/buying-centre/$"))
    name = page.inner_text("[data-card] strong >> nth=0")
    card = page.locator(f"[data-card]:has-text('{name}')")
    before = card.evaluate("card => Number(card.closest('[data-stage]').dataset.stage)")
    step, key = (-1, "ArrowLeft") if before == 2 else (1, "ArrowRight")
    card.locator("a").focus()
    page.keyboard.press(f"Shift+{key}")
    page.wait_for_selector(f"[data-stage='{before + step}'] [data-card]:has-text('{name}')")
    page.click(f"[data-card] a:has-text('{name}')")
    page.click("text=Take out")
    page.wait_for_url(re.compile(r"/buying-centre/$"))
    assert page.locator(f"[data-card]:has-text('{name}')").count() == 0
    page.click(".toast >> text=Undo")
    page.wait_for_selector(f"[data-stage='{before + step}'] [data-card]:has-text('{name}')")
    page = visitor.goto(page.url.removeprefix(visitor.address))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visitor.faults == []
