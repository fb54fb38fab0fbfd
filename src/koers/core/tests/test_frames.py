"""Do rows of the embedded database reach Arrow whole, from a child that starts light?"""

import json
import sqlite3
import subprocess
import sys

import pyarrow as pa

CHILD = """
import sys
from koers.core.frames_child import main
answer = main()
sys.exit(answer or ("pandas" in sys.modules and "pandas was imported"))
"""


def test_the_child_answers_queries_with_texts_as_parameters_and_never_imports_pandas(tmp_path):
    place = tmp_path / "a #1.sqlite3"
    with sqlite3.connect(place) as made:
        made.execute("CREATE TABLE day (day TEXT, amount REAL)")
        rows = [("2026-01-31", 1.5), ("2026-02-01", None), ("é ✓", -2.0)]
        made.executemany("INSERT INTO day VALUES (?, ?)", rows)
    made.close()
    queries = [
        ("SELECT day, amount FROM day ORDER BY rowid", []),
        ("SELECT amount FROM day WHERE day >= ? AND day < ? ORDER BY day", ["2026-01-01", "2026-02-01"]),
        ("SELECT ? AS text", ["é ✓"]),
        ("SELECT day FROM day WHERE day = ?", ["none"]),
    ]  # fmt: skip
    lines = "".join(json.dumps({"sql": sql, "params": params}) + "\n" for sql, params in queries)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(place)], input=lines.encode(), capture_output=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    source = pa.BufferReader(done.stdout)
    found = [pa.ipc.open_stream(source).read_all().to_pydict() for _query in queries]
    assert found == [
        {"day": [day for day, _amount in rows], "amount": [amount for _day, amount in rows]},
        {"amount": [1.5]},
        {"text": ["é ✓"]},
        {"day": []},
    ]
