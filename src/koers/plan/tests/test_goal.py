"""Do goals form a tree that fits, is their progress right, and does nobody see more than allowed?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry, DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.models import BusinessUnit
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.goal import (
    GoalRefusedError,
    change_goal,
    close_goal,
    measure_goal,
    move_goal,
    remove_goal,
    reopen_goal,
    restore_goal,
    set_goal,
)
from koers.plan.figures.goal import standings_of
from koers.plan.models import Goal
from koers.plan.queries.goal import goals_visible_to, with_last_measured
from koers.sell.models import Activity
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)  # facts are read by another process
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
START, END = TODAY - timedelta(days=50), TODAY + timedelta(days=50)


def words(owner, level=1, **more):
    return {
        "title": "Grow", "detail": "", "parent": None, "level": level, "business_unit": None, "owner": owner, "kind": "quantitative",
        "horizon": "short", "starts_on": START, "ends_on": END, "unit": "number", "rubric": "", "start_value": Decimal(0),
        "target_value": Decimal(10), "figure": "", "step": "plan", "control_on": TODAY + timedelta(days=7),
    } | more  # fmt: skip


def goal(cast, level=1, **more):
    return set_goal(actor=acting(cast.tom), values=words(more.pop("owner", cast.tom), level, **more), at=NOW)  # fmt: skip


def standing(actor, found):
    goals = with_last_measured(goals_visible_to(actor).filter(pk=found.pk), today=TODAY)
    return standings_of(actor=actor, goals=goals, today=TODAY)[0]


@pytest.fixture
def tree(cast):
    """Five levels, one under the other, and a person's goal of the other team."""
    unit = BusinessUnit.objects.create(name="Kitchens")
    top = goal(cast, title="Company")
    units = goal(cast, 2, title="Unit", parent=top, business_unit=unit)
    marketing = goal(cast, 3, title="Marketing", parent=units)
    sales = goal(cast, 4, title="Sales", parent=marketing)
    return {
        "top": top, "unit": units, "marketing": marketing, "sales": sales,
        "ann": goal(cast, 5, title="Of Ann", parent=sales, owner=cast.ann), "cora": goal(cast, 5, title="Of Cora", parent=sales, owner=cast.cora),
    }  # fmt: skip


def test_the_list_is_the_tree_and_a_person_sees_shared_goals_and_the_own(tree, cast, client):
    client.force_login(cast.ann)
    page = client.get("/plan/goals/").context["rows"]
    assert [(row.goal.title, row.depth) for row in page] == [("Company", 0), ("Unit", 1), ("Marketing", 2), ("Sales", 3), ("Of Ann", 4)]  # fmt: skip
    for url in ("", "figure/"):
        assert client.get(f"/plan/goals/{tree['cora'].pk}/{url}").status_code == 404
    client.force_login(cast.dirk)
    assert len(client.get("/plan/goals/").context["rows"]) == 6
    client.force_login(cast.mia)
    assert [row.goal.title for row in client.get("/plan/goals/").context["rows"]] == ["Company", "Unit", "Marketing", "Sales"]  # fmt: skip


def test_a_goal_hangs_under_one_of_a_higher_level_inside_its_period(tree, cast):
    for values in (
        {"level": 4, "parent": tree["sales"]}, {"level": 3, "parent": tree["ann"]}, {"level": 5, "parent": tree["sales"], "starts_on": START - timedelta(days=1)},
        {"level": 5, "parent": tree["sales"], "ends_on": END + timedelta(days=1)}, {"level": 2}, {"level": 4, "business_unit": tree["unit"].business_unit},
        {"ends_on": START}, {"target_value": Decimal(0)}, {"figure": "turnover"}, {"figure": "visits", "start_value": Decimal(1)}, {"rubric": "Low\nHigh"},
        {"kind": "qualitative", "rubric": "Only"}, {"kind": "qualitative", "rubric": "Low\nHigh", "start_value": Decimal(1), "target_value": Decimal(3)},
        {"level": 2, "business_unit": tree["unit"].business_unit, "figure": "visits"}, {"owner": None},
    ):  # fmt: skip
        with pytest.raises(GoalRefusedError):
            goal(cast, **{"level": 4} | values)
    assert Goal.objects.count() == 6


