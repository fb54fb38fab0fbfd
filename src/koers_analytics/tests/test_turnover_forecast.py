"""Do monthly forecasts add up over their parts, use only the past, and is their error counted rightly?"""

from datetime import date
from decimal import Decimal

import pytest

from koers_analytics.economics.turnover import Dimension
from koers_analytics.filters import FactFilter
from koers_analytics.forecast.accuracy import Given, accuracy
from koers_analytics.forecast.turnover_forecast import (
    NothingSoldError,
    forecast_turnover,
    monthly_turnover,
)
from koers_analytics.formulas import run_formula
from koers_analytics.tests.world import facts, line

FIRST = date(2026, 1, 1)
PEOPLE = [{"person_id": 7, "name": "Ann"}, {"person_id": 8, "name": "Cora"}]


def months(count, start=2023):
    return [date(start + place // 12, place % 12 + 1, 3) for place in range(count)]


def sales(days, seller, amount):
    return [line(seller * 1000 + place, day, 1, amount + 10 * (place % 12), seller_id=seller) for place, day in enumerate(days)]  # fmt: skip


def forecast_of(store, horizon=6):
    return forecast_turnover(
        store, FactFilter(end=FIRST), Dimension.SELLER, first_month=FIRST, horizon=horizon
    )


def test_the_parts_add_up_to_the_total_to_the_cent_and_limits_enclose_each_month(tmp_path):
    lines = sales(months(36), 7, 1000) + sales(months(36), 8, 333) + sales(months(6, 2025), 9, 77)
    total, *parts = forecast_of(facts(tmp_path, lines, person=PEOPLE))
    assert (total.is_total, [part.key for part in parts]) == (True, [7, 8, 9])
    assert [part.label for part in parts] == ["Ann", "Cora", None]
    assert [each.month for each in total.months] == [date(2026, month, 1) for month in range(1, 7)]
    for step, whole in enumerate(total.months):
        assert sum(part.months[step].value for part in parts) == whole.value
        for one in (whole, *(part.months[step] for part in parts)):
            assert one.low_95 <= one.low_80 <= one.value <= one.high_80 <= one.high_95
            assert one.value == one.value.quantize(Decimal("0.01"))


def test_what_was_sold_from_the_first_month_on_changes_nothing(tmp_path):
    lines = sales(months(36), 7, 1000)
    later = [*lines, line(9, date(2026, 1, 1), 1, 99_999, seller_id=7)]
    assert forecast_of(facts(tmp_path / "a", lines)) == forecast_of(facts(tmp_path / "b", later))


def test_a_first_month_of_which_only_the_end_is_known_is_left_out(tmp_path):
    whole = sales(months(36), 7, 1000)
    cut = [line(1, date(2022, 12, 28), 1, 5, seller_id=7), *whole]
    assert forecast_of(facts(tmp_path / "a", whole)) == forecast_of(facts(tmp_path / "b", cut))


def test_without_a_sale_before_the_first_month_there_is_no_forecast(tmp_path):
    with pytest.raises(NothingSoldError):
        forecast_of(facts(tmp_path, [line(1, date(2026, 2, 1), 1, 5)]))


def test_months_are_summed_per_part(tmp_path):
    lines = [line(1, date(2026, 2, 1), 1, 5, seller_id=7), line(2, date(2026, 2, 28), 1, 6, seller_id=7), line(3, date(2026, 3, 1), 1, 7)]  # fmt: skip
    found = monthly_turnover(facts(tmp_path, lines, person=PEOPLE), FactFilter(), Dimension.SELLER)
    assert found == {
        7: ("Ann", {date(2026, 2, 1): 11}),
        None: (None, {date(2026, 3, 1): 7}),
    }


def given(actual, value, final=None, naive=0, *, inside=True):
    final = value if final is None else final
    return Given(Decimal(actual), Decimal(value), Decimal(final), Decimal(naive), inside, final != value)  # fmt: skip


def test_error_and_bias_are_those_of_the_book():
    actual, forecast = [100, 120, 90], [110, 115, 100]
    found = accuracy(given(*pair) for pair in zip(actual, forecast, strict=True))
    _mad, _mape, wape, bias, *_rest = run_formula("F4.6", {"A": actual, "F": forecast})
    assert float(found.wape) * 100 == pytest.approx(wape)
    assert float(found.bias / found.months) == pytest.approx(bias)


def test_overrides_are_judged_over_the_months_they_changed():
    found = accuracy([given(100, 80, 95, naive=90), given(100, 100, naive=70, inside=False)])
    assert (found.changed, found.changed_wape, found.changed_method_wape) == (1, Decimal("0.05"), Decimal("0.2"))  # fmt: skip
    assert (found.wape, found.naive_wape, found.coverage) == (Decimal("0.025"), Decimal("0.2"), Decimal("0.5"))  # fmt: skip


def test_without_turnover_there_is_no_error_share():
    assert (accuracy([]).wape, accuracy([given(0, 5)]).wape) == (None, None)
