"""Does the API keep the same rules as the screens, for every role, and lose nothing?"""

import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection
from django.test import Client
from django.utils import timezone

from koers.config.api import api
from koers.core.models import AuditEntry
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.actions.api_token import revoke_token
from koers.organisation.models import ApiToken
from koers.organisation.tests.api_caller import Caller, token
from koers.organisation.tests.cast import acting
from koers.sell.tests.factories import sale

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def test_a_call_without_a_valid_token_is_refused_with_one_shape():
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic YTpi"}):
        answer = Client(headers=headers).get("/api/v1/companies")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, 401)
    assert Client().get("/api/v1/companies?token=koers_x").status_code == 401


def test_a_session_is_no_way_into_the_api(cast):
    client = Client()
    client.force_login(cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/companies").status_code == 401


def test_only_a_digest_is_stored(cast):
    kept, secret = token(cast.ann)
    assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert len(kept.digest) == 64


def test_expired_revoked_and_disabled_end_a_token_at_once(cast):
    caller = Caller(cast.ann)
    assert caller("get", "/me").body == {"id": cast.ann.pk, "name": "Ann de Boer", "role": "account_manager"}  # fmt: skip
    ApiToken.objects.filter(pk=caller.token.pk).update(created_at=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))  # fmt: skip
    assert caller("get", "/me").status_code == 401
    other = Caller(cast.ann)
    revoke_token(actor=acting(cast.ann), token_id=other.token.pk, at=NOW)
    assert other("get", "/me").status_code == 401
    third = Caller(cast.ann)
    cast.ann.is_active = False
    cast.ann.save()
    assert third("get", "/me").status_code == 401


def test_a_read_token_writes_nothing(cast):
    company = CompanyFactory(owner=cast.ann)
    caller = Caller(cast.ann, scope="read")
    assert caller("get", f"/companies/{company.pk}").status_code == 200
    for method, path in (("post", "/companies"), ("patch", f"/companies/{company.pk}"), ("delete", f"/companies/{company.pk}")):  # fmt: skip
        assert caller(method, path, {"name": "X"}).status_code == 403
    company.refresh_from_db()
    assert (company.version, Company.objects.count()) == (1, 1)


def test_a_program_sees_what_its_person_sees_and_a_demotion_works_at_the_next_call(cast):
    own, other = CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.cora)
    ann, manager = Caller(cast.ann), Caller(cast.adam)
    assert [row["id"] for row in ann("get", "/companies").body["rows"]] == [own.pk]
    assert ann("get", f"/companies/{other.pk}").status_code == 404
    assert [row["id"] for row in manager("get", "/companies").body["rows"]] == [own.pk, other.pk]
    cast.adam.role = "account_manager"
    cast.adam.save()
    assert manager("get", "/companies").body["rows"] == []


COST = Decimal("987654.3210")


@pytest.mark.parametrize(("role", "sees"), [("sales_manager", True), ("account_manager", True), ("inside_sales", False), ("marketing", False), ("management_team", True)])  # fmt: skip
def test_cost_and_contribution_show_only_to_who_may_see_cost(cast, role, sees):
    user = cast.of_role[role]
    company = CompanyFactory(owner=user, contribution_12m=COST)
    order = sale(company, NOW.date(), "2000000", cost=str(COST), seller=user)
    caller = Caller(user)
    texts = [
        caller("get", path).content.decode()
        for path in ("/companies", f"/companies/{company.pk}", "/orders", f"/orders/{order.pk}")
    ]
    assert ["987654" in text for text in texts] == [sees, sees, False, sees]


WRITES = (
    ("post", "/companies", {"name": "New"}, 201),
    ("patch", "/companies/{company}", {"city": "Ede"}, 200),
    ("post", "/companies/{company}/contacts", {"last_name": "Vos"}, 201),
    ("patch", "/contacts/{contact}", {"first_name": "An"}, 200),
    ("delete", "/companies/{company}", None, 204),
)
EDITORS = {"administrator", "sales_manager", "account_manager", "salesperson", "inside_sales"}
REASSIGNERS = {"administrator", "sales_manager"}


def test_each_role_writes_what_it_may_and_a_refusal_changes_nothing(cast):
    found, expected = {}, {}
    for role, user in cast.of_role.items():
        company = CompanyFactory(owner=user)
        contact = ContactFactory(company=company)
        caller = Caller(user)
        for method, path, body, status in WRITES:
            before = AuditEntry.objects.count()
            answer = caller(method, path.format(company=company.pk, contact=contact.pk), body, **{"if-match": '"1"'})  # fmt: skip
            found[role, method, path] = (answer.status_code, AuditEntry.objects.count() - before)
            allowed = role in (REASSIGNERS if method == "delete" else EDITORS)
            expected[role, method, path] = (status, 1) if allowed else (403, 0)
    assert found == expected


def test_a_list_goes_on_where_the_page_before_ended_with_a_fixed_number_of_queries(
    cast, django_assert_num_queries
):
    made = [CompanyFactory(owner=cast.ann).pk for _number in range(5)]
    caller = Caller(cast.ann)
    seen, after, pages = [], 0, 0
    while after is not None:
        body = caller("get", f"/companies?limit=2&after={after}").body
        seen += [row["id"] for row in body["rows"]]
        after, pages = body["next_after"], pages + 1
    assert (seen, pages) == (made, 3)
    for limit in (1, 3):
        with django_assert_num_queries(3):
            caller("get", f"/companies?limit={limit}")


