"""``koers analyse --engine``: Spark gives what the embedded engine gives, and says what it misses."""

import json

import pytest
from tests.beside import beside
from tests.stages.test_customer_value_command import purchases, rounded, write_csv

from koers.config.console import main
from koers_analytics.engines.choice import EngineMissingError
from koers_analytics.engines.marks import filled
from koers_analytics.tests.conftest import need_spark

FIGURES = {
    "pyramid": ["--as-of", "2011-09-01"], "rfm": ["--as-of", "2011-09-01", "--limit", "20"],
    "cohorts": ["--as-of", "2011-08-31"], "clv": ["--as-of", "2011-08-31"],
}  # fmt: skip


def told(capsys, *words):
    assert main(["analyse", *words, "--json"]) == 0
    return rounded(json.loads(capsys.readouterr().out))


@pytest.mark.spark
@pytest.mark.parametrize("figure", ["lifecycle", "equity"])
def test_figures_of_a_file_are_the_same_on_both_engines(tmp_path, capsys, figure):
    need_spark()
    words = [figure, "--orders", str(write_csv(tmp_path / "orders.csv", purchases()))]
    assert told(capsys, *words, "--engine", "spark") == told(capsys, *words)


@pytest.mark.spark
@pytest.mark.shared_data
def test_online_retail_gives_the_same_figures_on_both_engines(capsys):
    need_spark()
    orders = beside("online_retail/online_retail.csv.gz")
    for figure, more in FIGURES.items():
        words = [figure, "--orders", str(orders), *more]
        assert told(capsys, *words, "--engine", "spark") == told(capsys, *words), figure


def test_spark_that_is_not_there_is_said(tmp_path, capsys, monkeypatch):
    def missing():
        raise EngineMissingError("The engine spark needs the extra: install koers[spark].")

    monkeypatch.setattr("koers_analytics.engines.spark._spark", missing)
    path = write_csv(tmp_path / "orders.csv", purchases())
    for figure in ("clv", "cohorts", "rfm"):
        assert main(["analyse", figure, "--orders", str(path), "--engine", "spark"]) == 1
        assert "install koers[spark]" in capsys.readouterr().err


def test_an_unknown_engine_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KOERS_ENGINE", "abacus")
    with pytest.raises(SystemExit, match="duckdb or spark"):
        main(["analyse", "clv", "--orders", str(tmp_path / "none.csv")])


def test_values_take_the_place_of_marks_outside_texts():
    assert filled("a = ? AND b = '?' AND c IN ?", ["it's", [1, None]]) == "a = 'it''s' AND b = '?' AND c IN [1, NULL]"  # fmt: skip
    with pytest.raises(ValueError, match="fewer"):
        filled("? ?", [1])
    with pytest.raises(ValueError, match="more"):
        filled("?", [1, 2])
