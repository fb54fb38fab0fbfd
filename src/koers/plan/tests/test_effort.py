"""Are visits divided best in the hours there are, from estimates or classes, and put in force and taken back whole?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.jobs import JobContext
from koers.core.models import AuditEntry, Job
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions import effort as effort_actions
from koers.plan.actions.effort import (
    EstimateRefusedError,
    EstimateValues,
    effort_task,
    make_run,
    save_estimates,
    set_class_curves,
)
from koers.plan.actions.effort_acceptance import (
    AcceptanceRefusedError,
    accept_run,
    take_back_run,
)
from koers.plan.actions.seller_year import set_seller_year
from koers.plan.actions.visit_norm import NormSetValues, NormValues, set_exception, set_norms
from koers.plan.models import EffortEstimate, EffortRun, VisitException
from koers.plan.queries.effort import START, class_curves
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
UNTIL = TODAY + timedelta(days=365)
FEW_HOURS = {"weekdays": "1", "hours_a_day": Decimal("0.5"), "leave_days": 0, "sick_days": 0, "other_days": 0}  # fmt: skip
GOOD = EstimateValues(*map(Decimal, (40, 70, 115, 140)), 1, 20)


@pytest.fixture
def world(cast):
    """Norms of an hour a visit; two customers of Ann with visits, one without turnover, one of Cora."""
    norms = [NormValues("A", "", 12, 60, Decimal(1), "12345"), NormValues("B", "", 4, 60, Decimal(1), "12345")]  # fmt: skip
    set_norms(actor=acting(cast.tom), values=NormSetValues(TODAY - timedelta(days=400), 0, 0, "", norms), at=NOW)  # fmt: skip
    made = {
        "big": CompanyFactory(name="Big", owner=cast.ann, customer_class="A", turnover_12m=100, contribution_12m=40),
        "near": CompanyFactory(name="Near", owner=cast.ann, customer_class="B", turnover_12m=50),
        "new": CompanyFactory(name="New", owner=cast.ann, customer_class="A"),
        "south": CompanyFactory(name="South", owner=cast.cora, customer_class="A", turnover_12m=80, contribution_12m=8),
    }  # fmt: skip
    for number in range(6):
        Activity.objects.create(
            company=made["big"], owner=cast.ann, kind="visit", status="done", subject="Visit", day=TODAY - timedelta(days=10 + number)
        )  # fmt: skip
    return made


def run_of(cast, person="tom", who="", **more):
    return make_run(actor=acting(getattr(cast, person)), who=who, year=TODAY.year, at=NOW, **more)


def accept(cast, run, person="tom"):
    return accept_run(actor=acting(getattr(cast, person)), run_id=run.pk, starts_on=TODAY, ends_on=UNTIL, at=NOW)  # fmt: skip


def test_a_division_keeps_customers_curves_hours_and_what_was_left_out(world, cast):
    save_estimates(actor=acting(cast.ann), rows={world["big"].pk: GOOD}, at=NOW)
    run = run_of(cast, "ann")
    seller = run.sellers.get()
    lines = {line.company.name: line for line in run.lines.select_related("company")}
    assert set(lines) == {"Big", "Near"}
    assert (run.scope_label, run.basis, run.customers, run.estimated) == ("Ann de Boer", "contribution", 2, 1)  # fmt: skip
    assert (seller.left_out, seller.reserved) == (1, 12)
    big, near = lines["Big"], lines["Near"]
    assert (big.source, big.visits, big.margin, big.least, big.most, big.norm, big.actual) == ("estimate", 6, 0.4, 1, 20, 12, 6)  # fmt: skip
    assert (near.source, near.visits, near.margin, near.least, near.most) == ("class", 4, 0.4, 3, 24)  # fmt: skip
    assert (near.s0, near.smax) == (pytest.approx(30), pytest.approx(62.5))
    # Hours abound, so that everybody gets all that still brings something: the most visits.
    assert (big.best, near.best, run.is_exact) == (20, 24, True)
    assert run.best_value == seller.best_value == big.best_value + near.best_value
    assert run.norm_value == big.norm_value + near.norm_value
    assert run.norm_hours == 16
    assert [Decimal(each) for each in seller.steps] == sorted(Decimal(each) for each in seller.steps)  # fmt: skip
    assert AuditEntry.objects.filter(noun="effortrun", verb="create").count() == 1


def test_scarce_hours_go_where_they_bring_most_and_never_below_the_least(world, cast):
    set_seller_year(actor=acting(cast.ann), person_id=cast.ann.pk, year=TODAY.year, values=FEW_HOURS, version=None, at=NOW)  # fmt: skip
    world["new"].delete()
    run = run_of(cast, "ann")
    lines = list(run.lines.all())
    assert run.hours_used <= run.hours < 27
    assert sum(line.best for line in lines) == int(run.hours)
    assert all(line.least <= line.best <= line.most for line in lines)
    assert run.same_hours_value >= run.norm_value
    values = FEW_HOURS | {"hours_a_day": Decimal("0.25"), "leave_days": 40}
    set_seller_year(actor=acting(cast.ann), person_id=cast.ann.pk, year=TODAY.year, values=values, version=1, at=NOW)  # fmt: skip
    with pytest.raises(RuleError, match="Lower the least visits"):
        run_of(cast, "ann")


def test_estimates_are_kept_with_the_point_of_today_and_wrong_ones_say_whose(world, cast):
    key = world["big"].pk
    assert save_estimates(actor=acting(cast.ann), rows={key: GOOD, world["near"].pk: EstimateValues(*[None] * 6)}, at=NOW) == 1  # fmt: skip
    found = EffortEstimate.objects.get()
    assert (found.company, found.turnover, found.visits, found.estimated_on) == (world["big"], 100, 6, TODAY)  # fmt: skip
    for wrong in (EstimateValues(*map(Decimal, (40, 70, 90, 140)), None, None), EstimateValues(Decimal(1), None, None, None, None, None),
                  EstimateValues(*map(Decimal, (80, 70, 115, 140)), None, None), EstimateValues(None, None, None, None, 5, 4)):  # fmt: skip
        with pytest.raises(EstimateRefusedError) as refusal:
            save_estimates(actor=acting(cast.ann), rows={key: wrong}, at=NOW)
        assert refusal.value.company_id == key
    with pytest.raises(EstimateRefusedError):
        save_estimates(actor=acting(cast.ann), rows={world["new"].pk: GOOD}, at=NOW)
    assert save_estimates(actor=acting(cast.ann), rows={key: EstimateValues(*[None] * 6, version=1)}, at=NOW) == 1  # fmt: skip
    assert not EffortEstimate.objects.exists()
    with pytest.raises(NotFoundError):
        save_estimates(actor=acting(cast.ann), rows={world["south"].pk: GOOD}, at=NOW)
    for name in ("dirk", "mia", "ina"):
        with pytest.raises(NotAllowedError):
            save_estimates(actor=acting(getattr(cast, name)), rows={key: GOOD}, at=NOW)


def test_a_manager_says_what_is_assumed_of_a_class(world, cast):
    said = {name: getattr(START["A"], name) for name in ("none", "half", "more", "most", "least_visits", "most_visits")}  # fmt: skip
    assert set_class_curves(actor=acting(cast.tom), rows={"A": said}, at=NOW) == 0
    assert set_class_curves(actor=acting(cast.tom), rows={"A": said | {"most": Decimal("1.4")}}, at=NOW) == 1  # fmt: skip
    curves = class_curves()
    assert (curves["A"].most, curves["A"].is_start, curves["B"].is_start) == (Decimal("1.4"), False, True)  # fmt: skip
    for wrong in ({"half": Decimal("1.1")}, {"most_visits": 1}, {"none": Decimal("0.9")}):
        with pytest.raises(RuleError):
            set_class_curves(actor=acting(cast.tom), rows={"A": said | wrong}, at=NOW)
    with pytest.raises(NotAllowedError):
        set_class_curves(actor=acting(cast.ann), rows={"A": said}, at=NOW)


def test_a_division_comes_into_force_as_exceptions_and_goes_back_in_one_go(world, cast):
    former = {"visits": 15, "minutes": 90, "weekdays": "2", "reason": "Agreed", "starts_on": TODAY, "ends_on": None}  # fmt: skip
    set_exception(actor=acting(cast.ann), company_id=world["big"].pk, version=None, values=former, at=NOW)  # fmt: skip
    run = run_of(cast, "tom", f"{cast.ann.pk}")
    best = {line.company_id: line.best for line in run.lines.all()}
    assert accept(cast, run) == 2
    held = {each.company_id: each for each in VisitException.objects.all()}
    assert {key: each.visits for key, each in held.items()} == best
    assert (held[world["big"].pk].minutes, held[world["big"].pk].ends_on) == (90, UNTIL)
    with pytest.raises(AcceptanceRefusedError):
        accept(cast, run)
    found = take_back_run(actor=acting(cast.tom), run_id=run.pk, at=NOW)
    assert (found.restored, found.left) == (2, 0)
    again = VisitException.objects.get()
    assert {name: getattr(again, name) for name in former} == former
    run.refresh_from_db()
    assert (run.accepted_at, run.starts_on, run.lines.filter(written_version__isnull=False).count()) == (None, None, 0)  # fmt: skip
    with pytest.raises(AcceptanceRefusedError):
        take_back_run(actor=acting(cast.tom), run_id=run.pk, at=NOW)


def test_taking_back_leaves_what_somebody_changed_by_hand(world, cast):
    run = run_of(cast, "ann")
    accept(cast, run, "ann")
    values = {"visits": 9, "minutes": None, "weekdays": "", "reason": "By hand", "starts_on": TODAY, "ends_on": None}  # fmt: skip
    set_exception(actor=acting(cast.ann), company_id=world["big"].pk, version=1, values=values, at=NOW)  # fmt: skip
    found = take_back_run(actor=acting(cast.ann), run_id=run.pk, at=NOW)
    assert (found.restored, found.left) == (1, 1)
    assert list(VisitException.objects.values_list("company", "visits")) == [(world["big"].pk, 9)]


def test_one_sees_runs_of_those_one_leads_and_a_seller_only_runs_of_oneself(world, cast, client):
    runs = {"all": run_of(cast), "ann": run_of(cast, "ann"), "cora": run_of(cast, "tom", str(cast.cora.pk))}  # fmt: skip
    seen = {"tom": set(runs), "ben": {"ann"}, "ann": {"ann"}, "sam": set(), "cora": {"cora"}, "dirk": set(runs)}  # fmt: skip
    for name, expected in seen.items():
        client.force_login(getattr(cast, name))
        found = {key for key, run in runs.items() if client.get(f"/plan/effort/{run.pk}/").status_code == 200}  # fmt: skip
        assert (name, found) == (name, expected)
        assert {row.pk for row in client.get("/plan/effort/").context["page"].rows} == {runs[key].pk for key in expected}  # fmt: skip
    for name in ("ina", "mia"):
        client.force_login(getattr(cast, name))
        assert client.get("/plan/effort/").status_code == 403
    for name, who in (("ann", str(cast.cora.pk)), ("ben", str(cast.cora.pk)), ("tom", "team-99"), ("tom", "x"), ("tom", str(cast.mia.pk))):  # fmt: skip
        with pytest.raises(NotFoundError):
            run_of(cast, name, who)
    with pytest.raises(NotAllowedError):
        run_of(cast, "dirk")
    with pytest.raises(NotFoundError):
        accept(cast, runs["cora"], "ann")


def test_every_figure_opens_and_the_best_of_a_customer_shows_its_curve(world, cast, client):
    client.force_login(cast.tom)
    run = run_of(cast)
    page = client.get(f"/plan/effort/{run.pk}/")
    assert [head.column.name for head in page.context["state"].heads][:3] == ["name", "class", "seller"]  # fmt: skip
    assert (page.context["changed"], page.context["left_out"]) == (3, 1)
    for name in ("best", "gain", "same", "bound", "next", "hour", "step"):
        panel = client.get(f"/plan/effort/{run.pk}/figures/{name}/").context["panel"]
        assert (name, bool(panel.value), panel.rows_count > 0) == (name, True, True)
    seller = run.sellers.get(person=cast.ann)
    panel = client.get(f"/plan/effort/{run.pk}/figures/seller/", {"seller": seller.pk}).context["panel"]  # fmt: skip
    assert [row[0] for row in panel.rows] == ["Big", "Near"]
    line = run.lines.get(company=world["big"])
    panel = client.get(f"/plan/effort/{run.pk}/figures/line/", {"line": line.pk}).context["panel"]
    assert (panel.value, panel.formula_id, len(panel.rows)) == (str(line.best), "F6.9", 10)
    for wrong in ("moon/", "line/?line=0", "seller/?seller=0", "step/?step=3"):
        assert client.get(f"/plan/effort/{run.pk}/figures/{wrong}").status_code == 404


def test_calculating_putting_in_force_and_undoing_on_screen(world, cast, client, monkeypatch):
    client.force_login(cast.ann)
    page = client.post("/plan/effort/", {"who": str(cast.ann.pk), "year": TODAY.year}, follow=True)
    run = page.context["run"]
    url = f"/plan/effort/{run.pk}/"
    wrong = client.post(url, {"step": "accept", "starts_on": UNTIL.isoformat(), "last_day": TODAY.isoformat()})  # fmt: skip
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["last_day"])
    page = client.post(url, {"step": "accept", "starts_on": TODAY.isoformat(), "last_day": UNTIL.isoformat()}, follow=True)  # fmt: skip
    assert VisitException.objects.count() == 2
    undo = [each.extra_tags for each in page.context["messages"]]
    client.post(undo[0])
    assert not VisitException.objects.exists()
    refused = client.post("/plan/effort/", {"who": "", "year": "1"})
    assert (refused.status_code, EffortRun.objects.count()) == (400, 1)
    monkeypatch.setattr(effort_actions, "AT_ONCE", 1)
    client.post("/plan/effort/", {"who": "", "year": TODAY.year})
    job = Job.objects.get(task="visit_effort")
    again = [effort_task(JobContext(job.pk, job.arguments, cast.ann.pk)) for _time in range(2)]
    assert again[0] == again[1]
    assert EffortRun.objects.count() == 2


def test_estimates_are_entered_in_the_list_and_a_wrong_line_keeps_what_was_typed(world, cast, client):  # fmt: skip
    client.force_login(cast.ann)
    page = client.get("/plan/effort/estimates/")
    assert [row.name for row in page.context["page"].rows] == ["Big", "Near", "New"]
    assert 'placeholder="55"' in page.content.decode()
    big, near = world["big"].pk, world["near"].pk
    typed = {"what": "customers", "company": [big, near], f"none-{big}": "40", f"half-{big}": "70", f"more-{big}": "115.5", f"most-{big}": "140", f"least_visits-{near}": "2"}  # fmt: skip
    wrong = client.post("/plan/effort/estimates/", typed | {f"more-{big}": "90"})
    assert wrong.status_code == 400
    assert 'value="90"' in wrong.content.decode()
    assert not EffortEstimate.objects.exists()
    client.force_login(cast.cora)
    assert client.post("/plan/effort/estimates/", typed).status_code == 404
    client.force_login(cast.ann)
    assert client.post("/plan/effort/estimates/?source=class", typed).status_code == 302
    assert list(EffortEstimate.objects.order_by("company__name").values_list("company", "more", "least_visits")) == [(big, Decimal("115.5"), None), (near, None, 2)]  # fmt: skip
    for source, names in (("estimate", ["Big"]), ("class", ["Near"]), ("none", ["New"])):
        rows = client.get("/plan/effort/estimates/", {"source": source}).context["page"].rows
        assert [row.name for row in rows] == names
    classes = {"what": "classes"} | {f"{name}_{key}": str(value) for key in "ABCD" for name, value in {"none": 50, "half": 80, "more": 110, "most": 130, "least_visits": 1, "most_visits": 20}.items()}  # fmt: skip
    assert client.post("/plan/effort/estimates/", classes).status_code == 403
    client.force_login(cast.tom)
    assert client.post("/plan/effort/estimates/", classes | {"half_B": "120"}).status_code == 400
    assert client.post("/plan/effort/estimates/", classes).status_code == 302
    assert class_curves()["D"].none == Decimal("0.5")


def test_lists_ask_as_much_with_one_customer_as_with_three(cast, client):
    norms = [NormValues("A", "", 12, 60, Decimal(1), "12345")]
    set_norms(actor=acting(cast.tom), values=NormSetValues(TODAY - timedelta(days=400), 0, 0, "", norms), at=NOW)  # fmt: skip
    client.force_login(cast.tom)
    counts = []
    for number in (1, 2):
        for _company in range(number):
            CompanyFactory(owner=cast.ann, customer_class="A", turnover_12m=100)
        run = run_of(cast)
        counts.append([queries_of(client, url) for url in ("/plan/effort/", f"/plan/effort/{run.pk}/", "/plan/effort/estimates/")])  # fmt: skip
    assert counts[0] == counts[1]
