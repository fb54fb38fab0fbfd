"""Do facts stay readable whatever happens to their writer?"""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from koers_analytics.facts import FactStore, NoFactsError
from koers_analytics.tables import SMALL_TABLES
from koers_analytics.tests.world import AT, line, put_lines, store, table

DAY = date(2026, 1, 5)
COUNT = "SELECT count(*), sum(net_e4) FROM order_line"


def test_there_are_no_facts_before_they_are_built(tmp_path):
    with pytest.raises(NoFactsError):
        FactStore(tmp_path).open()


def test_facts_hold_what_was_put_in(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10), line(2, date(2026, 2, 1), 1, 20)])
    assert found.open().rows(COUNT) == [(2, 300_000)]
    assert (found.manifest().generation, found.manifest().order_line_rows) == (1, 2)


def test_only_the_month_that_changed_is_written_again(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10), line(2, date(2026, 2, 1), 1, 20)])
    before = found.manifest().parts
    with found.writer(at=AT, currency="EUR") as writer:
        put_lines(writer, "2026-02", [line(2, date(2026, 2, 1), 1, 25)], "2")
    after = found.manifest().parts
    assert {name for name in after if after[name] != before[name]} == {"order_line:2026-02"}
    assert found.open().rows(COUNT) == [(2, 350_000)]


def test_a_reader_keeps_its_facts_while_a_writer_works(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10)])
    reading = found.open()
    with found.writer(at=AT, currency="EUR") as writer:
        put_lines(writer, "2026-01", [line(1, DAY, 1, 99)], "2")
        assert (reading.rows(COUNT), FactStore(tmp_path).open().rows(COUNT)) == (
            [(1, 100_000)],
        ) * 2
    assert (reading.rows(COUNT), found.open().rows(COUNT)) == ([(1, 100_000)], [(1, 990_000)])


def test_a_writer_that_fails_leaves_the_facts_as_they_were(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10)])
    before = found.manifest()
    with pytest.raises(ZeroDivisionError), found.writer(at=AT, currency="EUR") as writer:
        put_lines(writer, "2026-01", [line(1, DAY, 1, 99)], "2")
        raise ZeroDivisionError
    assert (found.manifest(), FactStore(tmp_path).open().rows(COUNT)) == (before, [(1, 100_000)])


def test_a_killed_writer_leaves_the_facts_readable_and_the_next_one_free_to_write(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10)])
    before = found.manifest()
    code = (
        "import sys, time, datetime, pathlib\n"
        "from koers_analytics.facts import FactStore\n"
        "from koers_analytics.tests.world import AT, line, put_lines\n"
        "store = FactStore(pathlib.Path(sys.argv[1]))\n"
        "with store.writer(at=AT, currency='EUR') as writer:\n"
        "    put_lines(writer, '2026-01', [line(1, datetime.date(2026, 1, 5), 1, 99)], '2')\n"
        "    print('written', flush=True)\n"
        "    time.sleep(60)\n"
    )
    source = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    ) as process:
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    assert (found.manifest(), FactStore(tmp_path).open().rows(COUNT)) == (before, [(1, 100_000)])
    with found.writer(at=AT, currency="EUR") as writer:
        put_lines(writer, "2026-01", [line(1, DAY, 1, 11)], "3")
    assert found.open().rows(COUNT) == [(1, 110_000)]


def test_parts_are_stale_when_their_version_the_rates_or_the_currency_changed(tmp_path):
    found = store(tmp_path, [line(1, DAY, 1, 10)], company=[], rate=[])
    same = {"company": "1", "rate": "1", "order_line:2026-01": "1"}
    month = "order_line:2026-01"
    assert found.stale_parts(same, "EUR") == []
    assert found.stale_parts(same | {"company": "2"}, "EUR") == ["company"]
    assert found.stale_parts(same | {"rate": "2"}, "EUR") == ["rate", month]
    assert found.stale_parts(same, "USD") == ["company", "rate", month]
    assert found.stale_parts(same | {"order_line:2026-02": "1"}, "EUR") == ["order_line:2026-02"]


def test_a_foreign_amount_takes_the_latest_rate_on_or_before_its_day(tmp_path):
    rates = [
        {"currency": "USD", "date": date(2026, 1, 2), "rate_e8": 90_000_000, "base": "EUR"},
        {"currency": "USD", "date": date(2026, 1, 5), "rate_e8": 80_000_000, "base": "EUR"},
    ]
    days = [date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 9)]
    rows = [line(i, day, 1, 10, currency="USD") for i, day in enumerate(days)]
    found = FactStore(tmp_path)
    with found.writer(at=AT, currency="EUR") as writer:
        writer.put_table("rate", table(SMALL_TABLES["rate"], rates), "1")
        put_lines(writer, "2026-01", rows)
    assert found.open().rows("SELECT net_e4 FROM order_line ORDER BY order_id") == [(None,), (90_000,), (80_000,), (80_000,)]  # fmt: skip
    assert found.manifest().lines_without_rate == 1


def test_facts_read_nothing_outside_their_folder(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    reading = store(tmp_path / "facts", [line(1, DAY, 1, 10)]).open()
    with pytest.raises(Exception, match="(?i)permission|disabled|not allowed"):
        reading.rows(f"SELECT * FROM read_csv('{secret}')")
