"""Do the planning commands answer in one JSON document, and refuse with line and field?"""

import json

import pytest

from koers.config.console import main

STOPS = """SQUARE
VEHICLE
NUMBER CAPACITY
3 10
CUSTOMER
CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME
0 0 0 0 0 100 0
1 3 4 5 0 50 2
2 6 8 5 0 50 2
3 0 5 5 20 30 2
"""


@pytest.fixture
def stops(tmp_path):
    path = tmp_path / "square.txt"
    path.write_text(STOPS)
    return path


def test_routes_answers_in_one_json_document_with_the_times_of_every_visit(stops, tmp_path, capfd):
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"square": {"best_known_cost": 25, "solved_with_vehicles": 2}}))

    code = main(["routes", str(stops), "--time-limit", "2.5", "--json", "--best-known", str(known)])

    answer = json.loads(capfd.readouterr().out)
    (file,) = answer["files"]
    assert code == 0
    assert (file["status"], file["checked"], file["vehicles"]) == ("feasible", True, 2)
    assert file["distance"] == pytest.approx(30)
    assert [route["customers"] for route in file["routes"]] == [[1, 2], [3]]
    assert file["routes"][1]["visits"] == [{"number": 3, "arrival": 20, "start": 20, "leave": 22}]
    assert (file["gap"], file["best_known"]) == (
        pytest.approx(0.2),
        {"distance": 25, "vehicles": 2},
    )


def test_routes_goes_on_after_a_file_it_refuses_and_says_so_in_its_exit_code(
    stops, tmp_path, capfd
):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(STOPS.replace("1 3 4", "1 3 x"))

    code = main(["routes", str(wrong), str(stops), "--time-limit", "1", "--json"])

    first, second = json.loads(capfd.readouterr().out)["files"]
    assert code == 1
    assert first["error"] == "wrong.txt, line 8, y: 'x' is not a number."
    assert second["status"] == "feasible"


@pytest.mark.parametrize("option", [["--time-limit", "0"], ["--time-limit", "nan"], ["--jobs", "0"], ["--objective", "time"]])  # fmt: skip
def test_routes_refuses_options_that_mean_nothing(stops, option):
    assert main(["routes", str(stops), *option]) == 2


def test_territories_answers_in_one_json_document(tmp_path, capfd):
    path = tmp_path / "customers.csv"
    rows = [f"{1000 + n},52,{5 + n / 10},10,100,{'Anna' if n < 4 else 'Bram'}" for n in range(8)]
    path.write_text("postcode,latitude,longitude,workload,potential,seller\n" + "\n".join(rows))

    code = main(["territories", str(path), "--json"])

    answer = json.loads(capfd.readouterr().out)
    assert code == 0
    assert [t["areas"] for t in answer["territories"]] == [
        ["1000", "1001", "1002", "1003"],
        ["1004", "1005", "1006", "1007"],
    ]
    assert (answer["moved_customers"], answer["customers"]) == (0, 8)


def test_territories_refuses_a_file_without_workload(tmp_path, capfd):
    path = tmp_path / "customers.csv"
    path.write_text("postcode,latitude,longitude\n1012,52,5\n")

    assert main(["territories", str(path)]) == 1
    assert "column workload is missing" in capfd.readouterr().err
