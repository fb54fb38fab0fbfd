"""Does a hygiene factor that fails sound the alarm, and does a visionary one only show its way?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.control.actions.action_item import add_item
from koers.control.figures.alarms import alarms
from koers.core.errors import NotAllowedError, StaleVersionError
from koers.core.models import AuditEntry, DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.key_success_factor import (
    FactorRefusedError,
    change_factor,
    measure_factor,
    move_factor,
    remove_factor,
    restore_factor,
    set_factor,
)
from koers.plan.figures.key_success_factor import factor_standings_of, failing_factors
from koers.plan.models import KeySuccessFactor
from koers.plan.queries.key_success_factor import factors_visible_to, with_last_measured
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)  # facts are read by another process
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def factor(cast, **more):
    values = {
        "title": "Answer complaints", "detail": "", "factor_class": "hygiene", "owner": cast.ann, "goal": None, "unit": "number", "figure": "",
        "bound": "most", "threshold": Decimal(2), "start_value": Decimal(0), "ambition": None, "step": "control", "control_on": TODAY + timedelta(days=7),
    } | more  # fmt: skip
    return set_factor(actor=acting(cast.tom), values=values, at=NOW)


def visionary(cast, **more):
    return factor(cast, **{"title": "Known by name", "factor_class": "visionary", "bound": "", "threshold": None, "start_value": Decimal(20), "ambition": Decimal(60)} | more)  # fmt: skip


def measure(cast, found, value, days=0):
    measure_factor(actor=acting(cast.ann), factor_id=found.pk, day=TODAY - timedelta(days=days), value=Decimal(value), note="", today=TODAY, at=NOW)  # fmt: skip


def standing(actor, found):
    rows = with_last_measured(factors_visible_to(actor).filter(pk=found.pk))
    return factor_standings_of(actor=actor, factors=rows, today=TODAY)[0]


@pytest.mark.parametrize(("bound", "value", "passes"), [("most", 2, True), ("most", 3, False), ("least", 2, True), ("least", 1, False)])  # fmt: skip
def test_a_hygiene_factor_passes_on_its_threshold_and_on_the_right_side_of_it(cast, bound, value, passes):  # fmt: skip
    found = factor(cast, bound=bound)
    assert standing(acting(cast.ann), found).passes is None
    measure(cast, found, value)
    assert (standing(acting(cast.ann), found).passes, standing(acting(cast.ann), found).share) == (passes, None)  # fmt: skip


def test_a_visionary_factor_shows_its_way_and_neither_passes_nor_fails(cast):
    found = visionary(cast)
    measure(cast, found, 30, days=3)
    seen = standing(acting(cast.ann), found)
    assert (seen.share, seen.passes, seen.fails) == (Decimal("0.25"), None, False)


@COMMITTED
def test_only_a_hygiene_factor_that_fails_sounds_the_alarm_until_it_passes(cast, client):
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=NOW)
    failing, fine, low = factor(cast), factor(cast, title="Fine"), visionary(cast)
    factor(cast, title="Not measured")
    for found, value in ((failing, 5), (fine, 1), (low, 0)):
        measure(cast, found, value)
    tom = acting(cast.tom)
    assert [(each.rule, each.subject, each.key) for each in alarms(actor=tom, today=TODAY)] == [("hygiene", "Answer complaints", f"hygiene:{failing.pk}")]  # fmt: skip
    client.force_login(cast.tom)
    page = client.get(f"/plan/key-success-factors/{failing.pk}/")
    assert client.get(page.context["item_url"]).status_code == 200
    item = add_item(actor=tom, values={"title": "Call back", "owner": cast.tom, "due_on": TODAY, "source": "alarm", "source_key": f"hygiene:{failing.pk}"}, at=NOW)  # fmt: skip
    overview = client.get("/control/").content.decode()
    for address in (
        f"/control/actions/{item.pk}/",
        f"/plan/key-success-factors/{failing.pk}/figure/",
    ):
        assert address in overview
    measure(cast, failing, 2)
    assert alarms(actor=tom, today=TODAY) == []


def test_a_factor_that_contradicts_itself_is_refused(cast):
    for values in (
        {"threshold": None}, {"bound": ""}, {"owner": None}, {"figure": "margin"}, {"figure": "turnover"},
    ):  # fmt: skip
        with pytest.raises(FactorRefusedError):
            factor(cast, **values)
    for values in ({"ambition": None}, {"ambition": Decimal(20)}):
        with pytest.raises(FactorRefusedError):
            visionary(cast, **values)
    assert KeySuccessFactor.objects.count() == 0


@pytest.mark.parametrize("values", [{"threshold": None}, {"ambition": 3}, {"bound": ""}, {"factor_class": "visionary"}, {"unit": "money"}])  # fmt: skip
def test_the_database_refuses_what_may_never_be(cast, values):
    found = factor(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeySuccessFactor.objects.filter(pk=found.pk).update(**values)


@COMMITTED
def test_a_figure_is_of_the_last_twelve_months_and_hidden_with_its_norm_from_who_may_not_see_it(cast, client):  # fmt: skip
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    company = CompanyFactory(owner=cast.ann)
    sale(company, TODAY - timedelta(days=40), "1000", cost="700", seller=cast.ann, number="1")
    sale(company, TODAY - timedelta(days=800), "1000", cost="100", seller=cast.ann, number="2")
    refresh_now(today=TODAY, at=NOW)
    found = factor(cast, title="Margin", unit="share", figure="margin", bound="least", threshold=Decimal("0.3456"))  # fmt: skip
    assert (standing(acting(cast.dirk), found).actual, standing(acting(cast.dirk), found).passes) == (Decimal("0.3"), False)  # fmt: skip
    assert (standing(acting(cast.ann), found).is_hidden, standing(acting(cast.mia), found).is_hidden) == (True, True)  # fmt: skip
    assert [len(failing_factors(actor=acting(each), today=TODAY)) for each in (cast.dirk, cast.ann, cast.mia)] == [1, 0, 0]  # fmt: skip
    for person, seen in ((cast.dirk, True), (cast.ann, True), (cast.mia, False)):
        client.force_login(person)
        for url in ("", f"{found.pk}/", f"{found.pk}/figure/"):
            page = client.get(f"/plan/key-success-factors/{url}").content.decode()
            assert ("34.6" in page, "30.0" in page) == (seen, person == cast.dirk), (person, url)


def test_the_owner_measures_and_controls_and_who_sets_targets_changes(cast):
    found, later = factor(cast), TODAY + timedelta(days=20)
    for refused in (
        lambda: change_factor(actor=acting(cast.ann), factor_id=found.pk, version=1, values={"title": "X"}, at=NOW),
        lambda: measure_factor(actor=acting(cast.cora), factor_id=found.pk, day=TODAY, value=Decimal(1), note="", today=TODAY, at=NOW),
        lambda: move_factor(actor=acting(cast.cora), factor_id=found.pk, version=1, step="plan", control_on=later, today=TODAY, at=NOW),
        lambda: remove_factor(actor=acting(cast.ann), factor_id=found.pk, at=NOW),
    ):  # fmt: skip
        with pytest.raises(NotAllowedError):
            refused()
    assert move_factor(actor=acting(cast.ann), factor_id=found.pk, version=1, step="plan", control_on=later, today=TODAY, at=NOW).control_on == later  # fmt: skip
    remove_factor(actor=acting(cast.tom), factor_id=found.pk, at=NOW)
    assert list(factors_visible_to(acting(cast.tom))) == []
    assert restore_factor(actor=acting(cast.tom), factor_id=found.pk, at=NOW).deleted_at is None


def test_a_change_is_trailed_and_refused_on_an_old_version(cast):
    tom, found = acting(cast.tom), factor(cast)
    change_factor(actor=tom, factor_id=found.pk, version=1, values={"threshold": Decimal(3)}, at=NOW)  # fmt: skip
    entry = AuditEntry.objects.filter(noun="keysuccessfactor", verb="change").get()
    assert entry.changes == {"threshold": ["2.0000", "3"]}
    with pytest.raises(StaleVersionError):
        change_factor(actor=tom, factor_id=found.pk, version=1, values={"threshold": Decimal(4)}, at=NOW)  # fmt: skip


def test_a_factor_of_the_other_class_leaves_behind_what_it_no_longer_asks(cast, client):
    client.force_login(cast.tom)
    found = factor(cast)
    posted = {
        "title": "Known", "factor_class": "visionary", "owner": cast.ann.pk, "unit": "share", "figure": "", "bound": "most", "threshold": "2", "start_value": "10",
        "ambition": "x", "step": "plan", "control_on": TODAY.isoformat(), "version": 1,
    }  # fmt: skip
    answer = client.post(f"/plan/key-success-factors/{found.pk}/edit/", posted)
    assert (answer.status_code, answer.context["form"]["title"].value()) == (400, "Known")
    assert client.post(f"/plan/key-success-factors/{found.pk}/edit/", posted | {"ambition": "40"}).status_code == 302  # fmt: skip
    found.refresh_from_db()
    assert (found.threshold, found.bound, found.start_value, found.ambition) == (None, "", Decimal("0.1"), Decimal("0.4"))  # fmt: skip


def test_the_list_takes_the_same_queries_whatever_the_number_of_factors(cast, client):
    client.force_login(cast.tom)
    factor(cast)
    one = queries_of(client, "/plan/key-success-factors/")
    factor(cast, title="Second")
    visionary(cast)
    assert queries_of(client, "/plan/key-success-factors/") == one
