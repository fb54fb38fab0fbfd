"""How do the journeys run? Against Koers as a user starts it: its own process, worker and data."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

PASSWORD = "Roer-om-op-tijd-26"
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    for candidate in (os.environ.get("KOERS_CHROMIUM", ""), *BROWSERS):
        if candidate and Path(candidate).exists():
            return candidate
    if os.environ.get("CI") == "true":
        pytest.fail("No Chromium or Chrome was found; set KOERS_CHROMIUM.")
    pytest.skip("no Chromium or Chrome was found")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo company, served as ``make demo`` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "KOERS_DATA_DIR": str(tmp_path_factory.mktemp("demo")),
        "KOERS_DATABASE_URL": "",
    }
    log = tmp_path_factory.mktemp("log") / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "koers.config", "demo", "--serve", "--port", str(port)],
            env=env,
            stdout=out,
            stderr=out,
        )
    url = f"http://127.0.0.1:{port}"
    for _attempt in range(720):
        try:
            urllib.request.urlopen(f"{url}/account/login/", timeout=2).close()  # noqa: S310 -- our own server
            break
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
    else:
        server.kill()
        pytest.fail("Koers did not answer within three minutes:\n" + log.read_text())
    yield url
    server.terminate()
    server.wait(timeout=15)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its file: Playwright's loop would refuse the database to other tests of the process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


class Visitor:
    """Somebody in front of a screen, logged in once."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        name: str,
        *,
        width: int = 1440,
        theme: str = "light",
        language: str = "en",
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        self.context.add_cookies([{"name": "koers-language", "value": language, "url": address}])
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.asked: set[Request] = set()
        self.page.on("request", lambda asked: self.asked.add(asked))
        self.page.on("requestfinished", lambda asked: self.asked.discard(asked))
        self.page.on("requestfailed", lambda asked: self.asked.discard(asked))
        self.page.goto(f"{address}/account/login/")
        self.page.fill("input[name=login]", f"{name}@fornuis.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("form button[type=submit], form button.button-primary")
        self.page.wait_for_url(f"{address}/")

    def _hear(self, message: ConsoleMessage) -> None:
        """Script errors, refused scripts and styles, and missing files all reach the console."""
        if message.type == "error":
            self.faults.append(message.text)

    def goto(self, path: str) -> Page:
        """Open a page; what goes wrong on it from here on is in ``faults``."""
        self.faults.clear()
        response = self.page.goto(self.address + path)
        assert response is not None and response.ok, (path, response and response.status)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until all that the page asked for has come and has been drawn."""
        quiet = 0
        for _frame in range(2000):
            self.page.evaluate(TWO_FRAMES)
            quiet = 0 if self.asked else quiet + 1
            if quiet == 2:
                return
        pytest.fail(f"The page waits for {sorted(each.url for each in self.asked)}")


@pytest.fixture(scope="module")
def visitors(browser: Browser, address: str):
    """Logged-in people by name, width, theme and language; each logs in once per file."""
    known: dict[tuple[object, ...], Visitor] = {}

    def visitor(name: str = "saskia.brouwer", **how: object) -> Visitor:
        key = (name, *sorted(how.items()))
        if key not in known:
            known[key] = Visitor(browser, address, name, **how)
        return known[key]

    return visitor
