"""How do memory and time of the customer table grow with the log, on DuckDB and on Spark, and what comes back?

``python benchmarks/customer_scale.py [--most 52500000] [--spark-most 20000000]`` makes logs as ``customer_value.py``
does (seeded, ten lines a customer, in the order of days), each as one Parquet file, and runs each in a process of
its own: the customer table kept in the engine, the groups a fit needs, and on DuckDB all customers as arrays. Prints
seconds, the peak memory of the process, and rows and bytes that came back for the groups; the largest log must stay
under 6 GB, and is made once more with little memory, so that it spills to disk.
A line through the seconds gives hours for 100,000,000 lines on these cores, with the largest distance of a point from it.
Spark is left out where it is not installed. All files lie in a folder that disappears; disk space is looked at first.
"""

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from customer_value import UNTIL, made_log

LIMIT_BYTES = 6 * 10**9
SPILLING = "1500MB"
PART_CUSTOMERS, PART_LINES = 250_000, 2_500_000
SHARES = (0.125, 0.25, 0.5, 1.0)
BYTES_A_LINE = 60  # parts, the sorted file and what sorting spills
SPARK = {
    "KOERS_SPARK_MASTER": "local[2]",
    "PYSPARK_SUBMIT_ARGS": "--driver-memory 4g --conf spark.sql.shuffle.partitions=16 pyspark-shell",
}


def made_file(folder: Path, lines: int) -> Path:
    """About so many lines as one file in the order of days."""
    file = folder / f"log-{lines}.parquet"
    parts = max(1, round(lines / PART_LINES))
    for part in range(parts):
        source = folder / f"part-{part}.parquet"
        if not source.exists():
            log = made_log(PART_CUSTOMERS, PART_LINES, seed=part)
            moved = pa.array(log.column("customer").to_numpy() + part * PART_CUSTOMERS)
            pq.write_table(log.set_column(0, "customer", moved), source)
    chosen = ", ".join(f"'{folder}/part-{part}.parquet'" for part in range(parts))
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB", "temp_directory": str(folder / "sort")}) as made:  # fmt: skip
        made.execute(f"COPY (SELECT * FROM read_parquet([{chosen}]) ORDER BY day) TO '{file}' (FORMAT parquet)")  # fmt: skip
    return file


class Counting:
    """A connection that counts rows and bytes of the columns that come back."""

    def __init__(self, connection):
        self.connection, self.came = connection, {"rows": 0, "bytes": 0}
        if hasattr(connection, "keep"):
            self.keep, self.unregister = connection.keep, connection.unregister

    def sql(self, query):
        return Counted(self.connection.sql(query), self.came)

    def execute(self, query, parameters=()):
        return self.connection.execute(query, parameters)


class Counted:
    """An answer that counts."""

    def __init__(self, answer, came):
        self.answer, self.came = answer, came

    def to_arrow_table(self):
        found = self.answer.to_arrow_table()
        self.came["rows"] += found.num_rows
        self.came["bytes"] += found.nbytes
        return found


def one_run(engine_name: str, file: str, memory: str) -> dict[str, float]:
    """In a process of its own: the groups of a fit, and on the embedded engine all customers."""
    from koers_analytics.customers.value.engine import engine

    if engine_name == "spark":
        from koers_analytics.engines.spark import SparkConnection

        spark = SparkConnection()
        spark.view("log", [file], {})
        spark.sql("SELECT count(*) AS n FROM log").fetchall()  # start it before the clock runs
        return measured(spark, "log", everybody=False)
    with engine(memory=memory) as connection:
        return measured(connection, f"read_parquet('{file}')", everybody=True)


def measured(connection, source: str, *, everybody: bool) -> dict[str, float]:
    """Seconds of each step and what came back."""
    from koers_analytics.customers.value.kept_customers import kept_customers

    counting = Counting(connection)
    started = time.perf_counter()
    with kept_customers(counting, source, as_of=UNTIL - timedelta(days=1)) as kept:
        spending = kept.spending()
        groups = kept.groups(spending.cap)
        found = {"groups_seconds": time.perf_counter() - started, **counting.came}
        found["customers"] = float(groups.customers.sum())
        if everybody:
            found["rows_all"] = len(kept.table())
            found["all_seconds"] = time.perf_counter() - started
    found["peak"] = peak_bytes()
    return found


