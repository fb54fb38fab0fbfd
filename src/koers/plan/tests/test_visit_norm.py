"""Does the right norm hold for each customer and day, and stand the visits made beside it?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.core.undo import UndoRefusedError
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.visit_norm import (
    NormSetValues,
    NormValues,
    VisitNormRefusedError,
    change_norms,
    remove_exception,
    remove_norms,
    set_exception,
    set_norms,
    undo_exception,
)
from koers.plan.models import VisitException, VisitNorm, VisitNormSet
from koers.plan.queries.visit_norm import effective_norm, norms_on
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
NORMS = (
    NormValues("A", "", 12, 60, Decimal("1.5"), "12345"),
    NormValues("A", "growth", 18, 60, Decimal("1.5"), "12345"),
    NormValues("B", "", 6, 45, Decimal(1), "24"),
)
NOTHING = {"visits": None, "minutes": None, "weekdays": "", "reason": "Why", "starts_on": TODAY, "ends_on": None}  # fmt: skip


def norms_from(day, norms=NORMS, **more):
    return NormSetValues(day, **({"travel_minutes": 30, "waiting_minutes": 15, "note": ""} | more), norms=norms)  # fmt: skip


def visit(company, days_ago=10, **more):
    values = {"kind": "visit", "status": "done", "subject": "Visit", "day": TODAY - timedelta(days=days_ago), "owner": company.owner}  # fmt: skip
    return Activity.objects.create(company=company, **values | more)


@pytest.fixture
def world(cast):
    """Norms since a year; three customers of Ann and one of Cora."""
    set_norms(actor=acting(cast.tom), values=norms_from(TODAY - timedelta(days=400)), at=NOW)
    made = {
        "big": CompanyFactory(name="Big", owner=cast.ann, customer_class="A", phase="growth"),
        "old": CompanyFactory(name="Old", owner=cast.ann, customer_class="A", phase="saturation"),
        "none": CompanyFactory(name="None", owner=cast.ann, customer_class="D"),
        "south": CompanyFactory(name="South", owner=cast.cora, customer_class="B"),
    }
    for number in range(3):
        visit(made["big"], 10 + number)
    visit(made["big"], 380)
    visit(made["big"], 5, kind="call")
    visit(made["big"], 5, status="planned")
    visit(made["none"])
    return made


def rows(client, **query):
    return {row.name: (row.norm, row.actual, row.gap) for row in client.get("/plan/visits/", query).context["page"].rows}  # fmt: skip


def test_a_norm_for_the_phase_goes_before_that_of_the_class(world):
    assert effective_norm(world["big"], day=TODAY).visits == 18
    assert effective_norm(world["old"], day=TODAY).visits == 12
    assert effective_norm(world["none"], day=TODAY).visits is None


def test_the_list_counts_visits_done_in_twelve_months_beside_the_norm(world, cast, client):
    client.force_login(cast.ann)
    assert rows(client) == {"Big": (18, 3, -15), "Old": (12, 0, -12), "None": (None, 1, None)}
    assert list(rows(client)) == ["Big", "Old", "None"]
    assert set(rows(client, standing="never")) == {"Old"}
    assert set(rows(client, standing="none")) == {"None"}
    assert set(rows(client, standing="behind", phase="growth")) == {"Big"}


def test_one_sees_the_customers_one_sees_elsewhere(world, cast, client):
    client.force_login(cast.cora)
    assert set(rows(client)) == {"South"}
    for url in ("", "figure/"):
        assert client.get(f"/plan/visits/customers/{world['big'].pk}/{url}").status_code == 404
    with pytest.raises(NotFoundError):
        set_exception(actor=acting(cast.cora), company_id=world["big"].pk, version=None, values=NOTHING | {"visits": 1}, at=NOW)  # fmt: skip


def test_norms_hold_from_their_first_day_and_the_past_keeps_its_own(world, cast):
    tomorrow = TODAY + timedelta(days=1)
    later = set_norms(actor=acting(cast.tom), values=norms_from(tomorrow, NORMS[2:]), at=NOW)
    assert norms_on(TODAY) != later
    assert norms_on(tomorrow) == later
    assert effective_norm(world["big"], day=tomorrow).visits is None
    for day in (TODAY - timedelta(days=1), tomorrow):
        with pytest.raises(VisitNormRefusedError):
            set_norms(actor=acting(cast.tom), values=norms_from(day), at=NOW)


def test_norms_that_were_in_force_are_never_changed_or_removed(world, cast):
    found = VisitNormSet.objects.get()
    with pytest.raises(VisitNormRefusedError):
        change_norms(actor=acting(cast.tom), norm_set_id=found.pk, version=1, values=norms_from(TODAY), at=NOW)  # fmt: skip
    with pytest.raises(VisitNormRefusedError):
        remove_norms(actor=acting(cast.tom), norm_set_id=found.pk, at=NOW)


def test_a_change_before_the_start_is_named_in_the_trail_and_refused_on_an_old_version(cast):
    tom = acting(cast.tom)
    found = set_norms(actor=tom, values=norms_from(TODAY), at=NOW)
    change_norms(actor=tom, norm_set_id=found.pk, version=1, values=norms_from(TODAY, NORMS[:1]), at=NOW)  # fmt: skip
    entry = AuditEntry.objects.filter(noun="visitnormset").first()
    assert entry.changes == {"A growth": ["18 × 60 min, 1.50, 12345", None], "B": ["6 × 45 min, 1.00, 24", None]}  # fmt: skip
    assert VisitNorm.objects.count() == 1
    with pytest.raises(StaleVersionError):
        change_norms(actor=tom, norm_set_id=found.pk, version=1, values=norms_from(TODAY), at=NOW)
    remove_norms(actor=tom, norm_set_id=found.pk, at=NOW)
    assert not VisitNormSet.objects.exists()


def test_an_exception_sets_aside_what_it_names_and_nothing_else(world, cast, client):
    ann = acting(cast.ann)
    values = NOTHING | {"visits": 2, "weekdays": "3"}
    set_exception(actor=ann, company_id=world["big"].pk, version=None, values=values, at=NOW)
    holds = effective_norm(world["big"], day=TODAY)
    assert (holds.visits, holds.minutes, holds.weekdays) == (2, 60, "3")
    client.force_login(cast.ann)
    assert rows(client, standing="exception") == {"Big": (2, 3, 1)}
    assert effective_norm(world["big"], day=TODAY - timedelta(days=1)).visits == 18


def test_an_exception_ends_by_itself(world, cast):
    values = NOTHING | {"visits": 2, "starts_on": TODAY - timedelta(days=9), "ends_on": TODAY}
    set_exception(actor=acting(cast.ann), company_id=world["big"].pk, version=None, values=values, at=NOW)  # fmt: skip
    assert effective_norm(world["big"], day=TODAY - timedelta(days=1)).visits == 2
    assert effective_norm(world["big"], day=TODAY).visits == 18


def test_the_last_change_of_an_exception_is_taken_back_only_by_who_made_it(world, cast):
    ann, company = acting(cast.ann), world["big"].pk
    set_exception(actor=ann, company_id=company, version=None, values=NOTHING | {"visits": 2}, at=NOW)  # fmt: skip
    set_exception(actor=ann, company_id=company, version=1, values=NOTHING | {"visits": 9}, at=NOW)
    with pytest.raises(UndoRefusedError):
        undo_exception(actor=acting(cast.sam), company_id=company, at=NOW)
    undo_exception(actor=ann, company_id=company, at=NOW)
    assert VisitException.objects.get().visits == 2
    remove_exception(actor=ann, company_id=company, at=NOW)
    assert effective_norm(world["big"], day=TODAY).visits == 18


def test_two_who_change_the_same_exception_meet(world, cast, client):
    company = world["big"].pk
    set_exception(actor=acting(cast.ann), company_id=company, version=None, values=NOTHING | {"visits": 2}, at=NOW)  # fmt: skip
    set_exception(actor=acting(cast.sam), company_id=company, version=1, values=NOTHING | {"visits": 3}, at=NOW)  # fmt: skip
    client.force_login(cast.ann)
    typed = {"visits": "4", "reason": "Why", "starts_on": TODAY.isoformat(), "version": "1"}
    answer = client.post(f"/plan/visits/customers/{company}/", typed)
    assert answer.status_code == 409
    assert [(clash["name"], clash["stored"], clash["wanted"]) for clash in answer.context["clashes"]] == [("visits", 3, 4)]  # fmt: skip


def test_an_exception_says_what_is_different_and_why(world, cast):
    for wrong in ({"visits": 2, "reason": " "}, {}, {"visits": 2, "ends_on": TODAY}):
        with pytest.raises(VisitNormRefusedError):
            set_exception(actor=acting(cast.ann), company_id=world["big"].pk, version=None, values=NOTHING | wrong, at=NOW)  # fmt: skip


def test_managers_set_norms_and_sellers_exceptions(world, cast):
    for name in ("ann", "sam", "ina", "dirk", "mia"):
        with pytest.raises(NotAllowedError):
            set_norms(actor=acting(getattr(cast, name)), values=norms_from(TODAY), at=NOW)
    for name in ("ina", "dirk", "mia"):
        with pytest.raises(NotAllowedError):
            set_exception(actor=acting(getattr(cast, name)), company_id=world["big"].pk, version=None, values=NOTHING | {"visits": 1}, at=NOW)  # fmt: skip


def test_per_seller_what_the_norms_ask_and_what_was_done(world, cast, client):
    client.force_login(cast.tom)
    answer = client.get("/plan/visits/sellers/")
    assert [(row.name, row.load.customers, row.load.visits, row.load.units, row.load.hours, row.load.actual, row.load.without_norm)
            for row in answer.context["sellers"]] == [
        ("Ann de Boer", 2, 30, 45, 52.5, 3, 1), ("Cora Visser", 1, 6, 6, 9, 0, 0),
    ]  # fmt: skip
    assert answer.context["total"].level == pytest.approx(3 / 36)


def test_every_figure_of_visits_opens_with_the_number_on_the_page(world, cast, client):
    client.force_login(cast.tom)
    values = {"visits": "30", "units": "45.0", "hours": "53", "level": "10.0%", "kept": "10.0%"}
    for name, value in values.items():
        panel = client.get(f"/plan/visits/figures/{name}/", {"owner": cast.ann.pk}).context["panel"]
        assert panel.value == value
    assert panel.rows == [("Big", 18, 3), ("Old", 12, 0)]
    assert client.get("/plan/visits/figures/moon/").status_code == 404
    assert client.get("/plan/visits/figures/visits/", {"owner": "999"}).status_code == 404
    panel = client.get(f"/plan/visits/customers/{world['big'].pk}/figure/").context["panel"]
    assert (panel.value, panel.rows_count, len(panel.rows)) == ("16.7%", 3, 3)


def test_norms_typed_into_the_form_come_out_as_typed(cast, client):
    client.force_login(cast.tom)
    typed = {
        "starts_on": TODAY.isoformat(), "travel_minutes": "20", "waiting_minutes": "5", "visits_A": "12", "minutes_A": "60", "unit_A": "1.5",
        "weekdays_A": ["5", "1"], "visits_A_growth": "18", "visits_B": "0", "minutes_B": "30", "weekdays_B": ["2"],
    }  # fmt: skip
    answer = client.post("/plan/visits/norms/new/", typed)
    assert answer.status_code == 302
    assert list(VisitNorm.objects.values_list("customer_class", "phase", "visits", "minutes", "unit", "weekdays")) == [
        ("A", "", 12, 60, Decimal("1.5"), "15"), ("A", "growth", 18, 60, Decimal("1.5"), "15"), ("B", "", 0, 30, Decimal(1), "2"),
    ]  # fmt: skip
    shown = client.get("/plan/visits/norms/new/").context["form"]
    assert (shown["visits_A"].initial, shown["weekdays_A"].value(), shown["visits_C"].initial) == (12, ["1", "5"], None)  # fmt: skip
    wrong = client.post("/plan/visits/norms/new/", typed | {"minutes_A": "", "weekdays_B": [], "visits_C_growth": "3"})  # fmt: skip
    assert set(wrong.context["form"].errors) == {"minutes_A", "weekdays_B", "visits_C"}


def test_the_list_takes_the_same_queries_for_one_customer_and_for_three(cast, client):
    set_norms(actor=acting(cast.tom), values=norms_from(TODAY - timedelta(days=400)), at=NOW)
    client.force_login(cast.tom)
    counts = []
    for number in (1, 2):
        for _company in range(number):
            visit(CompanyFactory(owner=cast.ann, customer_class="A"))
        counts.append((queries_of(client, "/plan/visits/"), queries_of(client, "/plan/visits/sellers/")))  # fmt: skip
    assert counts[0] == counts[1]


def test_the_list_leaves_as_a_file(world, cast, client):
    client.force_login(cast.ann)
    lines = client.get("/plan/visits/", {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[:1] + lines[1].split(";")[4:7] == ["Big", "18", "3", "-15"]
    client.force_login(cast.mia)
    assert client.get("/plan/visits/").status_code == 403
