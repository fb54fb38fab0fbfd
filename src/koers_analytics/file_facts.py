"""How do the orders of a file become facts, so that the same figures run on both?"""

import duckdb

from koers_analytics.facts import Facts, Manifest
from koers_analytics.order_file import OrderFile
from koers_analytics.tables import ORDER_LINE, SMALL_TABLES, empty_select

CELLS = {
    "order_id": "(hash(l.invoice) // 2)",
    "order_number": "l.invoice",
    "order_date": "l.day",
    "company_id": "c.company_id",
    "kind": "l.kind",
    "is_credit": "l.is_credit",
    "list_e4": "CASE WHEN l.gift THEN 0 ELSE l.amount_e4 END",
    "discount_e4": "0",
    "net_e4": "l.amount_e4",
}


class FileFacts(Facts):
    """Orders of an open file in the shape of the facts; customers are numbered by their name's order.

    Owners, territories, products and costs are unknown: shares of margin stay empty.
    """

    def __init__(self, file: OrderFile) -> None:
        self.manifest = Manifest(1, "", "")
        self._con: duckdb.DuckDBPyConnection = file.connection
        for name, columns in SMALL_TABLES.items():
            if name != "company":
                self._con.execute(f"CREATE VIEW {name} AS {empty_select(columns)}")
        known = {"company_id": "row_number() OVER (ORDER BY customer)", "name": "customer"}
        company = ", ".join(
            f"({known.get(name, 'NULL')})::{kind} AS {name}"
            for name, kind in SMALL_TABLES["company"].items()
        )
        self._con.execute(
            f"CREATE TABLE company AS SELECT {company} FROM (SELECT DISTINCT customer FROM line)"
        )
        cells = ", ".join(
            f"({CELLS.get(name, 'NULL')})::{kind} AS {name}" for name, kind in ORDER_LINE.items()
        )
        self._con.execute(
            f"""CREATE TABLE order_line AS
                SELECT {cells} FROM line l JOIN company c ON c.name = l.customer"""
        )
