"""Is every page usable by everyone: no axe violation, no sideways scroll, nothing the policy blocks?"""

import re
from pathlib import Path

import pytest
from tests.journeys.test_manager import wait_for_status

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = [
    {"width": 1440, "theme": "light", "language": "en"}, {"width": 390, "theme": "dark", "language": "nl"},
    {"width": 1440, "theme": "dark", "language": "nl"}, {"width": 390, "theme": "light", "language": "en"},
]  # fmt: skip
"""Each page is seen in two of them: wide and narrow, light and dark, English and Dutch."""
PAGES = [
    "/", "/analyse/", "/analyse/pyramid/", "/analyse/pyramid/customers/?class=A", "/analyse/movers/", "/analyse/life-cycle/",
    "/analyse/life-cycle/growth/", "/analyse/turnover/", "/analyse/turnover/?by=category&by2=quarter", "/analyse/lines/", "/analyse/rfm/", "/analyse/value/", "/analyse/value/equity/", "/analyse/drivers/", "/analyse/drivers/scores/", "/analyse/drivers/scores/new/", "/analyse/drivers/figures/supplier/", "/analyse/drivers/actions/", "/analyse/drivers/actions/new/", "/analyse/value/trust/", "/analyse/cohorts/", "/analyse/next/", "/analyse/cross-sell/", "/analyse/campaigns/", "/analyse/campaigns/new/phase:growth/",
    "/analyse/formulas/", "/analyse/formulas/F6.1/", "/analyse/rules/", "/customers/", "/customers/new/", "/customers/contacts/", "/products/",
    "/sell/orders/", "/sell/orders/new/", "/sell/quotes/", "/sell/quotes/new/", "/sell/activities/", "/sell/activities/week/",
    "/sell/activities/new/",
    "/sell/activities/calendar/",
    "/sell/ways/",
    "/sell/leads/rule/",
    "/sell/ways/new_task/integrated/",
    "/sell/activities/log/",
    "/products/price-lists/",
    "/organisation/profile/log-ins/",
    "/products/discount-policy/",
    "/sell/opportunities/",
    "/plan/goals/",
    "/plan/sessions/",
    "/plan/sessions/new/",
    "/plan/key-success-factors/",
    "/plan/key-success-factors/new/",
    "/plan/goals/new/",
    "/plan/targets/",
    "/plan/targets/new/",
    "/plan/attainment/",
    "/plan/pipeline-forecast/",
    "/plan/pipeline-forecast/deals/",
    "/plan/pipeline-forecast/weighted/",
    "/plan/forecasts/",
    "/plan/calls/",
    "/plan/calls/?edit=company-0",
    "/plan/calls/kept/",
    "/plan/calls/record/",
    "/plan/forecasts/new/",
    "/plan/forecasts/accuracy/",
    "/plan/budgets/",
    "/plan/budgets/new/",
    "/plan/size/",
    "/plan/pay/",
    "/plan/pay/plans/",
    "/plan/pay/plans/new/",
    "/plan/pay/simulator/",
    "/plan/economics/",
    "/plan/economics/discount/",
    "/plan/economics/decisions/",
    "/plan/economics/discount/keep/",
    "/plan/economics/facts/share/",
    "/plan/territories/",
    "/plan/effort/",
    "/plan/effort/1/",
    "/plan/effort/estimates/",
    "/plan/effort/1/figures/hour/",
    "/plan/sales-days/",
    "/plan/sales-days/figures/days/",
    "/plan/calendar/",
    "/plan/calendar/?view=week",
    "/plan/calendar/route/",
    "/plan/calendar/?view=list",
    "/plan/size/figures/franke/",
    "/serve/",
    "/develop/",
    "/control/",
    "/control/actions/",
    "/control/actions/new/",
    "/analyse/feedback/",
    "/analyse/wallet/",
    "/analyse/wallet/figure/",
    "/analyse/warning/",
    "/analyse/warning/figures/loss/",
    "/serve/feedback/",
    "/control/selling/",
    "/control/selling/deals/",
    "/control/talks/",
    "/control/selling/figures/win_rate/",
    "/control/variance/",
    "/control/postma/",
    "/control/report/",
    "/control/variance/rows/",
    "/control/variance/figures/price/",
    "/sell/leads/",
    "/sell/pipelines/",
    "/sell/pipelines/new/",
    "/sell/leads/new/",
    "/sell/opportunities/board/",
    "/sell/opportunities/past/",
    "/sell/opportunities/past/deals/",
    "/sell/leads/sources/",
    "/sell/leads/forms/",
    "/sell/leads/forms/new/",
    "/sell/opportunities/new/",
    "/sell/opportunities/bin/",
    "/organisation/people/", "/organisation/teams/", "/organisation/territories/", "/organisation/profile/", "/organisation/profile/tokens/", "/customers/bin/", "/organisation/audit/", "/import/",
    "/import/new/", "/jobs/",
]  # fmt: skip
FIRST = {
    "/customers/": "company",
    "/products/": "product",
    "/sell/orders/": "order",
    "/sell/opportunities/": "opportunity",
    "/analyse/campaigns/": "campaign",
    "/analyse/drivers/actions/": "action on a driver",
    "/sell/leads/": "lead",
    "/sell/leads/forms/": "web form",
    "/sell/quotes/": "quote",
    "/sell/activities/": "activity",
    "/products/price-lists/": "price list",
}
OF_THE_ADMINISTRATOR = [
    "/organisation/webhooks/",
    "/organisation/settings/",
    "/organisation/people/new/",
    "/organisation/privacy/",
    "/privacy/?q=a",
    "/privacy/contact/1/",
    "/privacy/contact/1/erase/",
    "/privacy/retention/",
    "/privacy/reads/",
    "/privacy/retention/?of=binned_contact",
]
IMPORT = "Debiteurnummer;Naam;Plaats\r\nT1;Toegankelijk B.V.;Sneek\r\nT2;;Tiel\r\n"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def faults(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES!r}}})")
    return [
        (fault["id"], fault["nodes"][0]["target"], fault["nodes"][0]["html"][:120])
        for fault in found["violations"]
    ]


