"""Does the shell work in a real browser: no violations, keyboard first, two widths, two themes?"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from playwright.sync_api import sync_playwright

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [pytest.mark.browser, pytest.mark.urls("koers.core.tests.gallery_urls")]


def chromium():
    for candidate in (os.environ.get("KOERS_CHROMIUM", ""), *BROWSERS):
        if candidate and Path(candidate).exists():
            return candidate
    if os.environ.get("CI") == "true":
        pytest.fail("No Chromium or Chrome was found; set KOERS_CHROMIUM.")
    pytest.skip("no Chromium or Chrome was found")


@pytest.fixture
def session(transactional_db, client):
    user = get_user_model().objects.create(
        email="ann@example.org", full_name="Ann", role="sales_manager"
    )
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def open_page(session, live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

        def opened(path, *, width=1440, theme="light"):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=theme,
                reduced_motion="reduce",
            )
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
            page = context.new_page()
            page.add_init_script(
                "window.broken = [];"
                "document.addEventListener('securitypolicyviolation',"
                " (event) => window.broken.push(event.violatedDirective));"
                "window.addEventListener('error', (event) => window.broken.push(event.message));"
            )
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            return page

        yield opened
        browser.close()


def faults(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES!r}}})")
    return [(fault["id"], fault["nodes"][0]["target"]) for fault in found["violations"]]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_parts_are_accessible_and_obey_the_policy(open_page, width, theme):
    page = open_page("/gallery/", width=width, theme=theme)
    assert faults(page) == []
    assert page.evaluate("window.broken") == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_figure_opens_the_panel_with_how_it_was_made(open_page):
    page = open_page("/gallery/")
    page.click("a.tile-value >> nth=0")
    page.wait_for_selector("#panel .expression")
    assert page.inner_text("#panel-title") == "Share of class A in turnover"
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('panel').open") is False
    assert page.evaluate("window.broken") == []


def test_rows_are_walked_and_picked_by_keyboard(open_page):
    page = open_page("/gallery/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.inner_text("tr.is-current .row-link") == "Noordzee Logistiek 2"
    assert page.inner_text("[data-picked]") == "1"


def test_sorting_changes_the_list_alone_and_keeps_the_focus(open_page):
    page = open_page("/gallery/")
    page.evaluate("document.querySelector('h1').dataset.stays = 'yes'")
    page.click("#sort-name")
    page.wait_for_selector("[aria-sort='ascending'] #sort-name")
    assert page.url.endswith("/gallery/?sort=name")
    assert page.evaluate("document.activeElement.id") == "sort-name"
    assert page.evaluate("document.querySelector('h1').dataset.stays") == "yes"
    assert page.evaluate("window.broken") == []


def test_the_palette_opens_by_slash_and_closes_by_escape(open_page):
    page = open_page("/gallery/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('dialog').id") == "palette"
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('palette').open") is False


def test_a_dangerous_step_asks_first(open_page):
    page = open_page("/gallery/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.click("text=Reassign")
    assert page.inner_text("#confirm-question") == "Give these companies to somebody else?"
    page.click("#confirm >> text=Cancel")
    assert page.evaluate("document.getElementById('confirm').open") is False
    assert page.url.endswith("/gallery/")
