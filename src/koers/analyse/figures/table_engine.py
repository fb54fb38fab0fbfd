"""On which engine are tables made just now? Needs no Django set-up."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_engine: ContextVar[str] = ContextVar("table_engine", default="duckdb")


@contextmanager
def tables_made_on(engine: str) -> Iterator[None]:
    """Facts opened inside are read by this engine."""
    token = _engine.set(engine)
    try:
        yield
    finally:
        _engine.reset(token)


def table_engine() -> str:
    """The engine in use."""
    return _engine.get()