def test_no_goal_comes_under_itself_and_what_hangs_under_it_keeps_fitting(tree, cast):
    tom, top = acting(cast.tom), tree["top"]
    for values in ({"parent": tree["sales"]}, {"level": 4}, {"ends_on": END - timedelta(days=1)}):
        with pytest.raises(GoalRefusedError):
            change_goal(actor=tom, goal_id=top.pk, version=1, values=values, at=NOW)
    with pytest.raises(GoalRefusedError):
        change_goal(actor=tom, goal_id=tree["unit"].pk, version=1, values={"parent": tree["ann"]}, at=NOW)  # fmt: skip


def test_a_goal_that_moves_takes_its_own_along(tree, cast):
    other = goal(cast, title="Another company goal")
    change_goal(actor=acting(cast.tom), goal_id=tree["sales"].pk, version=1, values={"parent": other}, at=NOW)  # fmt: skip
    found = [(each.title, each.depth) for each in goals_visible_to(acting(cast.dirk)).order_by("path")]  # fmt: skip
    assert found == [
        ("Company", 0), ("Unit", 1), ("Marketing", 2), ("Another company goal", 0), ("Sales", 1), ("Of Ann", 2), ("Of Cora", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"level": 6}, {"level": 2}, {"ends_on": START}, {"target_value": 0}, {"unit": "level"}, {"unit": "money"}, {"status": "reached"}, {"rubric": "A\nB"},
    ],
)  # fmt: skip
def test_the_database_refuses_what_may_never_be(tree, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=tree["sales"].pk).update(**values)


def test_only_who_sets_targets_changes_and_the_owner_controls(tree, cast):
    ann, own = acting(cast.ann), tree["ann"]
    with pytest.raises(NotAllowedError):
        change_goal(actor=ann, goal_id=own.pk, version=1, values={"title": "Less"}, at=NOW)
    with pytest.raises(NotAllowedError):
        remove_goal(actor=ann, goal_id=own.pk, at=NOW)
    with pytest.raises(NotFoundError):
        move_goal(actor=ann, goal_id=tree["cora"].pk, version=1, step="control", control_on=TODAY, today=TODAY, at=NOW)  # fmt: skip
    with pytest.raises(NotAllowedError):
        move_goal(actor=ann, goal_id=tree["top"].pk, version=1, step="control", control_on=TODAY, today=TODAY, at=NOW)  # fmt: skip
    later = TODAY + timedelta(days=30)
    moved = move_goal(actor=ann, goal_id=own.pk, version=1, step="control", control_on=later, today=TODAY, at=NOW)  # fmt: skip
    assert (moved.step, moved.control_on) == ("control", later)
    with pytest.raises(GoalRefusedError):
        move_goal(actor=ann, goal_id=own.pk, version=2, step="plan", control_on=TODAY - timedelta(days=1), today=TODAY, at=NOW)  # fmt: skip


def test_a_change_is_trailed_and_refused_on_an_old_version(tree, cast):
    tom, found = acting(cast.tom), tree["top"]
    change_goal(actor=tom, goal_id=found.pk, version=1, values={"target_value": Decimal(12)}, at=NOW)  # fmt: skip
    entry = AuditEntry.objects.filter(noun="goal", object_id=found.pk, verb="change").get()
    assert entry.changes == {"target_value": ["10.0000", "12"]}
    with pytest.raises(StaleVersionError):
        change_goal(actor=tom, goal_id=found.pk, version=1, values={"target_value": Decimal(13)}, at=NOW)  # fmt: skip


def test_the_last_measurement_counts_and_a_day_holds_one(tree, cast):
    ann, own = acting(cast.ann), tree["ann"]
    for days, value in ((9, 2), (3, 4), (3, 5)):
        measure_goal(actor=ann, goal_id=own.pk, day=TODAY - timedelta(days=days), value=Decimal(value), note="", today=TODAY, at=NOW)  # fmt: skip
    found = standing(ann, own)
    assert (found.actual, found.measured_on, found.share, found.progress.expected) == (5, TODAY - timedelta(days=3), Decimal("0.5"), Decimal("0.5"))  # fmt: skip
    assert own.measurements.count() == 2
    with pytest.raises(GoalRefusedError):
        measure_goal(actor=ann, goal_id=own.pk, day=TODAY + timedelta(days=1), value=Decimal(1), note="", today=TODAY, at=NOW)  # fmt: skip


