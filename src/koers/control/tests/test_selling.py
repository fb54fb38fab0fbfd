"""Are deals divided by result, group and stage as their rows say, and only for who may see them?"""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koers.control.figures.selling import funnel_of, other_currencies, speed_of, win_rates_of
from koers.control.queries.selling import (
    DIVISIONS,
    deal_day,
    deals_of,
    in_group,
    open_stages,
    opened_in,
    passing,
)
from koers.control.tests.deals import make_deals
from koers.core.actor import Channel, system_actor
from koers.core.periods import Period
from koers.organisation.tests.cast import acting
from koers.sell.models import StageChange

pytestmark = pytest.mark.django_db
EVERYBODY = system_actor(Channel.COMMAND)
ASKED = {"from": "2026-01-01", "to": "2026-12-31"}
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def deals(cast):
    """The pipeline of the deals."""
    return make_deals(cast)


def test_win_rates_count_deals_decided_in_the_period_and_leave_open_ones_out(deals):
    found = win_rates_of(actor=EVERYBODY, period=YEAR, by="sector")
    assert [(row.label, row.won, row.lost, row.open, row.won_e4) for row in found.rows] == [
        ("Food", 2, 1, 1, 40_000_000), ("Health", 0, 1, 0, 0),
    ]  # fmt: skip
    assert (found.total.rate, found.total.is_few) == (0.5, True)
    assert win_rates_of(actor=EVERYBODY, period=None).total.won == 3


def test_amounts_of_other_currencies_are_counted_not_summed(deals):
    found = win_rates_of(actor=EVERYBODY, period=YEAR)
    assert (found.total.open, found.total.open_e4) == (1, 0)
    assert other_currencies(actor=EVERYBODY, period=YEAR, choices={}) == 1


def test_a_seller_is_shown_the_rates_of_the_own_team_only(deals, cast):
    found = win_rates_of(actor=acting(cast.ann), period=YEAR, by="seller")
    assert [(row.label, row.decided) for row in found.rows] == [("Ann de Boer", 3)]


def test_the_lost_reason_is_known_to_be_filled_in_after_the_result(deals):
    assert win_rates_of(actor=EVERYBODY, period=YEAR, by="lost_reason").after_result
    assert not win_rates_of(actor=EVERYBODY, period=YEAR, by="sector").after_result


def test_rows_of_a_group_are_as_many_as_its_figure(deals):
    for by in DIVISIONS:
        for row in win_rates_of(actor=EVERYBODY, period=YEAR, by=by).rows:
            rows = in_group(deals_of(EVERYBODY, period=YEAR, choices={}), by, row.key)
            assert rows.count() == row.decided + row.open


def test_speed_is_counted_from_opening_to_decision(deals):
    total = win_rates_of(actor=EVERYBODY, period=YEAR).total
    found = speed_of(actor=EVERYBODY, period=YEAR, choices={}, total=total)
    assert (found.won.deals, found.won.mean, found.lost.mean) == (2, 35.0, 20.0)
    assert found.decided.mean == 27.5
    assert found.velocity == pytest.approx(1 * 0.5 * 2000 / 27.5)


def test_the_funnel_follows_the_history_of_deals_opened_in_the_period(deals):
    found, unknown = funnel_of(actor=EVERYBODY, period=YEAR, pipeline_id=deals.pk, choices={})
    assert [(s.label, s.reached, s.went_on, s.lost_here, s.still_here) for s in found.steps] == [
        ("Lead", 5, 4, 1, 0), ("Offer", 4, 2, 1, 1),
    ]  # fmt: skip
    assert (found.won, unknown) == (2, 0)


def test_a_deal_without_dated_history_is_left_out_and_said(deals):
    StageChange.objects.update(day=None)
    found, unknown = funnel_of(actor=EVERYBODY, period=YEAR, pipeline_id=deals.pk, choices={})
    assert (found.steps[0].reached, unknown) == (0, 5)


def test_each_cell_of_the_funnel_is_as_many_deals_as_its_list(deals):
    found, _unknown = funnel_of(actor=EVERYBODY, period=YEAR, pipeline_id=deals.pk, choices={})
    opened = opened_in(EVERYBODY, period=YEAR, choices={})
    fields = {"reached": "reached", "went_on": "went_on", "lost": "lost_here", "still": "still_here"}  # fmt: skip
    for step, stage in zip(found.steps, open_stages(deals.pk), strict=True):
        for outcome, name in fields.items():
            rows = passing(opened, stage=stage, outcome=outcome)
            assert rows.count() == getattr(step, name), (stage, outcome)


def test_old_deals_are_looked_at_from_the_day_after_the_last_decision(deals):
    assert deal_day(date(2026, 4, 1)) == date(2026, 4, 1)
    assert deal_day(date(2027, 4, 1)) == date(2026, 3, 14)


def test_the_page_shows_rates_and_each_link_leads_to_as_many_deals(deals, cast, client):
    client.force_login(cast.tom)
    page = client.get(reverse("control:selling"), {"by": "sector", **ASKED, "target": "8000"})
    assert page.status_code == 200
    urls = [url for each in page.context["rows"] + page.context["steps"] for _l, value, url in each["links"] if value]  # fmt: skip
    counts = [value for each in page.context["rows"] + page.context["steps"] for _l, value, _u in each["links"] if value]  # fmt: skip
    assert [client.get(url).context["page"].total for url in urls] == counts
    assert [each["needed"] for each in page.context["steps"]] == [7.5, 6.0]


def test_every_figure_opens_with_numerator_denominator_and_rows(deals, cast, client):
    client.force_login(cast.tom)
    page = client.get(reverse("control:selling"), {"by": "sector", **ASKED})
    links = [*page.context["urls"].values(), *(each["url"] for each in page.context["rows"] + page.context["steps"])]  # fmt: skip
    panels = [client.get(url).context["panel"] for url in links]
    assert [panel.title for panel in panels] == [
        "Win rate", "Cycle time", "Sales velocity", "Deals per won deal", "Won", "Win rate", "Win rate",
        "Conversion of “Lead”", "Conversion of “Offer”",
    ]  # fmt: skip
    assert panels[0].value == "50.0%"
    assert dict(panels[5].parts)["Denominator: won and lost"] == "3"
    assert (panels[5].rows_count, len(panels[5].rows)) == (3, 3)
    for panel in panels:
        assert client.get(panel.rows_url).context["page"].total == panel.rows_count, panel.title


def test_what_is_no_choice_is_refused(deals, cast, client):
    client.force_login(cast.tom)
    for name, query in (("selling", "by=weather"), ("selling", "target=-5"), ("selling", "target=NaN"), ("selling", "pipeline=99"),
                        ("selling_deals", "result=maybe"), ("selling_deals", "stage=0&result=lost"), ("selling_deals", "by=seller&key=x")):  # fmt: skip
        assert client.get(f"{reverse(f'control:{name}')}?{query}").status_code == 400, query
    assert client.get(reverse("control:selling_figure", args=["luck"])).status_code == 400


def test_a_company_without_deals_is_told_so(cast, client):
    client.force_login(cast.tom)
    page = client.get(reverse("control:selling"))
    assert "No deals in this period" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_groups(deals, cast, client):
    client.force_login(cast.tom)
    counts = []
    for by in ("class", "sector"):
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("control:selling"), {"by": by, **ASKED})
        counts.append(len(found))
    assert counts[0] == counts[1]
