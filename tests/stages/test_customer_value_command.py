"""``koers analyse clv``: a file and the facts give the same value, and refusals are sentences."""

import csv
import json
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from koers.analyse.figures.order_file import value_of_facts, value_of_file
from koers.config.console import main
from koers_analytics.tests.world import company, facts, line

AS_OF = date(2024, 12, 31)
COLUMNS = ["customer_id", "frequency", "recency", "age", "monetary", "p_alive", "expected_purchases",
           "expected_spend", "clv"]  # fmt: skip


def purchases():
    chance = random.Random(6)
    for customer in range(1, 61):
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(120))
        while day <= AS_OF:
            yield customer, day, int(chance.gammavariate(4, 20)) + 1
            day += timedelta(days=int(chance.expovariate(1 / 40)) + 1)
            if chance.random() < 0.2:
                break


def write_csv(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "date", "amount"])
        writer.writerows(rows)
    return path


def rounded(value):
    """Sums over rows in another order differ in the last digits."""
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def test_a_file_and_the_facts_give_the_same_value(tmp_path):
    rows = list(purchases())
    path = write_csv(tmp_path / "orders.csv", rows)
    known = facts(
        tmp_path / "facts", [line(n, day, who, net) for n, (who, day, net) in enumerate(rows, start=1)],
        company=[company(who) for who in range(1, 61)],
    )  # fmt: skip
    asked = {"as_of": AS_OF, "horizon": 180, "holdout": date(2024, 9, 30), "model": None}
    by_file = value_of_file(path, {}, out=tmp_path / "a.csv", **asked)
    by_facts = value_of_facts(known, out=tmp_path / "b.csv", **asked)
    assert by_file.pop("read")["rows"] == len(rows)
    assert rounded(by_file) == rounded(by_facts)
    tables = []
    for name in ("a.csv", "b.csv"):
        with (tmp_path / name).open() as file:
            tables.append(sorted(csv.reader(file), key=lambda row: row[0].zfill(20)))
    assert tables[0] == tables[1]


def test_the_command_prints_the_model_and_writes_the_table(tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", purchases())
    out = tmp_path / "out.csv"
    assert main(["analyse", "clv", "--orders", str(path), "--as-of", "2024-12-31", "--model", "bg-nbd",
                 "--horizon", "90", "--json", "--out", str(out)]) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert (told["model"], told["n"], told["horizon_days"]) == ("BG/NBD", 60, 90)
    assert set(told["parameters"]) == {"r", "alpha", "a", "b"}
    assert told["log_likelihood"] < 0
    with out.open() as file:
        rows = list(csv.reader(file))
    assert (rows[0], len(rows)) == (COLUMNS, 61)


def test_the_command_refuses_with_a_sentence(tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", [("A", "2024-01-01", 5), ("B", "2024-01-02", 5)])
    assert main(["analyse", "clv", "--orders", str(path)]) == 1
    assert "No customer bought on a second day" in capsys.readouterr().err
    assert main(["analyse", "clv", "--orders", str(path), "--map", "customer"]) == 2
    assert "COLUMN=FIELD" in capsys.readouterr().err


def test_the_command_by_itself_needs_no_set_up_for_a_file(tmp_path):
    path = write_csv(tmp_path / "orders.csv", purchases())
    command = [Path(sys.executable).with_name("koers"), "analyse", "clv", "--orders", path, "--json"]  # fmt: skip
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["read"]["rows"] == len(list(purchases()))
