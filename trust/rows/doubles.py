"""Row 4: does a creating call that arrives forty times at once create once?"""

import json
import threading
from collections import Counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone

from koers.config.api import api
from koers.core.models import IdempotentRequest
from koers.customers.models import Company, Contact
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.actions.api_token import make_token
from koers.organisation.tests.cast import acting, make_cast
from koers.sell.models import Activity, Lead, Opportunity
from koers.sell.tests.factories import StageFactory
from trust.row import Finding, Row

CALLS = 40
ONCE = "one_answer_per_idempotency_key"


def creating_operations() -> int:
    """How many operations of the API create something (answer 201)."""
    paths = api.get_openapi_schema()["paths"].values()
    return sum("201" in map(str, each["responses"]) for path in paths for each in path.values())


def post_together(secret: str, path: str, body: object, key: str) -> Counter[tuple[int, str]]:
    """Forty calls at once; every answer with how often it came."""
    answers: Counter[tuple[int, str]] = Counter()
    ready, lock = threading.Barrier(CALLS), threading.Lock()

    def post() -> None:
        client = Client(
            headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False
        )
        headers = {"idempotency-key": key} if key else {}
        ready.wait()
        answer = client.post(path, json.dumps(body), content_type="application/json", headers=headers)  # fmt: skip
        with lock:
            answers[answer.status_code, answer.content.decode()] += 1
        connection.close()

    threads = [threading.Thread(target=post) for _number in range(CALLS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _check(short: bool, *, keyed: bool = True) -> Finding:
    setup_test_environment()
    cast = make_cast()
    company: Any = CompanyFactory(owner=cast.ann)
    _token, secret = make_token(actor=acting(cast.ann), name="trust", scope="write", days=3, at=timezone.now())  # fmt: skip
    Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/me")
    stage: Any = StageFactory()
    step = {"next_step": "Call", "next_on": timezone.localdate().isoformat()}
    endpoints = {
        "/api/v1/leads": ({"company_name": "Acme"}, Lead),
        "/api/v1/opportunities": ({"name": "Ovens", "stage": stage.pk, **step}, Opportunity),
        "/api/v1/activities": (
            {"kind": "task", "subject": "Call", "day": step["next_on"]},
            Activity,
        ),
        "/api/v1/companies": ({"name": "Acme"}, Company),
        f"/api/v1/companies/{company.pk}/contacts": ({"last_name": "Vos"}, Contact),
    }
    if creating_operations() != len(endpoints):
        return Finding(held=False, value=f"{creating_operations()} creating operations, {len(endpoints)} known here")  # fmt: skip
    rounds, rows, wrong = 1 if short else 10, 0, []
    for path, (body, model) in endpoints.items():
        for number in range(rounds):
            before = model._base_manager.count()
            answers = post_together(secret, path, body, f"{path}{number}" if keyed else "")
            made = model._base_manager.count() - before
            rows += made
            if made != 1 or [status for status, _text in answers] != [201]:
                statuses = Counter(status for status, _text in answers.elements())
                wrong.append(f"{made} rows, {len(answers)} different answers, {dict(statuses)}")
    times = len(endpoints) * rounds
    value = f"{times} times {CALLS} calls with one key on {len(endpoints)} creating endpoints: {rows} rows" + (
        f"; {len(wrong)} times wrong ({wrong[0]})" if wrong else ", all answers equal"
    )  # fmt: skip
    return Finding(held=not wrong, value=value)


def measure(short: bool) -> Finding:
    """Every creating endpoint of the API."""
    return _check(short)


def constraint_dropped(short: bool) -> Finding:
    """The database no longer refuses a second row with the same key."""
    constraint = next(each for each in IdempotentRequest._meta.constraints if each.name == ONCE)
    IdempotentRequest._meta.constraints = []  # SQLite makes the table anew from the model
    with connection.schema_editor() as editor:
        editor.remove_constraint(IdempotentRequest, constraint)
    return _check(short)


def key_absent(short: bool) -> Finding:
    """The caller sends no key."""
    return _check(short, keyed=False)


ROW = Row(
    number=4,
    name="Doubles",
    goal=f"{CALLS} calls at once with one key: exactly 1 row, {CALLS} equal answers",
    measure=measure,
    controls={"constraint dropped": constraint_dropped, "no key": key_absent},
)
