"""How does the figures' SQL, written for DuckDB, read on Apache Spark?

sqlglot translates; here stands only what it leaves different: windows that build on a named one,
series that end before they begin, common tables marked as materialised.
"""

from collections.abc import Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

from koers_analytics.engines.marks import filled


def spark_sql(query: str, parameters: Sequence[object] = ()) -> str:
    """The query in Spark's words, with the values in place of its ``?`` marks."""
    return _translated(filled(query, parameters))


@lru_cache(maxsize=256)
def _translated(query: str) -> str:
    tree = sqlglot.parse_one(query, read="duckdb")
    for table in tree.find_all(exp.CTE):
        table.set("materialized", None)
    for select in tree.find_all(exp.Select):
        _spell_out_windows(select)
    for series in list(tree.find_all(exp.GenerateSeries)):
        _allow_an_early_end(series)
    return str(tree.sql(dialect="spark"))


def _spell_out_windows(select: exp.Select) -> None:
    """Write ``OVER (w ROWS …)`` with what ``w`` stands for; Spark knows a name only by itself."""
    named = {window.name: window for window in select.args.get("windows") or []}
    for window in select.find_all(exp.Window):
        base = named.get(window.alias)
        if base is None or window.parent_select is not select:
            continue
        window.set("alias", None)
        window.set("over", "OVER")
        for part in ("partition_by", "order", "spec"):
            if window.args.get(part) is None or window.args.get(part) == []:
                found = base.args.get(part)
                window.set(
                    part, [item.copy() for item in found] if isinstance(found, list) else found and found.copy()
                )  # fmt: skip
    select.set("windows", None)


def _allow_an_early_end(series: exp.GenerateSeries) -> None:
    """A series that ends before it begins is empty; Spark's would be an error."""
    start, end = series.args["start"].copy(), series.args["end"].copy()
    series.replace(
        exp.If(this=exp.GT(this=start, expression=end), true=exp.Array(), false=series.copy())
    )
