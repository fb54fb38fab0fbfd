"""Which rows stand on a page, found by an index even at a million rows?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Func, OuterRef, QuerySet, Subquery, Value

if TYPE_CHECKING:
    from koers.core.tables import ListState

MOST_GROUPS = 1_000


def page_keys(rows: QuerySet[Any], state: "ListState", start: int, *, wide: bool) -> list[Any]:
    """Keys of the page and one more, in the list's order; ``wide`` when very many rows match."""
    path = state.sort_path
    if wide and path.count("__") == 1 and path not in rows.query.annotations:
        groups = _groups(rows, path, descending=state.descending, counted=start > 0)
        if groups:
            return _keys_by_group(rows, state, start, path.split("__")[0], groups)
    ordered = state.ordered(rows)
    return list(ordered.values_list("pk", flat=True)[start : start + state.size + 1])


def _groups(
    rows: QuerySet[Any], path: str, *, descending: bool, counted: bool
) -> list[tuple[Any, int]]:
    """Keys of the few records a related column sorts by, in order, with their number of rows.

    The absent one comes last; nothing when there are too many. A near page needs no numbers.
    """
    relation, name = path.split("__")
    sign = "-" if descending else ""
    related: Any = rows.model._meta.get_field(relation).related_model
    own = rows.order_by().filter(**{relation: OuterRef("pk")}).values(relation)
    number = Subquery(own.annotate(number=Count("pk")).values("number")) if counted else Value(0)
    found = list(
        related._default_manager.order_by(f"{sign}{name}", f"{sign}pk")
        .annotate(rows_of_list=number)
        .values_list("pk", "rows_of_list")[: MOST_GROUPS + 1]
    )
    return [] if len(found) > MOST_GROUPS else [*found, (None, 0)]


def _keys_by_group(
    rows: QuerySet[Any],
    state: "ListState",
    start: int,
    relation: str,
    groups: Sequence[tuple[Any, int]],
) -> list[Any]:
    """The page of an order by a related name, read from one index per name instead of a join."""
    sign = "-" if state.descending else ""
    keys: list[Any] = []
    skip = start
    for group, size in groups:
        if skip and group is not None and skip >= (size or 0):
            skip -= size or 0
            continue
        wanted = state.size + 1 - len(keys)
        part = rows.filter(**{relation: group}).order_by(f"{sign}pk").values_list("pk", flat=True)
        keys += part[skip : skip + wanted]
        skip = 0
        if len(keys) > state.size:
            break
    return keys


class Unindexed(Func):
    """A column no index of which helps to find rows; PostgreSQL finds the best way by itself."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Unary plus keeps SQLite from the column's index."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def may_be_empty(rows: QuerySet[Any], path: str) -> bool:
    """Whether a sort column can be empty; annotations and related columns are taken as such."""
    if "__" in path or path in rows.query.annotations:
        return True
    return bool(rows.model._meta.get_field(path).null)
