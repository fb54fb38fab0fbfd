"""How fast are customer table, fit and scores, beside ``lifetimes`` and the engine's bare scan in one run?

``python benchmarks/customer_value.py [--customers 1000000] [--lines 10000000]`` makes a log of purchases in
which the assumptions of BG/NBD are true (seeded), writes it as Parquet, and prints: lines a second of the
customer table, its time over that of a bare scan of the same columns and over that of grouping customers and days
alone, and the ratio to ``lifetimes``' own summary of the whole log, both from that file; seconds to fit each model
and the ratio to ``lifetimes``' BG/NBD and Pareto/NBD with the largest distance between estimates; seconds to score
all customers. ``lifetimes`` fits Pareto/NBD on a part of the customers where the whole would take it minutes; its
time is then counted per customer. The exit code tells whether all limits hold.
"""

import argparse
import sys
import tempfile
import time
import warnings
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from koers_analytics.customers.value.beta_geometric import BetaGeometricModel
from koers_analytics.customers.value.customer_table import customer_table
from koers_analytics.customers.value.customer_value import ValueSettings, score
from koers_analytics.customers.value.pareto import ParetoModel
from koers_analytics.customers.value.spend import fit_spend

SEED = 20261124
START, UNTIL = date(2023, 1, 2), date(2026, 1, 4)
R, ALPHA, A, B = 0.8, 20.0, 0.7, 3.0  # weeks
PEER_PARETO = 20_000
LIMITS = {
    "table, lines a second": (3_000_000, "at least"),
    "table, times lifetimes from the same file": (20, "at least"),
    "fit BG/NBD, seconds": (0.3, "at most"),
    "fit BG/NBD, times lifetimes": (50, "at least"),
    "fit BG/NBD, largest distance": (1e-4, "at most"),
    "fit Pareto/NBD, seconds": (0.3, "at most"),
    "score, seconds": (2.0, "at most"),
}


def made_log(customers: int, lines: int, seed: int = SEED) -> pa.Table:
    """A log of about so many lines: who, when, and for how much in ten-thousandths."""
    rng = np.random.default_rng(seed)
    span = (UNTIL - START).days
    rate = rng.gamma(R, 1 / ALPHA, customers) / 7
    leave = rng.beta(A, B, customers)
    first = rng.integers(0, span * 2 // 3, customers)
    alive, at = np.arange(customers), first.astype(np.float64)
    who, when = [alive], [first]
    while len(alive):
        at = at + rng.exponential(1 / rate[alive])
        stays = (at < span) & (rng.random(len(alive)) >= leave[alive])
        alive, at = alive[stays], at[stays]
        who.append(alive)
        when.append(at.astype(np.int64))
    customer, day = np.concatenate(who), np.concatenate(when)
    repeat = max(1, round(lines / len(customer)))
    customer, day = np.repeat(customer, repeat), np.repeat(day, repeat)
    order = np.argsort(day, kind="stable")
    amount = (rng.gamma(2.0, 200_000, len(order)) + 10_000).astype(np.int64)
    days = np.datetime64(START) + day[order].astype("timedelta64[D]")
    return pa.table({"customer": customer[order], "day": pa.array(days, pa.date32()), "amount_e4": amount})  # fmt: skip


def timed(work, rounds=3):
    """The shortest of some runs, and the last answer."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - started)
    return best, answer


def peer_summaries(file: Path) -> dict[str, float]:
    """Seconds ``lifetimes`` takes for its summary of the whole log, a run each.

    From the file with days as pandas reads them (reading counted), and from memory with days as moments,
    which it takes quickest (reading not counted).
    """
    import pandas as pd
    from lifetimes.utils import summary_data_from_transaction_data

    def summary(frame):
        return summary_data_from_transaction_data(
            frame, "customer", "day", "amount_e4", observation_period_end=str(UNTIL)
        )

    from_file = timed(lambda: summary(pd.read_parquet(file)), 1)[0]
    frame = pd.read_parquet(file)
    frame["day"] = pd.to_datetime(frame["day"])
    return {"from the same file": from_file, "alone, from memory with days as moments": timed(lambda: summary(frame), 1)[0]}  # fmt: skip


def peer_fit(table):
    """Seconds of ``lifetimes`` for BG/NBD on all customers and Pareto/NBD per customer, and BG/NBD's estimates."""
    from lifetimes import BetaGeoFitter, ParetoNBDFitter

    x, t_x, age = table.frequency, table.recency / 7, table.age / 7
    seconds, fitted = timed(lambda: BetaGeoFitter().fit(x, t_x, age), 1)
    some = slice(0, PEER_PARETO)
    pareto = timed(lambda: ParetoNBDFitter().fit(x[some], t_x[some], age[some], maxiter=5000), 1)[0]
    return seconds, fitted.params_, pareto / len(x[some])


def main() -> int:
    """Make, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=10_000_000)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    log = made_log(args.customers, args.lines)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="koers-bench-") as folder:
        file = Path(folder) / "log.parquet"
        pq.write_table(log, file)
        connection = duckdb.connect(config={"threads": 2, "memory_limit": "4GB", "temp_directory": folder, "preserve_insertion_order": False})  # fmt: skip
        source = f"read_parquet('{file}')"
        scan, _rows = timed(lambda: connection.execute(f"SELECT max(customer), max(day), sum(amount_e4) FROM {source}").fetchall())  # fmt: skip
        days, _rows = timed(lambda: connection.execute(f"SELECT count(*) FROM (SELECT customer, day FROM {source} GROUP BY customer, day)").fetchall())  # fmt: skip
        seconds, table = timed(lambda: customer_table(connection, source, as_of=UNTIL - timedelta(days=1)))  # fmt: skip
        peers = peer_summaries(file)
    print(f"{len(log):,} lines, {len(table):,} customers")
    found["table, seconds"], found["bare scan, seconds"] = seconds, scan
    found["table, lines a second"] = len(log) / seconds
    found["table, times the bare scan"] = seconds / scan
    found["table, times grouping customers and days alone"] = seconds / days
    for how, taken in peers.items():
        found[f"table, times lifetimes {how}"] = taken / seconds
    histories, _place = table.histories().grouped()
    own, bg = timed(lambda: BetaGeometricModel().fit(histories))
    peer, estimates, pareto_each = peer_fit(table)
    found["fit BG/NBD, seconds"], found["fit BG/NBD, times lifetimes"] = own, peer / own
    found["fit BG/NBD, largest distance"] = max(
        abs(bg.parameters_[name] / estimates[name] - 1) for name in ("r", "alpha", "a", "b")
    )
    own, _pareto = timed(lambda: ParetoModel().fit(histories))
    found["fit Pareto/NBD, seconds"] = own
    found[f"fit Pareto/NBD, times lifetimes (per customer, from {PEER_PARETO:,})"] = pareto_each * len(table) / own  # fmt: skip
    spend = fit_spend(table.spending())
    found["score, seconds"], _scores = timed(lambda: score(bg, spend, table, ValueSettings()))
    return report(found)


def report(found: dict[str, float]) -> int:
    """Print each figure beside its limit; 1 where one is missed."""
    missed = 0
    for name, value in found.items():
        limit, side = LIMITS.get(name, (None, ""))
        holds = limit is None or (value >= limit if side == "at least" else value <= limit)
        missed += not holds
        beside = "" if limit is None else f"{side} {limit:g}" + ("" if holds else "  MISSED")
        print(f"{name:<62} {value:>14,.4f}  {beside}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
