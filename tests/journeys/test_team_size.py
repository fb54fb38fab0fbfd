"""Can a manager find out how many salespeople are needed, with the keyboard and on a phone?"""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def heads(page):
    return [int(text) for text in page.locator("main table strong").all_inner_texts()]


@pytest.mark.parametrize("width", [1440, 390])
def test_an_input_is_changed_by_keyboard_and_the_number_opens_its_formula(visitors, width):
    visitor = visitors(width=width)
    page = visitor.goto("/plan/size/")
    before = heads(page)
    assert len(before) == 5
    minutes = page.input_value("#id_travel_minutes")
    page.fill("#id_travel_minutes", str(int(minutes) * 6))
    page.press("#id_travel_minutes", "Enter")
    page.wait_for_url("**travel_minutes=180**")
    after = heads(page)
    assert after[0] > before[0]
    assert after[1:4] == before[1:4]
    page.locator("a.figure-link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .panel-figure")
    assert page.inner_text("#panel .panel-figure").split()[0] == str(after[0])
    assert "Travel per visit, hours\t3" in page.inner_text("#panel table.parts").splitlines()
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert visitor.faults == []


def test_the_sensitivity_keeps_the_inputs_that_were_typed(visitors):
    page = visitors().goto("/plan/size/?sales_share=10")
    page.select_option("#vary", "sales_share")
    page.wait_for_url("**vary=sales_share**")
    assert page.input_value("#id_sales_share") == "10"
    cells = [int(text) for text in page.locator("#sensitivity tbody tr").nth(3).locator("td").all_inner_texts()]  # fmt: skip
    assert cells == sorted(cells)
    assert cells[0] < cells[-1]
    assert cells[2] == heads(page)[3]