def test_a_change_needs_the_version_that_was_read(cast):
    company = CompanyFactory(owner=cast.ann, city="Ede")
    caller = Caller(cast.ann)
    assert caller("patch", f"/companies/{company.pk}", {"city": "Delft"}).status_code == 428
    read = caller("get", f"/companies/{company.pk}")
    changed = caller("patch", f"/companies/{company.pk}", {"city": "Delft"}, **{"if-match": read.headers["ETag"]})  # fmt: skip
    assert (changed.status_code, changed.body["city"], changed.headers["ETag"]) == (200, "Delft", '"2"')  # fmt: skip
    late = caller("patch", f"/companies/{company.pk}", {"city": "Gouda"}, **{"if-match": read.headers["ETag"]})  # fmt: skip
    assert late.status_code == 412
    assert late.body["error"]["clashes"] == {"city": {"read": "Ede", "stored": "Delft", "wanted": "Gouda"}}  # fmt: skip
    company.refresh_from_db()
    assert company.city == "Delft"


def test_the_same_key_creates_once_and_another_call_with_it_is_refused(cast):
    caller = Caller(cast.ann)
    answers = [caller("post", "/companies", {"name": "Acme"}, **{"idempotency-key": "k1"}) for _time in range(3)]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[0].body == answers[1].body == answers[2].body
    assert Company.objects.count() == 1
    other = caller("post", "/companies", {"name": "Beta"}, **{"idempotency-key": "k1"})
    assert (other.status_code, Company.objects.count()) == (409, 1)


def test_a_refused_call_leaves_its_key_free(cast):
    caller = Caller(cast.ann)
    wrong = caller("post", "/companies", {"name": "Acme", "vat_number": "NL1"}, **{"idempotency-key": "k"})  # fmt: skip
    assert (wrong.status_code, list(wrong.body["error"]["fields"])) == (422, ["vat_number"])
    right = caller("post", "/companies", {"name": "Acme"}, **{"idempotency-key": "k"})
    assert right.status_code == 201


@pytest.mark.django_db(transaction=True)
def test_forty_calls_at_once_with_one_key_create_one_company(cast):
    caller, statuses = Caller(cast.ann), []
    Caller(cast.ann)("get", "/me")

    def post():
        answer = Client(headers={"authorization": f"Bearer {caller.secret}"}).post(
            "/api/v1/companies",
            json.dumps({"name": "Acme"}),
            content_type="application/json",
            headers={"idempotency-key": "one"},
        )
        statuses.append((answer.status_code, answer.json().get("id")))
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=post) for _number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    company = Company.objects.get()
    assert statuses == [(201, company.pk)] * 40


@pytest.mark.parametrize(
    "body",
    [
        "[" * 3000, "{", "null", "[]", '{"name": ["x"]}', '{"name": 1e400}', '{"name": NaN}',
        '{"name": "\\ud800"}', '{"name": "a\\u0000b"}', '{"name": ""}', '{"owner": -1, "name": "x"}',
        '{"id": 7, "name": "x"}', '{"version": 9, "name": "x"}', '{"name": "' + "x" * 201 + '"}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_and_create_nothing(cast, body):
    caller = Caller(cast.ann)
    answer = caller.client.post("/api/v1/companies", body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert "error" in answer.json()
    assert Company.objects.count() == 0


def test_an_owner_one_may_not_see_answers_as_one_that_does_not_exist(cast):
    caller = Caller(cast.ann)
    texts = [
        caller("post", "/companies", {"name": "Acme", "owner": owner}).content
        for owner in (cast.cora.pk, 99_999_999)
    ]
    assert texts[0] == texts[1]


def test_every_operation_is_described_and_asks_for_a_token():
    schema = api.get_openapi_schema()
    operations = [each for path in schema["paths"].values() for each in path.values()]
    assert len(operations) == 39
    assert [each["operationId"] for each in operations if not each.get("security")] == []
    assert [each["operationId"] for each in operations if not each.get("description")] == []


def test_the_description_names_every_refusal_with_an_example_and_the_two_headers():
    paths = api.get_openapi_schema()["paths"]
    change, make = paths["/api/v1/companies/{company_id}"]["patch"], paths["/api/v1/companies"]["post"]  # fmt: skip
    assert sorted(map(str, change["responses"])) == ["200", "400", "401", "403", "404", "412", "422", "428", "429"]  # fmt: skip
    assert [each["name"] for each in change["parameters"]] == ["company_id", "If-Match"]
    assert [each["name"] for each in make["parameters"]] == ["Idempotency-Key"]
    for operation in (each for path in paths.values() for each in path.values()):
        for code, answer in operation["responses"].items():
            if str(code) >= "400":
                error = answer["content"]["application/json"]["example"]["error"]
                assert error["code"] == int(code)
                assert error["message"]


def test_every_change_whose_version_is_asked_for_says_so_in_the_description(cast):
    paths = api.get_openapi_schema()["paths"]
    asked = {
        (method, path) for path, each in paths.items() for method, operation in each.items() if "428" in operation["responses"]
    }  # fmt: skip
    assert {path for method, path in asked if method == "patch"} == {path for path, each in paths.items() if "patch" in each}  # fmt: skip
    assert {path.rpartition("/")[2] for method, path in asked if method == "post"} == {"approach", "move", "win", "lose"}  # fmt: skip