def peak_bytes() -> float:
    """The most memory this process had; the kernel's count of a child may begin with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return float(line.split()[1]) * 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024


def in_child(engine_name: str, file: Path, memory: str) -> dict[str, float]:
    """``one_run`` in a process of its own."""
    command = [sys.executable, __file__, "--child", engine_name, str(file), memory]
    more = SPARK if engine_name == "spark" else {}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **more}
    )
    if done.returncode:
        sys.exit(f"{engine_name} failed on {file.name}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Make, run, print; the exit code tells whether memory stayed under its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=52_500_000)
    parser.add_argument("--spark-most", type=int, default=20_000_000, help="0: without Spark")
    parser.add_argument("--memory", default="4GB", help="what DuckDB may use before it spills")
    parser.add_argument("--child", nargs=3)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(one_run(*args.child)))
        return 0
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < args.most * BYTES_A_LINE * 2:
        print(f"customer scale: left out, {free / 1e9:.0f} GB of disk is too little")
        return 0
    with tempfile.TemporaryDirectory(prefix="koers-bench-") as name:
        folder = Path(name)
        held = on_engine("duckdb", folder, args.most, args.memory)
        if not args.spark_most:
            return 0 if held else 1
        if importlib.util.find_spec("pyspark") is None:
            print("Spark is left out: the extra koers[spark] is not installed")
        else:
            on_engine("spark", folder, args.spark_most, args.memory)
    return 0 if held else 1


def on_engine(name: str, folder: Path, most: int, memory: str) -> bool:
    """All sizes on one engine; whether the largest stayed under the limit of memory."""
    load = os.getloadavg()[0]
    print(f"\n{name}, load {load:.1f} before; groups: table made, kept, grouped; all: every customer as arrays too")  # fmt: skip
    print(f"{'lines':>12} {'customers':>11} {'groups s':>9} {'all s':>7} {'peak MB':>9} {'rows back':>10} {'kB back':>9}")  # fmt: skip
    sizes, seconds, peak = [], [], 0.0
    for share in SHARES:
        file = made_file(folder, int(most * share))
        lines = pq.read_metadata(file).num_rows
        found = in_child(name, file, memory)
        sizes.append(lines)
        seconds.append(found["groups_seconds"])
        peak = found["peak"]
        all_seconds = f"{found['all_seconds']:7.1f}" if "all_seconds" in found else "       "
        shown = f"{peak / 1e6:9,.0f}" if name == "duckdb" else "         "  # the rest is Java's
        print(f"{lines:>12,} {found['customers']:>11,.0f} {found['groups_seconds']:9.1f} {all_seconds} {shown} {found['rows']:>10,} {found['bytes'] / 1e3:>9,.0f}", flush=True)  # fmt: skip
        if name == "duckdb" and share == SHARES[-1]:
            small = in_child(name, file, SPILLING)
            print(f"the same with {SPILLING}, the rest on disk: {small['all_seconds']:.1f} s, peak memory {small['peak'] / 1e9:.2f} GB")  # fmt: skip
        file.unlink()
    slope, start = np.polyfit(sizes, seconds, 1)
    off = np.abs(np.polyval((slope, start), sizes) - seconds).max()
    whole = slope * 1e8 + start
    print(f"100,000,000 lines by the line through these: {whole:.0f} s = {whole / 3600:.4f} hours on 2 cores; largest distance of a point from it {off:.1f} s")  # fmt: skip
    if name != "duckdb":
        return True
    held = peak < LIMIT_BYTES
    print(f"{sizes[-1]:,} lines: peak memory {peak / 1e9:.2f} GB, under 6 GB{'' if held else '  MISSED'}")  # fmt: skip
    return held


if __name__ == "__main__":
    sys.exit(main())
