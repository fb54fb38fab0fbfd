"""Is every page usable by everyone: no axe violation, no sideways scroll, nothing the policy blocks?"""

from pathlib import Path

import pytest

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = [
    {"width": 1440, "theme": "light", "language": "en"}, {"width": 390, "theme": "dark", "language": "nl"},
    {"width": 1440, "theme": "dark", "language": "nl"}, {"width": 390, "theme": "light", "language": "en"},
]  # fmt: skip
PAGES = [
    "/", "/analyse/", "/analyse/pyramid/", "/analyse/pyramid/customers/?class=A", "/analyse/movers/", "/analyse/life-cycle/",
    "/analyse/life-cycle/growth/", "/analyse/turnover/", "/analyse/turnover/?by=category&by2=quarter", "/analyse/lines/", "/analyse/rfm/",
    "/analyse/formulas/", "/analyse/formulas/F6.1/", "/analyse/rules/", "/customers/", "/customers/new/", "/customers/contacts/", "/products/",
    "/sell/orders/", "/sell/orders/new/", "/sell/quotes/", "/sell/quotes/new/", "/sell/activities/", "/sell/activities/week/",
    "/sell/activities/new/", "/sell/activities/log/", "/products/price-lists/", "/products/discount-policy/", "/sell/opportunities/", "/plan/targets/", "/plan/targets/new/", "/plan/attainment/", "/serve/", "/develop/", "/control/",
    "/organisation/people/", "/organisation/teams/", "/organisation/territories/", "/organisation/profile/", "/organisation/audit/", "/import/",
    "/import/new/", "/jobs/",
]  # fmt: skip
FIRST = {
    "/customers/": "company",
    "/products/": "product",
    "/sell/orders/": "order",
    "/sell/opportunities/": "opportunity",
    "/sell/quotes/": "quote",
    "/sell/activities/": "activity",
    "/products/price-lists/": "price list",
}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def faults(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES!r}}})")
    return [
        (fault["id"], fault["nodes"][0]["target"], fault["nodes"][0]["html"][:120])
        for fault in found["violations"]
    ]


@pytest.mark.parametrize(
    "look", LOOKS, ids=lambda look: "-".join(str(value) for value in look.values())
)
def test_pages_are_accessible_fit_the_screen_and_obey_the_policy(visitors, look):
    visitor = visitors(**look)
    wrong = {}
    for path in PAGES:
        page = visitor.goto(path)
        found = [*faults(page), *visitor.faults]
        if page.evaluate("document.documentElement.scrollWidth") > look["width"]:
            found.append("scrolls sideways")
        if found:
            wrong[path] = found
        if path in FIRST:
            page = visitor.goto(page.get_attribute("a.row-link", "href"))
            found = [*faults(page), *visitor.faults]
            if page.evaluate("document.documentElement.scrollWidth") > look["width"]:
                found.append("scrolls sideways")
            if found:
                wrong[FIRST[path]] = found
    assert wrong == {}
