"""Can a seller report a visit on the phone, off-line too, and bring a quote to an order?"""

import re
import urllib.error
import urllib.request

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def choose(page, field, text, options, place=0):
    """Type into a field and take one of the records that appear."""
    page.locator(field).press_sequentially(text)
    page.wait_for_selector(f"{options} option >> nth={place}", state="attached")
    page.fill(field, page.locator(f"{options} option").nth(place).get_attribute("value"))


def test_a_visit_reported_without_a_connection_is_sent_once_when_it_is_back(visitors):
    visitor = visitors("ann.de.wit", width=390)
    page = visitor.goto("/sell/activities/log/")
    choose(page, "input[name=company]", "De", "#company-options")
    page.fill("input[name=subject]", "Visit from the car park")
    page.context.set_offline(True)
    page.click("button:has-text('Save')")
    page.wait_for_selector("[data-outbox] li")
    page.context.set_offline(False)
    page.wait_for_selector("[data-outbox]", state="hidden")
    page = visitor.goto("/sell/activities/?q=Visit+from+the+car")
    assert page.locator("tbody tr").count() == 1


def test_a_next_step_becomes_a_task_that_can_be_done(visitors):
    visitor = visitors("ann.de.wit", width=390)
    page = visitor.goto("/sell/activities/log/")
    choose(page, "input[name=company]", "De", "#company-options")
    page.fill("input[name=next_step]", "Send the drawing")
    page.fill("input[name=next_on]", "2027-01-04")
    page.click("button:has-text('Save')")
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    page = visitor.goto("/sell/activities/?q=Send+the+drawing")
    page.click("a.row-link >> nth=0")
    page.click("button:has-text('Done')")
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    page = visitor.goto("/sell/activities/?q=Send+the+drawing&status=done")
    assert page.locator("tbody tr").count() == 1


def test_a_quote_above_the_limit_is_approved_sent_accepted_and_becomes_an_order(visitors, browser):
    seller, manager = visitors("ann.de.wit"), visitors("saskia.brouwer")
    page = seller.goto("/sell/quotes/new/")
    choose(page, "input[name=company]", "De", "#company-options")
    choose(page, "input[name=line-0-product]", "C", "#product-options")
    page.fill("input[name=line-0-quantity]", "4")
    page.fill("input[name=line-0-discount]", "15")
    page.click("button:has-text('Save')")
    page.wait_for_url(re.compile(r"/sell/quotes/\d+/"))
    page.click("button:has-text('Ask for approval')")
    page.wait_for_selector("h1 .badge-warn")
    path = page.url.removeprefix(seller.address)
    page = manager.goto(path)
    for step in ("Approve", "Send"):
        page.click(f"button:has-text('{step}')")
    link = page.inner_text("#offer-link")
    customer = browser.new_context(viewport={"width": 390, "height": 900}).new_page()
    customer.goto(link)
    customer.fill("input[name=name]", "Kim de Vries")
    customer.check("input[name=agreed]")
    customer.click("button:has-text('Accept')")
    customer.wait_for_selector(".notice-good")
    customer.context.close()
    page = manager.goto(path)
    page.click(".notice-good a")
    page.wait_for_url(re.compile(r"/sell/orders/\d+/"))
    assert page.locator("tbody tr").count() == 1
    assert manager.faults == []


def test_a_calendar_program_reads_the_week_until_its_address_is_withdrawn(visitors):
    visitor = visitors("ann.de.wit", width=390)
    page = visitor.goto("/sell/activities/week/")
    page.get_by_role("link", name="In your calendar").click()
    page.wait_for_url(re.compile(r"/activities/calendar/$"))
    page.get_by_role("button", name="Make an address").click()
    page.wait_for_selector("input[readonly]")
    address = page.input_value("input[readonly]")
    with urllib.request.urlopen(address) as answer:  # noqa: S310 -- the address of our own server
        assert (answer.status, answer.readline()) == (200, b"BEGIN:VCALENDAR\r\n")
    page.get_by_role("button", name="Withdraw").click()
    page.click("dialog[open] button[value=yes]")
    page.wait_for_selector("text=The address no longer works.")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)  # noqa: S310 -- the address of our own server
