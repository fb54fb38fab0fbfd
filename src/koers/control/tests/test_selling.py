"""Are deals divided by result, group and stage as their rows say, and only for who may see them?"""

from datetime import date

import pytest

from koers.control.figures.selling import funnel_of, other_currencies, speed_of, win_rates_of
from koers.control.queries.selling import deals_of, in_group
from koers.control.tests.deals import make_deals
from koers.core.actor import Channel, system_actor
from koers.core.periods import Period
from koers.organisation.tests.cast import acting
from koers.sell.models import StageChange

pytestmark = pytest.mark.django_db
EVERYBODY = system_actor(Channel.COMMAND)
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
    for by in ("sector", "seller", "lost_reason", "product", "competitor"):
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
