"""Does every route answer every role as the table says? The table is complete and read by people.

After a change on purpose: ``KOERS_WRITE_ROUTES=plan:goal pytest tests/routes`` measures and writes the addresses whose
names begin so, and ``KOERS_WRITE_ROUTES=1`` writes the whole table anew.
"""

import os

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from tests.routes.slices import gather_set
from tests.routes.slices.pay import SHOWN as PAY_SHOWN
from tests.routes.table import address, clients, keys, measure, read_table, routes, write_table
from tests.routes.world import CANARY, make_world

OF_OWNERS = {"company_id", "order_id", "contact_id", "opportunity_id", "activity_id", "quote_id", "target_id", "view_id", "job_id", "feedback_id", "request_id", "log_in_id", "wallet_id", "decision_id", *gather_set("OF_OWNERS")}  # fmt: skip


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world, committed, with its facts; it takes seconds, and every test here takes back what it does."""
    folder = tmp_path_factory.mktemp("world")
    places = override_settings(KOERS_FACTS_DIR=folder / "facts", MEDIA_ROOT=folder / "files")
    with django_db_blocker.unblock(), places:
        world = make_world()
    yield world, folder
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def world(made_once, db, settings):
    found, folder = made_once
    settings.KOERS_FACTS_DIR, settings.MEDIA_ROOT = folder / "facts", folder / "files"
    return found


def test_every_route_answers_every_role_as_the_table_says(world):
    write = os.environ.get("KOERS_WRITE_ROUTES", "")
    found, changed = measure(world, "" if write == "1" else write)
    if write:
        write_table({key: status for key, status in read_table().items() if key in keys()} | found)
    table = read_table()
    assert [(key, found[key], table.get(key)) for key in sorted(found) if found[key] != table.get(key)] == []  # fmt: skip
    assert changed == []


def test_the_table_has_a_cell_for_every_route_method_and_role():
    assert set(read_table()) == keys()


def test_no_route_fails():
    assert [key for key, status in read_table().items() if status >= 500] == []


def test_nobody_who_is_not_logged_in_reaches_a_page():
    open_to_all = {"health_live", "health_ready", "api:openapi-json", *gather_set("OPEN_TO_ALL")}
    reached = [
        key for key, status in read_table().items()
        if key[2] == "anonymous" and status < 300 and key[0] not in open_to_all and not key[0].startswith(("account_", "mfa_", "usersessions_"))
    ]  # fmt: skip
    assert reached == []


def test_records_of_another_team_are_absent_rather_than_forbidden(world):
    answers = {}
    people = clients(world)
    for route in routes():
        if (
            not route.name.startswith("api:")
            and OF_OWNERS & set(route.parameters)
            and route.name
            not in (
                "customers:company_restore",
                "customers:site_create",
                "customers:consent_create",
            )
        ):
            url = address(route, world.arguments(world.cora))
            ann = people["account_manager"]
            answers[route.name] = {ann.get(url).status_code, ann.post(url, {}).status_code} - {405}
    rights_come_first = {
        "plan:target_edit", "plan:target_remove", "customers:company_delete", "customers:company_merge", "customers:company_merge_pick",
        "customers:contact_merge", "customers:contact_merge_pick", *gather_set("RIGHTS_COME_FIRST"),
    }  # fmt: skip
    assert {name: found for name, found in answers.items() if name not in rights_come_first and found != {404}} == {}  # fmt: skip
    asked = {each for route in routes() if route.name in answers for each in route.parameters}
    assert OF_OWNERS - asked == set()


def test_addresses_of_another_team_are_absent_too(world):
    ann, own = clients(world)["account_manager"], world.cora
    paths = [f"/customers/{own.company.pk}/sites/new/", f"/customers/sites/{own.site.pk}/", f"/customers/sites/{own.site.pk}/delete/",
             f"/customers/sites/{own.gone_site.pk}/restore/"]  # fmt: skip
    assert {path: ann.post(path, {}).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_consent_of_contacts_of_another_team_is_absent_too(world):
    ann, own = clients(world)["account_manager"], world.cora
    paths = [f"/customers/contacts/{own.contact.pk}/consents/new/", f"/customers/consents/{own.consent.pk}/strike/",
             f"/customers/consents/{own.gone_consent.pk}/restore/"]  # fmt: skip
    assert {path: ann.post(path, {}).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_foreign_records_are_in_no_list_and_no_search(world):
    ann = clients(world)["account_manager"]
    pages = ["/customers/", "/customers/contacts/", "/customers/bin/", "/customers/bin/?kind=contacts", "/sell/orders/", "/sell/opportunities/", "/sell/activities/", "/sell/quotes/", "/plan/targets/", "/plan/visits/", "/analyse/lines/", "/analyse/pyramid/customers/", "/analyse/life-cycle/start/", "/analyse/rfm/", "/analyse/warning/", "/search/?q=Company", *sorted(gather_set("LISTS"))]  # fmt: skip
    shown = {url: ("Cora Visser" in ann.get(url).content.decode()) for url in pages}
    assert shown == dict.fromkeys(pages, False)


@pytest.mark.parametrize("role", ["marketing", "inside_sales"])
def test_cost_reaches_neither_marketing_nor_inside_sales(world, role):
    client = clients(world)[role]
    hidden = [f"{CANARY:f}", "987654", "987,654", "987.654", "1012345", "1,012,345", "1.012.345", "50.6", "50,6", *PAY_SHOWN]  # fmt: skip
    leaks = []
    for url in readable_pages(world):
        for more in ("", "export=csv", "export=xlsx"):
            answer = client.get(url + (("&" if "?" in url else "?") + more if more else ""))
            text = text_of(answer)
            leaks += [(url, more, value) for value in hidden if value in text]
    assert leaks == []


def test_what_a_seller_is_paid_reaches_no_colleague_of_the_same_team(world):
    spaces = (
        "plan:pay",
        "plan:budget",
        "plan:goal_list",
        "home:today",
        "home:search",
        "control:",
        "develop:",
        "organisation:user",
        "organisation:team",
    )
    pages = [address(route, world.arguments(world.ann)) for route in routes() if route.name.startswith(spaces)]  # fmt: skip
    people = clients(world)
    texts = {url: text_of(people["salesperson"].get(url)) for url in pages}
    assert [(url, value) for url, text in texts.items() for value in PAY_SHOWN if value in text] == []  # fmt: skip
    seen = people["account_manager"].get("/plan/pay/").content.decode()
    assert [value in seen for value in ("€9,999.99", "Pay of Ann")] == [True, True]


def test_who_may_see_cost_finds_it_on_the_order(world):
    page = clients(world)["account_manager"].get(f"/sell/orders/{world.ann.order.pk}/")
    assert "987,654" in page.content.decode()


@pytest.mark.parametrize("role", ["marketing", "inside_sales"])
@pytest.mark.parametrize(
    "url",
    [
        "/customers/?sort=contribution",
        "/customers/?columns=name,contribution",
        "/analyse/turnover/?by=company&sort=margin",
        "/analyse/turnover/?by=company&sort=contribution",
        "/analyse/pyramid/customers/?sort=contribution",
    ],
)
def test_sorting_by_what_one_may_not_see_is_refused(world, role, url):
    assert clients(world)[role].get(url).status_code == 400


@pytest.mark.parametrize("role", ["marketing", "inside_sales"])
@pytest.mark.parametrize("name", ["margin", "contribution"])
def test_the_panels_of_margin_and_contribution_are_closed_to_them(world, role, name):
    assert clients(world)[role].get(f"/analyse/figures/{name}/").status_code == 403


def test_a_post_without_the_form_token_is_refused_everywhere(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    statuses = {
        route.name: client.post(address(route, world.arguments(world.ann)), {}).status_code
        for route in routes()
    }
    by_token = {name for name in statuses if name.startswith("api:")}
    by_stamp = gather_set(
        "OPEN_TO_ALL"
    )  # a page of another site may show them: no cookie, but a signed stamp
    assert {name: status for name, status in statuses.items() if status != 403 and name not in by_token | by_stamp} == {}  # fmt: skip
    assert {statuses[name] for name in by_stamp} <= {400, 404}
    assert {statuses[name] for name in by_token} <= {401, 403, 405}


def test_the_api_knows_no_session_and_only_its_description_is_open():
    answered = {(key[0], status) for key, status in read_table().items() if key[0].startswith("api:") and status not in (401, 404, 405)}  # fmt: skip
    assert answered == {("api:openapi-json", 200)}


def readable_pages(world):
    """Every page of the resolver, with the choices that show most."""
    pages = [address(route, world.arguments(world.ann)) for route in routes() if not route.is_of_library]  # fmt: skip
    return [
        *pages,
        "/analyse/turnover/?by=company&by2=product",
        "/analyse/pyramid/customers/?class=A",
        f"/analyse/lines/?company={world.ann.company.pk}",
        "/analyse/figures/class/?class=A",
        "/analyse/figures/phase/?phase=start",
        "/search/?q=Company",
    ]


def text_of(answer):
    """The answer as text; a workbook is unpacked."""
    if answer.headers.get("Content-Type", "").startswith("application/vnd"):
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return answer.content.decode("utf-8", "replace")
