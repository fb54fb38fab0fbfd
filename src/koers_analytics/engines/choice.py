"""On which engine are tables made?"""

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)


class EngineMissingError(Exception):
    """The engine asked for is not installed; the sentence says what is missing."""
