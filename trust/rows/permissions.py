"""Row 9: does every address answer every role as the committed table says, and is none unlisted?"""

from collections.abc import Callable
from typing import Any
from unittest import mock

from django.http import HttpRequest, HttpResponse
from django.test.utils import setup_test_environment
from django.urls import clear_url_caches, get_resolver, path
from tests.routes import table
from tests.routes.world import make_world

from koers.organisation import policies
from koers.organisation.models import Role
from trust.row import Finding, Row


def _check(some: Callable[[list[table.Route]], list[table.Route]]) -> Finding:
    setup_test_environment()
    committed = table.read_table()
    unlisted, vanished = table.keys() - committed.keys(), committed.keys() - table.keys()
    if unlisted or vanished:
        return Finding(held=False, value=f"{len(unlisted)} cells not in the table, {len(vanished)} of addresses that are gone")  # fmt: skip
    with mock.patch.object(table, "routes", return_value=some(table.routes())):
        found, changed = table.measure(make_world())
    differ = [key for key in found if found[key] != committed.get(key)]
    failed = [key for key, status in found.items() if status >= 500]
    refused = sum(status >= 400 for status in found.values())
    value = (
        f"{len(found)} of {len(committed)} cells ({len({key[0] for key in found})} addresses): {len(differ)} differ, 0 undecided, "
        f"{len(failed)} failures; {len(changed)} of {refused} refusals changed a table"
    ) + (f" ({' '.join(differ[0])})" if differ else "")
    return Finding(held=not differ and not changed and not failed, value=value)


def measure(short: bool) -> Finding:
    """Every address, method and role; the short form takes each 24th address, for the tests ask them all."""
    return _check(lambda routes: routes[::24] if short else routes)


def _some_of_people_and_customers(routes: list[table.Route]) -> list[table.Route]:
    """Where the broken variants are broken."""
    some = {"organisation:user_list", "customers:company_list", "customers:company_create", "customers:company_edit"}  # fmt: skip
    return [route for route in routes if route.name in some]


def right_too_many(short: bool) -> Finding:
    """A role was given one right it should not have."""
    del short
    rights = policies.RIGHTS[Role.MARKETING] | {policies.Right.EDIT_CUSTOMERS}
    with mock.patch.dict(policies.RIGHTS, {Role.MARKETING: rights}):
        return _check(_some_of_people_and_customers)


def view_without_check(short: bool) -> Finding:
    """One existing page answers whoever asks."""
    del short

    def open_to_all(_request: HttpRequest, **_given: Any) -> HttpResponse:
        return HttpResponse("the people of this company")

    pattern = next(each for each in _patterns(get_resolver()) if each.name == "user_list")
    with mock.patch.object(pattern, "callback", open_to_all):
        return _check(_some_of_people_and_customers)


def address_not_listed(short: bool) -> Finding:
    """Somebody added an address and not its cells."""
    del short
    resolver = get_resolver()
    resolver.url_patterns.append(path("new/", lambda _request: HttpResponse(), name="new"))
    clear_url_caches()
    with mock.patch.object(table, "get_resolver", return_value=resolver):
        return _check(_some_of_people_and_customers)


def _patterns(resolver: Any) -> list[Any]:
    found = []
    for each in resolver.url_patterns:
        found += _patterns(each) if hasattr(each, "url_patterns") else [each]
    return found


ROW = Row(
    number=9,
    name="Who may do what",
    goal="every address x method x role decided, 0 differ (short form: each 24th address), 0 unlisted, no refusal changes a table",
    measure=measure,
    controls={
        "view without check": view_without_check,
        "one right too many": right_too_many,
        "address not listed": address_not_listed,
    },
)
