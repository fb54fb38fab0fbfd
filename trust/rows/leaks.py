"""Row 10: does a value that a role may not see appear anywhere that role can look?"""

from collections.abc import Callable
from typing import Any
from unittest import mock

from django.test.utils import setup_test_environment
from tests.routes.slices import gather_set
from tests.routes.table import clients
from tests.routes.test_role_route import readable_pages, text_of
from tests.routes.world import CANARY, make_world

from koers.organisation import policies
from koers.organisation.models import Role
from koers.organisation.queries import actor
from trust.row import Finding, Row

COST = (f"{CANARY:f}", "987654", "987,654", "987.654", "1012345", "1,012,345", "1.012.345", "50.6", "50,6")  # fmt: skip
FOREIGN = "Cora Visser"
ORACLES = (
    "/customers/?sort=contribution",
    "/customers/?columns=name,contribution",
    "/analyse/turnover/?by=company&sort=margin",
    "/analyse/turnover/?by=company&sort=contribution",
    "/analyse/pyramid/customers/?sort=contribution",
)
LISTS = (
    "/customers/", "/customers/contacts/", "/customers/bin/", "/customers/bin/?kind=contacts", "/sell/orders/",
    "/sell/opportunities/", "/sell/activities/", "/sell/quotes/", "/plan/targets/", "/analyse/lines/",
    "/analyse/pyramid/customers/", "/analyse/life-cycle/start/", "/analyse/rfm/", "/search/?q=Company",
)  # fmt: skip


Some = Callable[[list[str]], list[str]]


def _check(some: Some, roles: tuple[str, ...] = (Role.MARKETING, Role.INSIDE_SALES)) -> Finding:
    setup_test_environment()
    world = make_world()
    people: dict[str, Any] = clients(world)
    leaks: list[str] = []
    outputs = 0
    for role in roles:
        for url in some(readable_pages(world)):
            for more in ("", "export=csv", "export=xlsx"):
                answer = people[role].get(
                    url + (("&" if "?" in url else "?") + more if more else "")
                )
                text = text_of(answer)
                outputs += 1
                leaks += [f"{role} {url} {more}" for value in COST if value in text]
        leaks += [f"{role} {url}" for url in ORACLES if people[role].get(url).status_code != 400]
        outputs += len(ORACLES)
    for url in (*LISTS, *sorted(gather_set("LISTS"))):
        outputs += 1
        if FOREIGN in people[Role.ACCOUNT_MANAGER].get(url).content.decode():
            leaks.append(f"foreign records in {url}")
    seen = "987,654" in people[Role.ACCOUNT_MANAGER].get(f"/sell/orders/{world.ann.order.pk}/").content.decode()  # fmt: skip
    value = f"{outputs} pages, exports and sortings: {len(leaks)} leaks" + (
        f" ({leaks[0]})" if leaks else ""
    )
    return Finding(held=not leaks and seen, value=value)


def measure(short: bool) -> Finding:
    """Cost planted in an order, and the records of another team; the short form takes each 16th page, for the tests ask them all."""
    return _check(lambda pages: pages[::16] if short else pages)


def _of_turnover(pages: list[str]) -> list[str]:
    """Where the broken variant is broken."""
    return [page for page in pages if page.startswith("/analyse/turnover/")]


def cost_for_marketing(short: bool) -> Finding:
    """Marketing may see costs."""
    del short
    rights = policies.RIGHTS[Role.MARKETING] | {policies.Right.SEE_COST}
    with mock.patch.dict(policies.RIGHTS, {Role.MARKETING: rights}):
        return _check(_of_turnover, (Role.MARKETING,))


def no_borders(short: bool) -> Finding:
    """Account managers are among those who see every customer."""
    del short
    with mock.patch.object(actor, "READS_ALL", actor.READS_ALL | {Role.ACCOUNT_MANAGER}):
        return _check(_of_turnover, ())


ROW = Row(
    number=10,
    name="Leaks",
    goal="0 planted costs and 0 records of another team in pages, CSV, XLSX, search; sorting by them refused",
    measure=measure,
    controls={"marketing may see costs": cost_for_marketing, "borders of teams gone": no_borders},
)