def test_a_qualitative_goal_climbs_its_rubric(cast):
    found = goal(cast, 4, kind="qualitative", rubric="Unknown\nNamed\nDrawn\nUsed", start_value=Decimal(1), target_value=Decimal(4), unit="level")  # fmt: skip
    measure_goal(actor=acting(cast.tom), goal_id=found.pk, day=TODAY, value=Decimal(3), note="", today=TODAY, at=NOW)  # fmt: skip
    assert round(standing(acting(cast.tom), found).share, 4) == Decimal("0.6667")
    with pytest.raises(GoalRefusedError):
        measure_goal(actor=acting(cast.tom), goal_id=found.pk, day=TODAY, value=Decimal(5), note="", today=TODAY, at=NOW)  # fmt: skip


@pytest.fixture
def sold(tree, cast):
    """Ann sold 300 to a new customer and 500 to an old one inside the period, Cora 200; all cost half."""
    old, new, south = (CompanyFactory(name=name, owner=owner) for name, owner in (("Old", cast.ann), ("New", cast.ann), ("South", cast.cora)))  # fmt: skip
    sale(old, START - timedelta(days=1), "900", seller=cast.ann, number="1", cost="450")
    sale(old, START, "500", seller=cast.ann, number="2", cost="250")
    sale(new, TODAY, "300", seller=cast.ann, number="3", cost="150")
    sale(south, TODAY - timedelta(days=3), "200", seller=cast.cora, number="4", cost="100")
    for days, status in ((5, "done"), (60, "done"), (4, "planned")):
        Activity.objects.create(kind="visit", subject="Visit", company=old, owner=cast.ann, status=status, day=TODAY - timedelta(days=days))  # fmt: skip
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=NOW)
    return cast


def measured(cast, level, figure, unit="number", **more):
    return goal(cast, level, figure=figure, unit=unit, target_value=Decimal(2000), **more)


@COMMITTED
def test_figures_count_all_for_shared_goals_and_the_owner_for_a_persons(sold):
    tom, ann = acting(sold.dirk), acting(sold.ann)
    asked = {"owner": sold.ann}
    assert standing(tom, measured(sold, 1, "turnover", "money")).actual == 1000
    assert standing(tom, measured(sold, 4, "contribution", "money")).actual == 500
    assert standing(tom, measured(sold, 1, "new_customers")).actual == 2
    assert standing(tom, measured(sold, 1, "visits")).actual == 1
    assert standing(ann, measured(sold, 5, "turnover", "money", **asked)).actual == 800
    assert standing(ann, measured(sold, 5, "turnover", "money", **asked)).share == Decimal("0.4")
    assert standing(ann, measured(sold, 5, "new_customers", **asked)).actual == 1
    assert standing(ann, measured(sold, 5, "visits", **asked)).actual == 1


@COMMITTED
def test_an_actual_of_all_customers_is_hidden_from_who_sees_some(sold, client):
    found = measured(sold, 1, "turnover", "money")
    seen = standing(acting(sold.ann), found)
    assert (seen.is_hidden, seen.actual, seen.share) == (True, None, None)
    client.force_login(sold.ann)
    for url in ("", "figure/"):
        page = client.get(f"/plan/goals/{found.pk}/{url}").content.decode()
        assert "1,000" not in page
        assert "2,000" in page


@COMMITTED
def test_contribution_is_hidden_with_its_target_from_who_may_not_see_cost(sold, client):
    found = measured(sold, 1, "contribution", "money")
    client.force_login(sold.mia)
    for url in ("/plan/goals/", f"/plan/goals/{found.pk}/", f"/plan/goals/{found.pk}/figure/"):
        page = client.get(url).content.decode()
        assert ("2,000" in page, "500" in page) == (False, False), url


@COMMITTED
def test_a_goal_that_has_not_begun_has_no_actual(sold):
    found = measured(sold, 1, "turnover", "money", starts_on=TODAY + timedelta(days=1))
    assert (standing(acting(sold.tom), found).actual, standing(acting(sold.tom), found).progress.expected) == (None, 0)  # fmt: skip


