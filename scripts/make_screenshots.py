"""Which pictures does the manual show? Taken from the demo company, in both languages."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BROWSER = os.environ.get("KOERS_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
SHOTS = {
    "home": "/", "pyramid": "/analyse/pyramid/", "movers": "/analyse/movers/", "life-cycle": "/analyse/life-cycle/",
    "turnover": "/analyse/turnover/?by=category&by2=quarter", "value": "/analyse/value/", "next-best": "/analyse/next/", "customers": "/customers/?sort=-turnover", "attainment": "/plan/attainment/",
    "control": "/control/", "import": "/import/new/", "formula": "/analyse/formulas/F6.1/",
}  # fmt: skip
FILE = (
    "Debiteurnummer;Naam;Plaats;Land;Omzet\r\n"
    "1001;Café Zürich B.V.;Sneek;Nederland;12.345,60\r\n"
    "1002;Bakkerij Überall;Goes;Nederland;7.890,15\r\n"
)
PASSWORD = "Roer-om-op-tijd-26"  # noqa: S105 -- the demo company's


def main() -> None:
    """Serve the demo company in a folder of its own and photograph it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="koers-manual-") as folder:
        env = {**os.environ, "KOERS_DATA_DIR": folder, "KOERS_DATABASE_URL": ""}
        server = subprocess.Popen(
            [sys.executable, "-m", "koers.config", "demo", "--serve", "--port", str(port)],
            env=env,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/account/login/")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
                for language in ("en", "nl"):
                    _photograph(browser, f"http://127.0.0.1:{port}", language)
        finally:
            server.terminate()
            server.wait(timeout=15)


def _wait(url: str) -> None:
    for _attempt in range(240):
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("Koers did not answer within a minute")


def _photograph(browser: Browser, address: str, language: str) -> None:
    target = ROOT / "docs" / "manual" / language / "images"
    target.mkdir(parents=True, exist_ok=True)
    for width, names in (
        (1440, SHOTS),
        (390, {name: SHOTS[name] for name in ("home", "customers")}),
    ):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "koers-language", "value": language, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/account/login/")
        page.fill("input[name=login]", "saskia.brouwer@fornuis.example")
        page.fill("input[name=password]", PASSWORD)
        page.click("form button.button-primary")
        page.wait_for_url(f"{address}/")
        for name, path in names.items():
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(400)
            page.screenshot(path=target / f"{name}{'-phone' if width < 1000 else ''}.png")
        if width > 1000:
            page.goto(address + "/")
            page.click("a.tile-value >> nth=0")
            page.wait_for_selector("#panel .expression")
            page.wait_for_timeout(400)
            page.screenshot(path=target / "figure.png")
            _photograph_company_and_plan(page, address, target)
        context.close()


def _photograph_company_and_plan(page: Page, address: str, target: Path) -> None:
    """The largest customer's page, and the plan of a small import."""
    page.goto(address + SHOTS["customers"])
    page.click("a.row-link >> nth=0")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=target / "company.png")
    page.goto(address + "/import/new/")
    page.set_input_files(
        "input[type=file]",
        {"name": "klanten.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")},
    )
    page.select_option("select[name=kind]", "companies")
    page.fill("input[name=source]", "boekhouding")
    page.click("form .button-primary")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=target / "import-plan.png", full_page=True)


if __name__ == "__main__":
    main()
