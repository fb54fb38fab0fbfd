"""``koers analyse clv``: a file and the facts give the same value, and refusals are sentences."""

import csv
import json
import random
import subprocess
import sys
from datetime import date, timedelta

import pytest

from koers.analyse.figures.order_file import RefusedFile, value_of_facts, value_of_file
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


def test_a_file_is_analysed_without_any_set_up_of_the_application(tmp_path):
    path = write_csv(tmp_path / "orders.csv", purchases())
    for figure in ("clv", "cohorts", "equity", "pyramid", "rfm", "lifecycle"):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from koers.config.console import main; sys.exit(main())",
             "analyse", figure, "--orders", str(path), "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["read"]["rows"] == len(list(purchases()))


def test_the_answer_tells_how_well_the_models_did_and_why_one_was_chosen(tmp_path):
    path = write_csv(tmp_path / "orders.csv", purchases())
    told = value_of_file(
        path, {}, as_of=AS_OF, horizon=365, holdout=date(2024, 9, 30), model=None, out=None
    )
    good = told["goodness"]
    names = {"BG/NBD", "MBG/NBD", "Pareto/NBD"}
    assert [row["repeats"] for row in good["repeat_counts"]] == list(range(8))
    assert sum(row["actual"] for row in good["repeat_counts"]) == 60
    assert set(good["holdout"]) == set(good["repeat_counts"][0]["expected"]) == names
    last = good["tracking"][-1]
    assert (last["until"], last["held_out"]) == (AS_OF, True)
    days = {who: {day for name, day, _ in purchases() if name == who} for who in range(1, 61)}
    known = {who: found for who, found in days.items() if min(found) <= date(2024, 9, 30)}
    assert last["actual"] == sum(len(found) - 1 for found in known.values())
    later = sum(day > date(2024, 9, 30) for found in known.values() for day in found)
    assert {score["actual"] for score in good["holdout"].values()} == {later}
    assert told["choice"]["model"] == told["model"]
    assert not set(told["choice"]["left_out"]) & {told["model"]}


@pytest.mark.parametrize("figure", ["clv", "cohorts", "equity", "pyramid", "rfm", "lifecycle"])
def test_a_table_is_written_whole_or_not_at_all(figure, tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", purchases())
    ask = ["analyse", figure, "--orders", str(path), "--out"]
    assert main([*ask, str(tmp_path / "none" / "x.csv")]) == 2
    assert "folder that exists" in capsys.readouterr().err
    (tmp_path / "folder.csv").mkdir()
    assert main([*ask, str(tmp_path / "folder.csv")]) == 2
    assert "is a folder" in capsys.readouterr().err
    out = tmp_path / "out.csv"
    out.write_text("kept")
    assert main([*ask, str(out), "--as-of", "2020-01-01"]) == 1
    assert "Nobody bought" in capsys.readouterr().err
    assert out.read_text() == "kept"
    assert main([*ask, str(out)]) == 0
    assert out.read_text() != "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.csv", "orders.csv", "out.csv"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--horizon", "0"], "1 to 36525 whole days"),
        (["--horizon", "99999999999"], "1 to 36525 whole days"),
        (["--as-of", "31-12-2024"], "YYYY-MM-DD, not 31-12-2024"),
        (["--map", "date=date", "--map", "date=amount"], "names column date twice"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_read(words, why, tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", purchases())
    assert main(["analyse", "clv", "--orders", str(path), *words]) == 2
    assert why in capsys.readouterr().err


def test_orders_after_today_do_not_count_and_are_told(tmp_path):
    path = write_csv(tmp_path / "orders.csv", purchases())
    asked = {"as_of": None, "horizon": 365, "holdout": None, "model": "bg-nbd", "out": None}
    later = sum(day > date(2024, 10, 31) for _, day, _ in purchases())
    told = value_of_file(path, {}, today=date(2024, 10, 31), **asked)
    assert told["as_of"] <= date(2024, 10, 31)
    assert told["read"]["rows_after_today"] == later
    with pytest.raises(RefusedFile, match="All orders lie after today"):
        value_of_file(path, {}, today=date(2020, 1, 1), **asked)
