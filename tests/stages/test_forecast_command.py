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


def test_forecast_of_a_hierarchy_adds_up_to_the_cent(tmp_path, capfd):
    path, out = tmp_path / "stores.csv", tmp_path / "out.csv"
    rows = [f"{region};{store};2025-{month:02}-28;{10 * month + store},33" for region, store in (("N", 1), ("N", 2), ("S", 3)) for month in range(1, 13)]  # fmt: skip
    path.write_text("region;store;ds;y\n" + "\n".join(rows) + "\n")

    code = main(["forecast", str(path), "--freq", "M", "--horizon", "2", "--hierarchy", "region,store", "--out", str(out)])  # fmt: skip

    read = list(csv.DictReader(out.open()))
    cents = {row["unique_id"]: int(row["forecast"].replace(".", "")) for row in read if row["ds"] == "2026-01-28"}  # fmt: skip
    assert code == 0
    assert [(row["unique_id"], row["region"], row["store"]) for row in read[::2]] == [
        ("total", "", ""), ("N", "N", ""), ("S", "S", ""), ("N/1", "N", "1"), ("N/2", "N", "2"), ("S/3", "S", "3"),
    ]  # fmt: skip
    assert cents["total"] == cents["N"] + cents["S"]
    assert (cents["N"], cents["S"]) == (cents["N/1"] + cents["N/2"], cents["S/3"])


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [("region", "has no column region"), ("region,", None), ("y", None)],
)
def test_forecast_refuses_a_hierarchy_without_its_columns(source, tmp_path, capfd, columns, sentence):  # fmt: skip
    code = main(["forecast", str(source), "--freq", "M", "--horizon", "2", "--hierarchy", columns, "--out", str(tmp_path / "o.csv")])  # fmt: skip
    assert code == (1 if sentence else 2)
    assert (sentence or "usage") in capfd.readouterr().err