def wrong_with(visitor, path, width):
    """What axe, the policy and the width say of a page; nothing when all is well."""
    page = visitor.goto(path)
    found = [*faults(page), *visitor.faults]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("scrolls sideways")
    return {path: found} if found else {}


@pytest.mark.parametrize(
    "look", LOOKS, ids=lambda look: "-".join(str(value) for value in look.values())
)
def test_pages_are_accessible_fit_the_screen_and_obey_the_policy(visitors, look):
    visitor, wrong, of_pair = visitors(**look), {}, LOOKS.index(look) // 2
    for path in PAGES[of_pair::2]:
        wrong |= wrong_with(visitor, path, look["width"])
        if path in FIRST:
            first = visitor.page.get_attribute("a.row-link", "href")
            wrong |= wrong_with(visitor, first, look["width"])
    assert wrong == {}


@pytest.fixture(scope="module")
def import_pages(visitors, tmp_path_factory):
    """A plan that waits, and a result with a refused row."""
    file = tmp_path_factory.mktemp("import") / "toegankelijk.csv"
    file.write_bytes(IMPORT.encode())
    found = []
    for _time in range(2):
        page = visitors().goto("/import/new/")
        page.set_input_files("input[type=file]", str(file))
        page.select_option("select[name=kind]", "companies")
        page.fill("input[name=source]", "toegankelijk")
        page.click("form .button-primary")
        page.wait_for_url(re.compile(r"/import/\d+/plan/"))
        found.append(page.url.removeprefix(visitors().address))
    page.click("form .button-primary")
    wait_for_status(page, "Checked")
    return [*found, found[-1].removesuffix("plan/")]


@pytest.mark.parametrize(
    "look", LOOKS, ids=lambda look: "-".join(str(value) for value in look.values())
)
def test_forms_imports_and_settings_are_accessible_and_fit_the_screen(visitors, import_pages, look):
    visitor, administrator, width = visitors(**look), visitors("alex.beheer", **look), look["width"]
    company = visitor.goto("/customers/?sort=-turnover").get_attribute("a.row-link", "href")
    site = visitor.goto(company).get_attribute("#sites a.row", "href")
    deal = visitor.goto("/sell/opportunities/?kind=open&q=Project").get_attribute(
        "a.row-link", "href"
    )
    centre = f"{deal}buying-centre/"
    paths = [
        f"{company}edit/",
        f"{company}sites/new/",
        site,
        centre,
        f"{centre}new/",
        *import_pages,
    ]
    wrong = {}
    for path in paths:
        wrong |= wrong_with(visitor, path, width)
    for path in OF_THE_ADMINISTRATOR:
        wrong |= wrong_with(administrator, path, width)
    page = visitor.goto("/customers/?q=Bakkerij")
    page.check("tbody .pick input >> nth=0")
    wrong |= {"bulk bar": found} if (found := faults(page)) else {}
    page.select_option("#bulk-segment_id", index=2)
    with page.expect_navigation():
        page.click(".bulk-bar .button-primary")
    wrong |= {"bulk preview": found} if (found := faults(page)) else {}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == {}
