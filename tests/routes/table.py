"""Which URL, method and role give which status? Measured for every route, kept in routes.csv."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from tests.routes.bodies import bodies
from tests.routes.slices import gather
from tests.routes.world import World, fingerprints

from koers.organisation.models import Role, User

TABLE = Path(__file__).with_name("routes.csv")
METHODS = ("GET", "POST")
STRANGER = "account_manager_of_another_team"
HEADS = ("url", "method", "role", "status")
LIBRARY_ROLES = ("anonymous", "account_manager")
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
UNWATCHED = {"sessions.Session", "core.Job"}
Key = tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Route:
    """A named address and the parameters in it."""

    name: str
    parameters: tuple[str, ...]

    @property
    def is_of_library(self) -> bool:
        """Log-in, password and second factor come from a library and know no roles."""
        return ":" not in self.name and self.name.startswith(("account_", "mfa_", "usersessions_"))


def routes() -> list[Route]:
    """Every URL name in the resolver."""
    return sorted(set(_routes(get_resolver(), "")))


def _routes(resolver: URLResolver, space: str, above: tuple[str, ...] = ()) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        own = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _routes(entry, inner, above + own)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Route(space + entry.name, above + own)


def keys() -> set[Key]:
    """Every cell the table must have."""
    roles = ["anonymous", *Role.values, STRANGER]
    return {
        (route.name, method, role)
        for route in routes()
        for method in METHODS
        for role in (LIBRARY_ROLES if route.is_of_library else roles)
    }


def read_table() -> dict[Key, int]:
    """The committed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(r["url"], r["method"], r["role"]): int(r["status"]) for r in csv.DictReader(file)}


def write_table(found: dict[Key, int]) -> None:
    """Commit what was measured, for a person to read."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows((*key, status) for key, status in sorted(found.items()))
    TABLE.write_text(buffer.getvalue(), encoding="utf-8")


def watched() -> list[type[Model]]:
    """Tables a refused request must leave alone; sessions and the cache live their own life."""
    return [model for model in apps.get_models() if model._meta.label not in UNWATCHED and model._meta.managed]  # fmt: skip


def clients(world: World) -> dict[str, Client]:
    """A logged-in browser per role, one for nobody, and Cora as the stranger to Ann's records."""
    people: dict[str, User | None] = {"anonymous": None, **world.cast.of_role, STRANGER: world.cast.cora}  # fmt: skip
    found = {}
    for role, user in people.items():
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            session["undo_reassign"] = json.dumps(
                {
                    "given": {"owner_id": world.cast.ann.pk},
                    "former": [[{"owner_id": world.cast.sam.pk}, [world.ann.company.pk]]],
                }
            )
            session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]  # fmt: skip
            session.save()
        found[role] = client
    return found


def address(route: Route, arguments: dict[str, Any]) -> str:
    """The route's address for the records at hand."""
    usual = {"key": "abc", "uidb36": "1", "pk": 1}
    return reverse(
        route.name, kwargs={name: {**usual, **arguments}[name] for name in route.parameters}
    )


def in_the_bin(world: World) -> dict[str, dict[str, Any]]:
    """What is taken out of the bin has to lie there; a figure of a page has a name of its own."""
    return {
        **gather("in_the_bin", world.ann),
        "customers:site_restore": {"site_id": world.ann.gone_site.pk},
        "customers:wallet_restore": {"wallet_id": world.ann.gone_wallet.pk},
        "customers:consent_restore": {"consent_id": world.ann.gone_consent.pk},
        "sell:member_restore": {"member_id": world.ann.gone_member.pk},
        "customers:company_restore": {"company_id": world.deleted.pk},
        "customers:contact_restore": {"contact_id": world.deleted_contact.pk},
        "serve:feedback_restore": {"feedback_id": world.ann.gone_feedback.pk},
        "plan:visit_figure": {"name": "visits"},
        "analyse:warning_figure": {"measure": "loss"},
        "plan:calendar_figure": {"name": "placed"},
        "plan:territory_figure": {"name": "hours"},
    }


def measure(world: World, beginning: str = "") -> tuple[dict[Key, int], list[str]]:
    """Ask every route, or those whose names begin so, as every role; what a request changed is rolled back after it.

    Second: refusals (4xx) that changed a table all the same.
    """
    found: dict[Key, int] = {}
    changed: list[str] = []
    people, models = clients(world), watched()
    before = fingerprints(models)
    queries = {"plan:attainment_figure": f"?by=seller&key={world.cast.ann.pk}&start={world.ann.target.period_start}"}  # fmt: skip
    for route in routes():
        if not route.name.startswith(beginning):
            continue
        arguments = world.arguments(world.ann)
        arguments |= in_the_bin(world).get(route.name, {})
        caches["calls"].clear()  # nobody is stopped for asking as every role within a minute
        for method in METHODS:
            for role in LIBRARY_ROLES if route.is_of_library else people:
                with transaction.atomic():
                    body = bodies(world, world.ann).get(route.name, {})
                    url = address(route, arguments) + queries.get(route.name, "")
                    status, touched = _ask(people[role], method, url, body, models, before)
                    transaction.set_rollback(True)
                found[route.name, method, role] = status
                changed += [f"{method} {route.name} as {role}: {table}" for table in touched]
    return found, changed


def _ask(
    client: Client,
    method: str,
    url: str,
    body: dict[str, Any],
    models: list[type[Model]],
    before: dict[str, int],
) -> tuple[int, list[str]]:
    cookies = client.cookies.copy()
    writes: list[str] = []
    with connection.execute_wrapper(partial(_note_write, writes)):
        answer = client.get(url) if method == "GET" else client.post(url, body)
    client.cookies = cookies
    if answer.status_code < 400 or not writes:
        return answer.status_code, []
    after = fingerprints(models)
    return answer.status_code, [table for table in before if after[table] != before[table]]


def _note_write(writes: list[str], execute: Any, sql: str, *given: Any) -> Any:
    """Keep every statement but those that only read or only mark a place to go back to."""
    if not sql.lstrip("( ").upper().startswith(HARMLESS):
        writes.append(sql)
    return execute(sql, *given)
