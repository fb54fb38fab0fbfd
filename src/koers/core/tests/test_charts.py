"""Do charts refuse what would mislead?"""

import pytest

from koers.core.charts import Chart, HeatMap, Point, Scatter, Series


def test_amounts_without_their_currency_are_refused_never_taken_for_euros():
    for make in (
        lambda **more: Chart("bar", ["a"], [Series("s", [1])], **more),
        lambda **more: HeatMap(["a"], ["b"], [[1]], **more),
        lambda **more: Scatter("x", "y", [("g", [Point("p", 1, 2)])], **more),
    ):
        with pytest.raises(ValueError, match="currency"):
            make(format="money")
        assert make(format="money", currency="GBP").drawing()["currency"] == "GBP"
        assert make().drawing()["format"] == "number"


def test_bubbles_say_their_size_in_the_table_and_axes_have_formats_of_their_own():
    chart = Scatter("Chance", "Value", [("g", [Point("p", 0.5, 2, "/p/", 3)])], x_format="share", size_label="Purchases", format="money", currency="GBP")  # fmt: skip
    assert chart.heads == ["", "Chance", "Value", "Purchases"]
    assert [cell.text for cell in chart.rows[0]][1:] == ["50.0%", "£2.00", "3.0"]
    assert chart.drawing()["series"][0]["points"][0]["size"] == 3
