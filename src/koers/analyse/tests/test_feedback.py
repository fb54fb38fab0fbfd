"""Are NPS, satisfaction and drivers counted from the answers one may see, per group and quarter?"""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.rule_set import RulesRefusedError, change_rules
from koers.analyse.figures.feedback import feedback_view_of
from koers.analyse.queries.rule_set import DEFAULTS
from koers.core.periods import Period
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.models import BusinessUnit
from koers.organisation.tests.cast import acting
from koers.serve.models import Feedback

pytestmark = pytest.mark.django_db
YEAR, BEFORE = (
    Period(date(2026, 1, 1), date(2027, 1, 1)),
    Period(date(2025, 1, 1), date(2026, 1, 1)),
)


@pytest.fixture
def answers(cast):
    """Ann's bakers answer in two quarters, Cora's hotel once, and one answer lies in the bin."""
    bakers, hotels = SegmentFactory(name="Bakers"), SegmentFactory(name="Hotels")
    unit = BusinessUnit.objects.create(name="Kitchens")
    mine = CompanyFactory(name="Mine", owner=cast.ann, segment=bakers, business_unit=unit)
    far = CompanyFactory(name="Far", owner=cast.cora, segment=hotels)
    rows = [
        (mine, date(2026, 2, 1), {"nps": 10, "theme_product": 8, "theme_delivery": 6}),
        (mine, date(2026, 5, 1), {"nps": 6, "theme_product": 4}),
        (mine, date(2026, 6, 1), {"nps": 9, "value_economic": 6, "value_functional": 8, "brand_values": 5}),
        (far, date(2026, 5, 2), {"nps": 0}),
        (mine, date(2025, 5, 2), {"nps": 8}),
    ]  # fmt: skip
    for company, day, scores in rows:
        Feedback.objects.create(company=company, day=day, **scores)
    Feedback.objects.create(company=mine, day=date(2026, 5, 3), nps=0, deleted_at=timezone.now())
    return mine, far


def view_of(user, **chosen):
    return feedback_view_of(actor=acting(user), period=YEAR, before=BEFORE, chosen=chosen)


def test_a_seller_sees_the_figures_of_the_own_customers(cast, answers):
    own, everyone = view_of(cast.ann), view_of(cast.dirk)
    assert (own.whole.nps.points, own.whole.nps.answers) == (pytest.approx(100 / 3), 3)
    assert (everyone.whole.nps.points, everyone.whole.nps.answers) == (pytest.approx(0), 4)
    assert (own.before.nps.points, own.before.nps.answers) == (0, 1)


def test_the_index_leaves_the_weight_of_a_missing_theme_to_the_others(cast, answers):
    found = view_of(cast.ann)
    first = (0.25 * 8 + 0.25 * 6) / 0.5
    assert (found.whole.satisfaction.mean, found.whole.satisfaction.answers) == (pytest.approx((first + 4) / 2), 2)  # fmt: skip
    themes = {name: (mean.mean, mean.answers) for name, _weight, mean in found.themes}
    assert (themes["theme_product"], themes["theme_price"]) == ((6, 2), (None, 0))


def test_drivers_are_the_mean_of_their_items_and_make_the_index(cast, answers):
    found = view_of(cast.ann)
    assert {each.name: each.score for each in found.drivers} == {"value": 7, "brand": 5, "relation": None}  # fmt: skip
    assert found.index == pytest.approx((0.5 * 7 + 0.3 * 5) / 0.8)


def test_groups_and_quarters_divide_the_answers(cast, answers):
    found = view_of(cast.dirk)
    names = {by: {row.count.name: row.nps.answers for row in rows} for by, rows in found.groups.items()}  # fmt: skip
    assert names == {
        "segment": {"Bakers": 3, "Hotels": 1}, "owner": {cast.ann.full_name: 3, cast.cora.full_name: 1},
        "sbu": {"Kitchens": 3, None: 1},
    }  # fmt: skip
    quarters = [(row.count.key, row.nps.answers, row.nps.points) for row in found.quarters]
    assert [(day.month, n) for day, n, _points in quarters] == [(1, 1), (4, 3)]
    assert quarters[1][2] == pytest.approx(-100 / 3)
    assert view_of(cast.dirk, seller=cast.cora.pk).whole.nps.answers == 1
    assert view_of(cast.dirk, team=cast.south.pk).whole.nps.answers == 1


def test_weights_that_do_not_total_one_are_refused(cast):
    values = {**DEFAULTS["feedback"], "drivers": {"value": "0.5", "brand": "0.3", "relation": "0.3"}}  # fmt: skip
    with pytest.raises(RulesRefusedError):
        change_rules(actor=acting(cast.ben), kind="feedback", values=values, at=timezone.now())


def test_weights_typed_as_per_cent_come_in_force(cast, client, answers):
    client.force_login(cast.ben)
    typed = {"theme_product": "100", "theme_delivery": "0", "theme_service": "0", "theme_advice": "0", "theme_price": "0",
             "value": "50", "brand": "30", "relation": "20"}  # fmt: skip
    data = {"kind": "feedback", **{f"feedback-{name}": value for name, value in typed.items()}}
    assert client.post(reverse("analyse:rule_set"), data).status_code == 302
    assert view_of(cast.ann).whole.satisfaction.mean == 6


def test_every_figure_opens_with_its_answers(cast, answers, client):
    client.force_login(cast.ann)
    for measure, formula, value in (("nps", "F5.4", "+33"), ("satisfaction", "F5.5", "5.50"), ("drivers", "F1.3", "6.25")):  # fmt: skip
        url = reverse("analyse:feedback_figure", args=[measure]) + "?from=2026-01-01&to=2026-12-31"
        panel = client.get(url).context["panel"]
        assert (panel.formula_id, panel.value, panel.rows_count) == (formula, value, 3)
        assert len(client.get(panel.rows_url).context["page"].rows) == 3
    page = client.get(reverse("analyse:feedback") + "?from=2026-01-01&to=2026-12-31")
    assert page.context["found"].whole.nps.answers == 3


def test_a_company_without_answers_shows_an_empty_page(cast, client):
    client.force_login(cast.ann)
    assert "Nobody answered" in client.get(reverse("analyse:feedback")).content.decode()