def test_a_closed_goal_says_what_came_of_it_and_opens_again(tree, cast):
    tom, found = acting(cast.tom), tree["ann"]
    with pytest.raises(GoalRefusedError):
        close_goal(actor=tom, goal_id=found.pk, status="reached", result=" ", at=NOW)
    assert close_goal(actor=tom, goal_id=found.pk, status="missed", result="No stock", at=NOW).status == "missed"  # fmt: skip
    with pytest.raises(GoalRefusedError):
        change_goal(actor=tom, goal_id=found.pk, version=2, values={"title": "Other"}, at=NOW)
    assert (reopen_goal(actor=tom, goal_id=found.pk, at=NOW).status, reopen_goal(actor=tom, goal_id=found.pk, at=NOW).result) == ("open", "")  # fmt: skip


def test_a_goal_with_others_under_it_stays_and_a_removed_one_comes_back(tree, cast, client):
    tom = acting(cast.tom)
    with pytest.raises(GoalRefusedError):
        remove_goal(actor=tom, goal_id=tree["sales"].pk, at=NOW)
    remove_goal(actor=tom, goal_id=tree["ann"].pk, at=NOW)
    remove_goal(actor=tom, goal_id=tree["cora"].pk, at=NOW)
    client.force_login(cast.tom)
    assert client.get(f"/plan/goals/{tree['ann'].pk}/").status_code == 404
    remove_goal(actor=tom, goal_id=tree["sales"].pk, at=NOW)
    with pytest.raises(GoalRefusedError):
        restore_goal(actor=tom, goal_id=tree["ann"].pk, at=NOW)
    restore_goal(actor=tom, goal_id=tree["sales"].pk, at=NOW)
    assert restore_goal(actor=tom, goal_id=tree["ann"].pk, at=NOW).deleted_at is None


def posted(goal, **more):
    return {
        "title": "New words", "level": goal.level, "owner": goal.owner_id, "horizon": "short", "starts_on": START.isoformat(),
        "last_day": (END - timedelta(days=1)).isoformat(), "kind": "quantitative", "unit": "share", "figure": "", "start_value": "10", "target_value": "12.5",
        "step": "plan", "control_on": TODAY.isoformat(), "version": goal.version,
    } | more  # fmt: skip


def test_a_percentage_is_entered_as_people_say_it(tree, cast, client):
    client.force_login(cast.tom)
    found = tree["top"]
    assert client.post(f"/plan/goals/{found.pk}/edit/", posted(found)).status_code == 302
    found.refresh_from_db()
    assert (found.start_value, found.target_value, found.unit, found.ends_on) == (Decimal("0.1"), Decimal("0.125"), "share", END)  # fmt: skip
    form = client.get(f"/plan/goals/{found.pk}/edit/").context["form"]
    assert (form["start_value"].value(), form["target_value"].value(), form["last_day"].value()) == ("10", "12.50", END - timedelta(days=1))  # fmt: skip
    answer = client.post(f"/plan/goals/{found.pk}/edit/", posted(found, target_value="x"))
    assert (answer.status_code, answer.context["form"]["title"].value()) == (400, "New words")
    assert client.post(f"/plan/goals/{found.pk}/edit/", posted(found, title="Third", version=1)).status_code == 409  # fmt: skip


def test_a_control_date_that_passed_stands_out(tree, cast, client):
    Goal.objects.filter(pk=tree["top"].pk).update(control_on=TODAY - timedelta(days=1))
    Goal.objects.filter(pk=tree["unit"].pk).update(control_on=TODAY)
    client.force_login(cast.tom)
    rows = {row.goal.title: (row.is_due, row.is_overdue) for row in client.get("/plan/goals/?state=due").context["rows"]}  # fmt: skip
    assert rows == {"Company": (True, True), "Unit": (True, False)}


@COMMITTED
def test_the_list_takes_the_same_queries_whatever_the_number_of_goals(sold, client):
    measured(sold, 1, "turnover", "money")
    client.force_login(sold.dirk)
    one = queries_of(client, "/plan/goals/?level=1&state=open&q=Grow")
    for days in (1, 2):
        measured(sold, 1, "turnover", "money", starts_on=date.today() - timedelta(days=days))  # noqa: DTZ011 -- any two days
    assert queries_of(client, "/plan/goals/?level=1&state=open&q=Grow") == one
