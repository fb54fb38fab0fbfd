"""``koers analyse`` straight on a file: the same figures as from the facts, and plain refusals."""

import csv
import json
from datetime import date

import pytest
from tests.stages.test_customer_value_command import purchases, rounded, write_csv

from koers.analyse.figures.customer_flow import cohorts_of, equity_of
from koers.analyse.figures.order_file import FACT_SOURCE
from koers.config.console import main
from koers_analytics.customers.lifecycle import LifecycleRules, phase_board
from koers_analytics.customers.pyramid import PyramidRule, pyramid
from koers_analytics.customers.rfm import RfmBands, rfm
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

AS_OF = date(2025, 1, 1)


@pytest.fixture
def file_and_facts(tmp_path):
    rows = list(purchases())
    known = facts(
        tmp_path / "facts", [line(n, day, who, net) for n, (who, day, net) in enumerate(rows, start=1)],
        company=[company(who) for who in range(1, 61)],
    )  # fmt: skip
    return write_csv(tmp_path / "orders.csv", rows), known


def told(capsys, *words):
    assert main(["analyse", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_pyramid_of_a_file_is_that_of_the_facts(file_and_facts, capsys, tmp_path):
    path, known = file_and_facts
    found = told(capsys, "pyramid", "--orders", str(path), "--as-of", "2025-01-01", "--out", str(tmp_path / "p.csv"))  # fmt: skip
    other = pyramid(known, FactFilter(start=date(2024, 1, 1), end=AS_OF), PyramidRule())
    assert [(c["name"], c["customers"], c["turnover"], c["orders"]) for c in found["classes"]] == [
        (c.name, c.customers, float(c.turnover), c.orders) for c in other.classes
    ]
    assert (found["read"]["rows"], found["read"]["columns"]["customer"]) == (len(list(purchases())), "customer")  # fmt: skip
    with (tmp_path / "p.csv").open() as file:
        members = list(csv.DictReader(file))
    assert sum(float(row["turnover"]) for row in members) == float(other.turnover)
    assert {row["class"] for row in members} == {c.name for c in other.classes if c.customers}


def test_rfm_and_life_cycle_of_a_file_are_those_of_the_facts(file_and_facts, capsys):
    path, known = file_and_facts
    found = told(capsys, "rfm", "--orders", str(path), "--limit", "3")
    end = date.fromisoformat(found["period"]["end"])
    cells = rfm(known, FactFilter(start=date.fromisoformat(found["period"]["start"]), end=end), RfmBands())  # fmt: skip
    assert [tuple(cell.values()) for cell in found["cells"]] == [
        (c.recency, c.frequency, c.money, c.customers, float(c.turnover)) for c in cells
    ]
    assert (len(found["customers"]), found["customers_count"]) == (3, 60)
    board = told(capsys, "lifecycle", "--orders", str(path))["phases"]
    other = phase_board(known, FactFilter(), LifecycleRules(), as_of=end)
    assert [(p["phase"], p["customers"], p["turnover_12m"]) for p in board] == [
        (p.phase, p.customers, float(p.turnover_12m)) for p in other
    ]


def test_cohorts_and_equity_of_a_file_are_those_of_the_facts(file_and_facts, capsys):
    path, known = file_and_facts
    found = told(capsys, "cohorts", "--orders", str(path), "--as-of", "2024-12-31", "--by", "quarter", "--silence", "90")  # fmt: skip
    other = cohorts_of(known.cursor(), FACT_SOURCE, as_of=date(2024, 12, 31), step="quarter", silence=90, out=None)  # fmt: skip
    assert found["cohorts"] == [
        {**cohort, "cohort": cohort["cohort"].isoformat()} for cohort in other["cohorts"]
    ]
    assert found["survival"] == other["survival"]
    assert sum(cohort["size"] for cohort in found["cohorts"]) == found["customers"] == 60
    worth = told(capsys, "equity", "--orders", str(path), "--as-of", "2024-12-31", "--since", "2024-06-30", "--horizon", "180")  # fmt: skip
    same = equity_of(
        known.cursor(), FACT_SOURCE, as_of=date(2024, 12, 31), since=date(2024, 6, 30), horizon=180, holdout=None,
        model=None, out=None, by="segment",
    )  # fmt: skip
    assert worth["equity"] == float(same["equity"])
    assert [part["change"] for part in worth["bridge"]["parts"]] == [
        float(part["change"]) for part in same["bridge"]["parts"]
    ]
    assert sum(group["equity"] for group in same["groups"]) == same["equity"]
    assert rounded(worth["parameters"]) == rounded(same["parameters"])


def test_fees_and_credits_are_told_apart_by_code_and_invoice(tmp_path, capsys):
    path = tmp_path / "lines.csv"
    path.write_text(
        "InvoiceNo;StockCode;Quantity;UnitPrice;InvoiceDate;CustomerID\n"
        "1;X1;2;5,00;01-02-2024;7\nC2;X1;-1;5,00;03-02-2024;7\n3;POST;1;9,50;04-02-2024;7\n4;X2;1;8,00;05-02-2024;8\n"
    )
    found = told(capsys, "pyramid", "--orders", str(path), "--fees", "post")
    assert (found["turnover"], found["customers"], found["read"]["fee_lines"]) == (13, 2, 1)
    assert sum(c["orders"] for c in found["classes"]) == 3
    assert told(capsys, "pyramid", "--orders", str(path))["turnover"] == 22.5


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["cohorts", "--by", "week"], 2, "month, quarter, year"),
        (["cohorts", "--silence", "0"], 2, "at least 1 day"),
        (["equity", "--by", "segment"], 2, "needs the database"),
        (["equity", "--since", "2030-01-01"], 1, "--since lies from"),
        (["pyramid", "--fees", "POST"], 1, "--map COLUMN=product"),
        (["pyramid", "--out", "x.txt"], 2, ".csv or .parquet"),
        (["rfm", "--map", "customer"], 2, "COLUMN=FIELD"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, capsys, words, code, sentence):
    path = write_csv(tmp_path / "orders.csv", purchases())
    assert main(["analyse", words[0], "--orders", str(path), *words[1:]]) == code
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_and_a_figure_without_files_are_refused(tmp_path, capsys):
    assert main(["analyse", "rfm", "--orders", str(tmp_path / "none.csv")]) == 1
    assert "There is no file" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="works with"):
        main(["analyse", "attainment", "--orders", str(tmp_path / "none.csv")])
