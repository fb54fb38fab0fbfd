"""Does ``koers forecast`` write what it promises, and refuse with row and column?"""

import csv
import json

import pytest

from koers.config.console import main

ROWS = [f"{name},{2023 + k // 12}-{k % 12 + 1:02}-01,{100 + k + 20 * (k % 12 == 11)}" for name in "ab" for k in range(36)]  # fmt: skip


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("unique_id,ds,y\n" + "\n".join(ROWS) + "\n")
    return path


def test_forecast_writes_a_row_per_series_and_step(source, tmp_path, capfd):
    out = tmp_path / "out.csv"

    code = main(["forecast", str(source), "--freq", "M", "--horizon", "3", "--out", str(out), "--json"])  # fmt: skip

    answer = json.loads(capfd.readouterr().out)["answer"]
    rows = list(csv.DictReader(out.open()))
    assert code == 0
    assert list(rows[0]) == ["unique_id", "ds", "forecast", "lo-80", "hi-80", "lo-95", "hi-95", "method"]  # fmt: skip
    assert [(row["unique_id"], row["ds"]) for row in rows] == [
        (name, f"2026-{month:02}-01") for name in "ab" for month in (1, 2, 3)
    ]
    assert (answer["series"], answer["rows_read"], answer["rows_written"]) == (2, 72, 6)
    assert {"Naive", "SeasonalNaive"} <= set(answer["back_test"]["a"])


def test_forecast_reads_and_writes_parquet_with_the_levels_asked(source, tmp_path, capfd):
    import duckdb

    parquet, out = tmp_path / "sales.parquet", tmp_path / "out.parquet"
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{parquet}'")  # noqa: S608 -- paths of this test

    code = main(["forecast", str(parquet), "--freq", "m", "--horizon", "2", "--levels", "90", "--out", str(out)])  # fmt: skip

    told = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{out}')").fetchall()  # noqa: S608 -- a path of this test
    assert code == 0
    assert [(name, kind) for name, kind, *_ in told] == [
        ("unique_id", "VARCHAR"), ("ds", "DATE"), ("forecast", "DOUBLE"), ("lo-90", "DOUBLE"),
        ("hi-90", "DOUBLE"), ("method", "VARCHAR"),
    ]  # fmt: skip
    assert "2 series, 4 rows" in capfd.readouterr().out


def test_forecast_refuses_a_bad_cell_and_writes_nothing(source, tmp_path, capfd):
    out = tmp_path / "out.csv"
    source.write_text(source.read_text() + "a,2026-01-01,many\n")

    code = main(["forecast", str(source), "--freq", "M", "--horizon", "2", "--out", str(out)])

    assert (code, out.exists()) == (1, False)
    assert capfd.readouterr().err == "koers forecast: Row 73, column y: 'many' is not a number.\n"


@pytest.mark.parametrize("option", [["--horizon", "0"], ["--levels", "80,80"], ["--levels", "100"], ["--levels", "x"], ["--workers", "0"]])  # fmt: skip
def test_forecast_refuses_options_that_mean_nothing(source, tmp_path, option):
    given = ["forecast", str(source), "--freq", "M", "--horizon", "2", "--out", str(tmp_path / "o.csv")]  # fmt: skip
    assert main([*given, *option]) == 2
