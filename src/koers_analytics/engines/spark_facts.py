"""The facts, read by Apache Spark: the same Parquet files, the same SQL."""

from pathlib import Path

from koers_analytics.engines.spark import SparkConnection
from koers_analytics.facts import Facts, Manifest
from koers_analytics.file_facts import FileFacts
from koers_analytics.order_file import OrderFile
from koers_analytics.tables import ORDER_LINE, SMALL_TABLES


class SparkFacts(Facts):
    """A reading connection on one generation of the facts."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._spark = self._con = SparkConnection()  # type: ignore[assignment]  # answers the same calls
        self._create_views(root)

    def _view(self, name: str, files: list[str], columns: dict[str, str]) -> None:
        self._spark.view(name, files, columns)


class _HandedOver(SparkFacts):
    """Facts whose tables the connection knows already."""

    def __init__(self, connection: SparkConnection) -> None:
        self.manifest = Manifest(1, "", "")
        self._spark = self._con = connection  # type: ignore[assignment]  # answers the same calls


def spark_lines_of(file: OrderFile) -> SparkConnection:
    """A connection that knows the lines of a file the embedded engine has read."""
    connection = SparkConnection()
    query = "SELECT customer, day, amount_e4, gift FROM line"
    connection.take(file.connection, "line", query)
    return connection


def spark_facts_of(found: FileFacts, connection: SparkConnection) -> Facts:
    """The facts of a file, handed from the embedded engine to Spark."""
    embedded = found.cursor()
    for name, columns in {**SMALL_TABLES, "order_line": ORDER_LINE}.items():
        if name in {"company", "order_line"}:
            connection.take(embedded, name, f"SELECT * FROM {name}")
        else:
            connection.view(name, [], columns)
    return _HandedOver(connection)
