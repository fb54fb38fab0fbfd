"""How does a table that several questions are asked of stay in the engine, so that it is made once?"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from koers_analytics.engines.base import Connection

_numbers = count(1)


@contextmanager
def kept(connection: Connection, query: str) -> Iterator[str]:
    """Keep the answer of ``query`` in the engine under a new name; it is gone afterwards.

    The embedded engine makes a temporary table, which may spill to disk; another engine has its own
    ``keep`` and ``unregister``.
    """
    name = f"kept_{next(_numbers)}"
    keep = getattr(connection, "keep", None)
    if keep is None:
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}").fetchall()
    else:
        keep(name, query)
    try:
        yield name
    finally:
        if keep is None:
            connection.execute(f"DROP TABLE {name}").fetchall()
        else:
            connection.unregister(name)
