"""Do leads, opportunities and activities keep the screens' rules when a program works on them?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.tests.factories import ProductFactory
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.api_caller import Caller
from koers.sell.models import Activity, Lead, Opportunity
from koers.sell.tests.factories import (
    LeadFactory,
    OpportunityFactory,
    PipelineFactory,
    StageFactory,
)

TODAY = timezone.localdate()
LATER = (TODAY + timedelta(days=5)).isoformat()
pytestmark = pytest.mark.django_db
STEP = {"next_step": "Call back", "next_on": LATER, "next_kind": "call"}


@pytest.fixture
def stages(db):
    pipeline = PipelineFactory(name="Projects")
    made = [
        StageFactory(pipeline=pipeline, name="First", position=0),
        StageFactory(pipeline=pipeline, name="Offer", position=1, required_fields=["amount", "product"]),
        StageFactory(pipeline=pipeline, name="Won", position=2, kind="won"),
        StageFactory(pipeline=pipeline, name="Lost", position=3, kind="lost"),
    ]  # fmt: skip
    return {stage.name.lower(): stage for stage in made}


def deal_of(user, stage, **more):
    return OpportunityFactory(company=CompanyFactory(owner=user), owner=user, stage=stage, **more)


def error(answer):
    return (answer.status_code, answer.body["error"].get("fields", answer.body["error"]["message"]))


def test_a_lead_written_by_a_program_is_scored_and_given_to_somebody_as_on_screen(cast):
    caller = Caller(cast.ann)
    answer = caller("post", "/leads", {"company_name": "Acme", "last_name": "Vos", "email": "els@acme.example", "source": "fair"})  # fmt: skip
    lead = Lead.objects.get()
    assert (answer.status_code, answer.body["id"], answer.body["owner_id"]) == (201, lead.pk, lead.owner_id)  # fmt: skip
    assert (answer.body["score"], answer.body["received_on"]) == (lead.score, TODAY.isoformat())
    assert lead.score > 0
    assert answer.body["proposed_because"] != ""
    assert AuditEntry.objects.get(noun="lead").channel == "api"


def test_a_lead_without_a_name_and_unknown_fields_are_refused(cast):
    caller = Caller(cast.ann)
    assert list(caller("post", "/leads", {"city": "Ede"}).body["error"]["fields"]) == ["company_name"]  # fmt: skip
    for body in ({"company_name": "A", "status": "converted"}, {"company_name": "A", "score": 99}, {"company_name": "A", "version": 4}):  # fmt: skip
        assert caller("post", "/leads", body).status_code == 422
    assert Lead.objects.count() == 0


def test_a_lead_is_changed_by_version_disqualified_with_a_reason_and_taken_up_again(cast):
    lead = LeadFactory(owner=cast.ann, city="Ede", need="Pump")
    caller, url = Caller(cast.ann), f"/leads/{lead.pk}"
    changed = caller("patch", url, {"city": "Delft"}, **{"if-match": '"1"'})
    assert (changed.body["city"], changed.body["need"], changed.headers["ETag"]) == ("Delft", "Pump", '"2"')  # fmt: skip
    assert caller("patch", url, {"city": "Gouda"}, **{"if-match": '"1"'}).status_code == 412
    assert caller("patch", url, {"need": "Two"}, **{"if-match": '"1"'}).status_code == 200
    assert caller("patch", url, {"company_name": None}, **{"if-match": '"3"'}).status_code == 422
    assert error(caller("post", f"{url}/disqualify", {"reason": " "})) == (422, {"reason": ["This field is required."]})  # fmt: skip
    ended = caller("post", f"{url}/disqualify", {"reason": "No budget"})
    assert (ended.body["status"], ended.body["disqualified_because"]) == ("disqualified", "No budget")  # fmt: skip
    assert caller("post", f"{url}/disqualify", {"reason": "Again"}).status_code == 400
    assert caller("post", f"{url}/take-up").body["status"] == "working"


def test_an_opportunity_begins_with_a_next_step_in_an_open_stage(cast, stages):
    company, product = CompanyFactory(owner=cast.ann), ProductFactory(code="P · 1")
    caller = Caller(cast.ann)
    body = {"name": "Ovens", "company": company.pk, "product": product.pk, "amount": "1234.56", "stage": stages["first"].pk}  # fmt: skip
    assert set(caller("post", "/opportunities", body).body["error"]["fields"]) == {"next_step", "next_on"}  # fmt: skip
    assert caller("post", "/opportunities", body | STEP | {"stage": stages["won"].pk}).status_code == 422  # fmt: skip
    assert Opportunity.objects.count() == 0
    made = caller("post", "/opportunities", body | STEP)
    assert made.status_code == 201, made.content
    shown = {name: made.body[name] for name in ("company_id", "product_id", "amount", "owner_id", "stage_id", "stage_kind", "opened_on")}  # fmt: skip
    assert shown == {
        "company_id": company.pk, "product_id": product.pk, "amount": "1234.5600", "owner_id": cast.ann.pk,
        "stage_id": stages["first"].pk, "stage_kind": "open", "opened_on": TODAY.isoformat(),
    }  # fmt: skip
    step = Activity.objects.get(opportunity_id=made.body["id"])
    assert (step.subject, step.kind, step.day.isoformat()) == ("Call back", "call", LATER)


def test_an_amount_is_read_the_same_in_every_language(cast, stages):
    caller = Caller(cast.ann)
    body = {"name": "Ovens", "amount": "1.234", "stage": stages["first"].pk} | STEP
    for language in ("nl", "en"):
        answer = caller("post", "/opportunities", body, **{"accept-language": language})
        assert answer.status_code == 422
        exact = caller("post", "/opportunities", body | {"amount": "1.23"}, **{"accept-language": language})  # fmt: skip
        assert exact.body["amount"] == "1.2300"


def test_only_the_fields_sent_change(cast, stages):
    deal = deal_of(cast.ann, stages["first"], amount=Decimal("10.1234"), competitor="Bex")
    caller, url = Caller(cast.ann), f"/opportunities/{deal.pk}"
    assert caller("patch", url, {"name": "New"}).status_code == 428
    assert caller("patch", url, {"stage": stages["won"].pk}, **{"if-match": '"1"'}).status_code == 422  # fmt: skip
    answer = caller("patch", url, {"name": "New", "competitor": None}, **{"if-match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    deal.refresh_from_db()
    assert (deal.name, deal.competitor, deal.amount, deal.company_id) == ("New", "", Decimal("10.1234"), answer.body["company_id"])  # fmt: skip


def test_a_stage_asks_a_program_for_what_it_asks_people(cast, stages):
    deal = deal_of(cast.ann, stages["first"])
    product, caller, url = ProductFactory(), Caller(cast.ann), f"/opportunities/{deal.pk}/move"
    body = {"stage": stages["offer"].pk}
    assert caller("post", url, body).status_code == 428
    refused = caller("post", url, body, **{"if-match": '"1"'})
    assert set(refused.body["error"]["fields"]) == {"amount", "product", "next_step", "next_on"}
    idle = caller("post", url, body | STEP | {"amount": "5", "product": product.pk, "lost_reason": "Price"}, **{"if-match": '"1"'})  # fmt: skip
    assert error(idle) == (422, {"lost_reason": ["This has no place here."]})
    moved = caller("post", url, body | STEP | {"amount": "5", "product": product.pk}, **{"if-match": '"1"'})  # fmt: skip
    assert (moved.status_code, moved.body["stage_id"], moved.body["amount"]) == (200, stages["offer"].pk, "5.0000")  # fmt: skip
    assert moved.body["product_id"] == product.pk
    assert [each.stage.name for each in deal.stage_changes.all()] == ["Offer"]
    elsewhere = StageFactory(pipeline=PipelineFactory(name="Other"), name="First")
    assert caller("post", url, {"stage": elsewhere.pk}, **{"if-match": '"2"'}).status_code == 404


def test_overruling_the_buying_situation_needs_a_reason_and_the_version_read(cast, stages):
    deal, caller = deal_of(cast.ann, stages["first"]), Caller(cast.ann)
    path, head = f"/opportunities/{deal.pk}/approach", {"if-match": '"1"'}
    body = {"situation": "straight", "role": "transactional"}
    assert error(caller("post", path, body, **head)) == (400, "Say why it is another buying situation than proposed.")  # fmt: skip
    assert caller("post", path, body | {"situation": "never"}, **head).status_code == 422
    assert caller("post", path, body).status_code == 428
    saved = caller("post", path, body | {"situation_because": "Lease"}, **head)
    assert (saved.status_code, saved.body["buying_situation"], saved.body["situation_because"]) == (200, "straight", "Lease")  # fmt: skip
    changed = caller(
        "patch", f"/opportunities/{deal.pk}", {"need": "More bread"}, **{"if-match": '"2"'}
    )
    assert (changed.body["need"], changed.body["buying_situation"]) == ("More bread", "straight")


def test_winning_needs_an_amount_and_losing_a_reason(cast, stages):
    won, lost = deal_of(cast.ann, stages["first"]), deal_of(cast.ann, stages["first"])
    caller, first = Caller(cast.ann), {"if-match": '"1"'}
    assert error(caller("post", f"/opportunities/{won.pk}/win", {}, **first)) == (422, {"amount": ["This field is required."]})  # fmt: skip
    answer = caller("post", f"/opportunities/{won.pk}/win", {"amount": "99.50"}, **first)
    assert [answer.body[name] for name in ("stage_kind", "amount", "closed_on")] == ["won", "99.5000", TODAY.isoformat()]  # fmt: skip
    assert caller("post", f"/opportunities/{lost.pk}/lose", {}, **first).status_code == 422
    answer = caller("post", f"/opportunities/{lost.pk}/lose", {"lost_reason": "Price", "competitor": "Bex"}, **first)  # fmt: skip
    assert [answer.body[name] for name in ("stage_kind", "lost_reason", "competitor")] == ["lost", "Price", "Bex"]  # fmt: skip


def test_a_deal_with_an_amount_of_four_decimals_can_be_won_as_it_stands(cast, stages):
    deal = deal_of(cast.ann, stages["first"], amount=Decimal("10.1234"))
    answer = Caller(cast.ann)("post", f"/opportunities/{deal.pk}/win", {}, **{"if-match": '"1"'})
    assert (answer.status_code, answer.body.get("amount")) == (200, "10.1234")


def test_a_decision_on_what_somebody_changed_meanwhile_is_refused(cast, stages):
    deal = deal_of(cast.ann, stages["first"], amount=Decimal(5))
    ann, ben = Caller(cast.ann), Caller(cast.ben)
    assert ben("post", f"/opportunities/{deal.pk}/lose", {"lost_reason": "Price"}, **{"if-match": '"1"'}).status_code == 200  # fmt: skip
    late = ann("post", f"/opportunities/{deal.pk}/win", {"amount": "7"}, **{"if-match": '"1"'})
    assert late.status_code == 412
    assert "stage" in late.body["error"]["clashes"]
    deal.refresh_from_db()
    assert (deal.stage_kind, deal.amount) == ("lost", Decimal(5))


def test_a_binned_opportunity_is_absent_until_it_is_restored(cast, stages):
    deal = deal_of(cast.ann, stages["first"])
    caller, url = Caller(cast.ann), f"/opportunities/{deal.pk}"
    assert caller("delete", url).status_code == 204
    assert caller("get", url).status_code == 404
    assert caller("post", f"{url}/restore").body["id"] == deal.pk
    assert caller("get", url).status_code == 200


def test_an_activity_is_planned_changed_finished_reopened_and_called_off(cast, stages):
    deal = deal_of(cast.ann, stages["first"])
    contact, caller = ContactFactory(company=deal.company), Caller(cast.ann)
    body = {"kind": "visit", "subject": "Show it", "company": deal.company_id, "opportunity": deal.pk, "contacts": [contact.pk], "day": LATER, "start_time": "10:30"}  # fmt: skip
    made = caller("post", "/activities", body)
    assert made.status_code == 201, made.content
    url = f"/activities/{made.body['id']}"
    assert (made.body["contacts"], made.body["opportunity_id"], made.body["owner_id"]) == ([contact.pk], deal.pk, cast.ann.pk)  # fmt: skip
    changed = caller("patch", url, {"minutes": 45}, **{"if-match": '"1"'})
    assert (changed.body["minutes"], changed.body["contacts"], changed.body["start_time"], changed.body["version"]) == (45, [contact.pk], "10:30:00", 2)  # fmt: skip
    assert caller("patch", url, {"contacts": []}, **{"if-match": '"2"'}).body["contacts"] == []
    refused = error(
        caller(
            "post", f"{url}/finish", {"outcome": "advance", "next_step": "Send", "next_on": LATER}
        )
    )
    assert (refused[0], set(refused[1])) == (422, {"commitment", "commitment_on", "commitment_by"})
    promise = {"commitment": "Asks the board", "commitment_on": LATER, "commitment_by": "Jo Jansen"}
    assert error(caller("post", f"{url}/finish", {"next_step": "Send"})) == (422, {"next_on": ["On which day?"]})  # fmt: skip
    done = caller("post", f"{url}/finish", {"outcome": "advance", "next_step": "Send", "next_on": LATER, **promise})  # fmt: skip
    assert {name: done.body[name] for name in promise} == promise
    assert (done.body["status"], done.body["outcome"]) == ("done", "advance")
    assert Activity.objects.get(follows_id=made.body["id"]).subject == "Send"
    assert caller("post", f"{url}/cancel").status_code == 400
    assert caller("post", f"{url}/reopen").body["status"] == "planned"
    assert caller("post", f"{url}/cancel").body["status"] == "cancelled"


def test_a_report_has_a_next_step_and_a_plan_has_none(cast):
    company, caller = CompanyFactory(owner=cast.ann), Caller(cast.ann)
    body = {"kind": "call", "subject": "Called", "company": company.pk, "day": TODAY.isoformat(), "next_step": "Send", "next_on": LATER}  # fmt: skip
    assert set(caller("post", "/activities", body).body["error"]["fields"]) == {"next_step", "next_on"}  # fmt: skip
    assert Activity.objects.count() == 0
    assert (
        caller("post", "/activities", body | {"done": True, "outcome": "advance"}).status_code
        == 422
    )
    promise = {"commitment": "Asks the board", "commitment_on": LATER, "commitment_by": "Jo Jansen"}
    told = caller("post", "/activities", body | {"done": True, "outcome": "advance", **promise})
    assert (told.status_code, told.body["status"], Activity.objects.count()) == (201, "done", 2)


def test_lists_keep_what_was_asked_with_a_fixed_number_of_queries(
    cast, stages, django_assert_num_queries
):
    deals = [deal_of(cast.ann, stages["first"]) for _number in range(3)]
    deal_of(cast.ann, stages["lost"])
    leads = [LeadFactory(owner=cast.ann, source="fair") for _number in range(3)]
    LeadFactory(owner=cast.ann, source="list")
    visits = [Activity.objects.create(kind="visit", subject="V", company=deal.company, owner=cast.ann, day=TODAY) for deal in deals]  # fmt: skip
    Activity.objects.create(kind="task", subject="T", owner=cast.ann, day=TODAY - timedelta(days=9))
    caller = Caller(cast.ann)
    wanted = {
        f"/opportunities?kind=open&owner={cast.ann.pk}": deals, f"/opportunities?company={deals[1].company_id}": deals[1:2],
        f"/opportunities?stage={stages['first'].pk}&pipeline={stages['first'].pipeline_id}": deals, "/leads?source=fair&status=new": leads,
        f"/activities?kind=visit&status=planned&start={TODAY}&end={LATER}": visits,
    }  # fmt: skip
    found = {url: [row["id"] for row in caller("get", url).body["rows"]] for url in wanted}
    assert found == {url: [each.pk for each in rows] for url, rows in wanted.items()}
    for url, queries in (("/leads", 3), ("/opportunities", 3), ("/activities", 4)):
        for limit in (1, 3):
            with django_assert_num_queries(queries):
                caller("get", f"{url}?limit={limit}")
    rows = caller("get", "/pipelines").body["rows"]
    assert [stage["name"] for stage in rows[0]["stages"]] == ["First", "Offer", "Won", "Lost"]


def test_what_is_of_another_team_is_absent_and_cannot_be_pointed_at(cast, stages):
    foreign, lead = deal_of(cast.cora, stages["first"]), LeadFactory(owner=cast.cora)
    visit = Activity.objects.create(kind="visit", subject="V", company=foreign.company, owner=cast.cora, day=TODAY)  # fmt: skip
    own, caller = deal_of(cast.ann, stages["first"]), Caller(cast.ann)
    before, head = AuditEntry.objects.count(), {"if-match": '"1"'}
    calls = [
        ("get", f"/leads/{lead.pk}", None), ("patch", f"/leads/{lead.pk}", {"city": "X"}), ("post", f"/leads/{lead.pk}/take-up", None),
        ("post", f"/leads/{lead.pk}/disqualify", {"reason": "X"}), ("get", f"/opportunities/{foreign.pk}", None),
        ("patch", f"/opportunities/{foreign.pk}", {"name": "X"}), ("delete", f"/opportunities/{foreign.pk}", None),
        ("post", f"/opportunities/{foreign.pk}/move", {"stage": stages["offer"].pk}), ("post", f"/opportunities/{foreign.pk}/win", {"amount": "1"}),
        ("post", f"/opportunities/{foreign.pk}/lose", {"lost_reason": "X"}), ("post", f"/opportunities/{foreign.pk}/restore", None), ("post", f"/opportunities/{foreign.pk}/approach", {"situation": "new_task", "role": "solution"}),
        ("get", f"/activities/{visit.pk}", None), ("patch", f"/activities/{visit.pk}", {"subject": "X"}), ("post", f"/activities/{visit.pk}/finish", {}),
        ("post", f"/activities/{visit.pk}/cancel", None), ("post", f"/activities/{visit.pk}/reopen", None),
    ]  # fmt: skip
    assert {(method, path): caller(method, path, body, **head).status_code for method, path, body in calls} == {(method, path): 404 for method, path, _body in calls}  # fmt: skip
    for path in ("/leads", "/activities"):
        assert caller("get", path).body["rows"] == []
    assert [row["id"] for row in caller("get", "/opportunities").body["rows"]] == [own.pk]
    task = {"kind": "visit", "subject": "V", "day": LATER}
    pairs = [
        ("post", "/opportunities", lambda key: {"name": "N", "stage": stages["first"].pk, "company": key} | STEP, foreign.company_id),
        ("post", "/leads", lambda key: {"company_name": "N", "owner": key}, cast.cora.pk),
        ("post", "/activities", lambda key: task | {"company": key}, foreign.company_id),
        ("post", "/activities", lambda key: task | {"company": own.company_id, "opportunity": key}, foreign.pk),
        ("patch", f"/opportunities/{own.pk}", lambda key: {"company": key}, foreign.company_id),
        ("patch", f"/opportunities/{own.pk}", lambda key: {"owner": key}, cast.cora.pk),
    ]  # fmt: skip
    for method, path, body, hidden in pairs:
        answers = [caller(method, path, body(key), **head) for key in (hidden, 99_999_999)]
        assert [each.status_code for each in answers] == [422, 422]
        assert answers[0].content == answers[1].content
    assert AuditEntry.objects.count() == before


EDITORS = {"administrator", "sales_manager", "account_manager", "salesperson", "inside_sales"}


def test_each_role_writes_what_it_may_and_a_refusal_changes_nothing(cast, stages):
    found, expected = {}, {}
    for role, user in cast.of_role.items():
        deals = [deal_of(user, stages["first"], amount=Decimal(5)) for _number in range(4)]
        lead, caller = LeadFactory(owner=user), Caller(user)
        visit = Activity.objects.create(kind="visit", subject="V", company=deals[0].company, owner=user, day=TODAY)  # fmt: skip
        writes = [
            ("lead", "post", "/leads", {"company_name": "New"}, 201), ("change lead", "patch", f"/leads/{lead.pk}", {"city": "Ede"}, 200),
            ("take up", "post", f"/leads/{lead.pk}/take-up", None, 200), ("disqualify", "post", f"/leads/{lead.pk}/disqualify", {"reason": "X"}, 200),
            ("deal", "post", "/opportunities", {"name": "N", "stage": stages["first"].pk, "company": deals[0].company_id} | STEP, 201),
            ("change deal", "patch", f"/opportunities/{deals[0].pk}", {"name": "N"}, 200),
            ("move", "post", f"/opportunities/{deals[1].pk}/move", {"stage": stages["lost"].pk, "lost_reason": "X"}, 200),
            ("win", "post", f"/opportunities/{deals[2].pk}/win", {"amount": "4"}, 200), ("lose", "post", f"/opportunities/{deals[3].pk}/lose", {"lost_reason": "X"}, 200),
            ("visit", "post", "/activities", {"kind": "visit", "subject": "V", "company": deals[0].company_id, "day": LATER}, 201),
            ("change visit", "patch", f"/activities/{visit.pk}", {"subject": "W"}, 200), ("finish", "post", f"/activities/{visit.pk}/finish", {}, 200),
            ("reopen", "post", f"/activities/{visit.pk}/reopen", None, 200), ("cancel", "post", f"/activities/{visit.pk}/cancel", None, 200),
            ("approach", "post", f"/opportunities/{deals[0].pk}/approach", {"situation": "new_task", "role": "solution"}, 200),
            ("bin", "delete", f"/opportunities/{deals[0].pk}", None, 204),
        ]  # fmt: skip
        for name, method, path, body, status in writes:
            before = AuditEntry.objects.count()
            answer = caller(method, path, body, **{"if-match": '"1"'})
            found[role, name] = (answer.status_code, AuditEntry.objects.count() > before)
            expected[role, name] = (status, True) if role in EDITORS else (403, False)
    assert found == expected


def test_a_read_token_moves_nothing(cast, stages):
    deal = deal_of(cast.ann, stages["first"], amount=Decimal(5))
    answer = Caller(cast.ann, scope="read")("post", f"/opportunities/{deal.pk}/win", {}, **{"if-match": '"1"'})  # fmt: skip
    deal.refresh_from_db()
    assert (answer.status_code, deal.stage_kind) == (403, "open")


def test_the_same_key_creates_a_lead_a_deal_and_an_activity_once(cast, stages):
    caller = Caller(cast.ann)
    bodies = {
        "/leads": {"company_name": "A"}, "/opportunities": {"name": "N", "stage": stages["first"].pk} | STEP,
        "/activities": {"kind": "task", "subject": "T", "day": LATER},
    }  # fmt: skip
    for path, body in bodies.items():
        answers = [caller("post", path, body, **{"idempotency-key": path}) for _time in range(3)]
        assert [each.status_code for each in answers] == [201] * 3
        assert len({each.content for each in answers}) == 1
    assert (Lead.objects.count(), Opportunity.objects.count(), Activity.objects.count()) == (1, 1, 2)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "[" * 3000, "null", "[]", '{"name": ["x"]}', '{"name": "a\\u0000b"}', '{"name": "\\ud800"}', '{"name": 1e400}',
        '{"name": "x", "amount": NaN}', '{"name": "x", "amount": 1e400}', '{"name": "x", "amount": "-1"}', '{"name": "x", "amount": "1e30"}',
        '{"name": "x", "company": 99999999999999999999999}', '{"name": "x", "owner": 99999999999999999999999}',
        '{"name": "x", "product": 99999999999999999999999}', '{"name": "x", "stage": 99999999999999999999999}', '{"name": "x", "company": -1}',
        '{"name": "x", "expected_close_on": "0000-00-00"}', '{"name": "x", "stage_kind": "won"}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_and_open_nothing(cast, stages, body):
    whole = body
    if body.startswith('{"name"') and '"stage"' not in body:
        whole = body[:-1] + f', "stage": {stages["first"].pk}, "next_step": "S", "next_on": "{LATER}"}}'  # fmt: skip
    caller = Caller(cast.ann)
    answer = caller.client.post("/api/v1/opportunities", whole, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert "error" in answer.json()
    assert Opportunity.objects.count() == 0


@pytest.mark.parametrize("query", ["company=99999999999999999999999", "owner=-1", "stage=x", "kind=other", "after=99999999999999999999"])  # fmt: skip
def test_odd_filters_find_nothing_or_are_refused(cast, query):
    answer = Caller(cast.ann)("get", f"/opportunities?{query}")
    assert answer.status_code == 422 or answer.body["rows"] == []


@pytest.mark.parametrize("path", ["/companies?name=%00", "/leads?source=%00", "/activities?kind=%00", "/orders?company=99999999999999999999999", "/contacts?company=99999999999999999999999"])  # fmt: skip
def test_no_filter_fails(cast, path):
    answer = Caller(cast.ann)("get", path)
    assert answer.status_code in {400, 422}


def test_half_a_surrogate_pair_is_refused_in_every_field_of_every_body(cast):
    caller = Caller(cast.ann)
    for path, body in (("/companies", '{"name": "x", "city": "\\ud800"}'), ("/leads", '{"company_name": "x", "need": "\\udc00"}')):  # fmt: skip
        answer = caller.client.post(f"/api/v1{path}", body, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)
    whole = '{"company_name": "\\ud83d\\ude00"}'
    answer = caller.client.post("/api/v1/leads", whole, content_type="application/json")
    assert (answer.status_code, answer.json()["company_name"]) == (201, "\U0001f600")
