"""Which rows of a list does the user want to see, in which order and with which columns?

A list screen names its columns and filters; ``ListState.from_request`` reads the address against
them (anything unknown is refused), ``page_of`` fetches one page with a fixed number of queries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers.core.page_keys import may_be_empty, page_keys

PAGE_SIZES = (25, 50, 100, 200)
COUNTED_AT_MOST = 10_000
NEAR = 1_000
RESERVED = {"sort", "page", "size", "q", "columns", "count"}
LONGEST_SEARCH = 200
LIST_SETTINGS = ("q", "sort", "size", "columns", "page", "count", "export")
Row = TypeVar("Row", bound=Model)
Kind = Literal["text", "money", "number", "share", "date", "moment", "class", "phase", "person"]


class UnknownListSettingError(RuleError):
    """The address asks for an order, page or column this list does not have."""


@dataclass(frozen=True)
class Column:
    """A column; ``sort`` is the field the database orders by, empty where it cannot."""

    name: str
    label: str | Promise
    sort: str = ""
    numeric: bool = False
    visible_by_default: bool = True
    kind: Kind = "text"


@dataclass(frozen=True)
class Filter:
    """A filter of the list: its parameter, its words, and the choices (value, label).

    None leaves the value free; an empty list of choices allows none.
    """

    name: str
    label: str | Promise
    choices: Sequence[tuple[str, str | Promise]] | None = None


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: str
    value: str
    remove: str


@dataclass(frozen=True)
class HeadCell:
    """A column head: its sort link and present direction."""

    column: Column
    url: str
    direction: str

    @property
    def aria_sort(self) -> str:
        """What a screen reader hears."""
        return {"asc": "ascending", "desc": "descending"}.get(self.direction, "")


@dataclass(frozen=True)
class ColumnChoice:
    """A column in the chooser: shown or not, and the address that turns it over."""

    column: Column
    shown: bool
    url: str


@dataclass(frozen=True)
class ListState:
    """The list as the address asks for it."""

    columns: Sequence[Column]
    filters: Sequence[Filter]
    sort: str
    descending: bool
    default_sort: str
    page: int = 1
    size: int = PAGE_SIZES[0]
    q: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    visible: tuple[str, ...] = ()
    exact: bool = False
    path: str = ""
    beside: tuple[tuple[str, str], ...] = ()  # choices of the page that are no filter of the list

    @classmethod
    def from_request(
        cls,
        request: HttpRequest,
        *,
        columns: Sequence[Column],
        default_sort: str,
        filters: Sequence[Filter] = (),
    ) -> "ListState":
        """Read the address; ``default_sort`` is a column's name, with '-' for descending."""
        data = request.GET
        sort = data.get("sort", "") or default_sort
        name = sort.removeprefix("-")
        if name not in {column.name for column in columns if column.sort}:
            raise UnknownListSettingError(_("This list cannot be sorted by “%s”.") % name[:60])
        return cls(
            columns=columns,
            filters=filters,
            sort=name,
            descending=sort.startswith("-"),
            default_sort=default_sort,
            page=_whole(data, "page", 1),
            size=_size(data),
            q=data.get("q", "").strip()[:LONGEST_SEARCH],
            values=_filter_values(data, filters),
            visible=_visible(data, columns),
            exact=data.get("count") == "exact",
            path=request.path,
            beside=_beside(data, filters),
        )

    @property
    def shown_columns(self) -> list[Column]:
        """The columns on screen, in the list's own order."""
        return [column for column in self.columns if column.name in self.visible]

    @property
    def sort_path(self) -> str:
        """The field the rows are ordered by, through a relation or not."""
        return next(column.sort for column in self.columns if column.name == self.sort)

    @property
    def order(self) -> list[OrderBy | str]:
        """What the database sorts by: empty values last, the key as a tie-break."""
        expression = F(self.sort_path)
        if self.descending:
            return [expression.desc(nulls_last=True), "-pk"]
        return [expression.asc(nulls_last=True), "pk"]

    def ordered(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows in the list's order.

        Where the column is never empty the order says nothing of empty values, for PostgreSQL
        walks an index only in the very order it was made in.
        """
        if may_be_empty(rows, self.sort_path):
            return rows.order_by(*self.order)
        sign = "-" if self.descending else ""
        return rows.order_by(f"{sign}{self.sort_path}", f"{sign}pk")

    @property
    def sort_value(self) -> str:
        """The sort as the address writes it."""
        return f"-{self.sort}" if self.descending else self.sort

    def value(self, name: str) -> str:
        """The chosen value of a filter, or nothing."""
        return self.values.get(name, "")

    def query(self, **changes: str | int | None) -> str:
        """The address of this list with some settings changed; None removes one."""
        query = QueryDict(mutable=True)
        for name, text in self.beside:
            if name not in changes:
                query.appendlist(name, text)
        for name, value in (self._settings() | changes).items():
            if value not in (None, ""):
                query[name] = str(value)
        written = query.urlencode()
        return f"{self.path}?{written}" if written else self.path

    def _settings(self) -> dict[str, str | int | None]:
        usual = tuple(column.name for column in self.columns if column.visible_by_default)
        return {
            "q": self.q,
            **self.values,
            "sort": None if self.sort_value == self.default_sort else self.sort_value,
            "size": None if self.size == PAGE_SIZES[0] else self.size,
            "columns": None if self.visible == usual else ",".join(self.visible),
            "page": None if self.page == 1 else self.page,
        }

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search or filter form carries along in hidden fields."""
        own = {"q", "page", *(entry.name for entry in self.filters)}
        return [*self.beside] + [
            (name, str(value))
            for name, value in self._settings().items()
            if name not in own and value not in (None, "")
        ]

    @property
    def heads(self) -> list[HeadCell]:
        """Column heads of the columns on screen."""
        return [self._head(column) for column in self.shown_columns]

    def _head(self, column: Column) -> HeadCell:
        if not column.sort:
            return HeadCell(column, "", "")
        if column.name != self.sort:
            first = f"-{column.name}" if column.numeric else column.name
            return HeadCell(column, self.query(sort=first, page=None), "")
        turned = column.name if self.descending else f"-{column.name}"
        direction = "desc" if self.descending else "asc"
        return HeadCell(column, self.query(sort=turned, page=None), direction)

    @property
    def chips(self) -> list[Chip]:
        """The filters in use."""
        found = [
            Chip(
                str(entry.label),
                _choice_label(entry, value),
                self.query(**{entry.name: None, "page": None}),
            )
            for entry in self.filters
            if (value := self.value(entry.name))
        ]
        if self.q:
            found.insert(0, Chip(_("Search"), self.q, self.query(q=None, page=None)))
        return found

    @property
    def is_filtered(self) -> bool:
        """Whether fewer rows than all may be shown."""
        return bool(self.q or any(self.values.values()))

    @property
    def cleared(self) -> str:
        """The address without search and filters."""
        return self.query(q=None, page=None, **{entry.name: None for entry in self.filters})

    @property
    def column_choices(self) -> list[ColumnChoice]:
        """The chooser; the first column always stays."""
        return [self._column_choice(column) for column in self.columns[1:]]

    def _column_choice(self, column: Column) -> ColumnChoice:
        shown = column.name in self.visible
        names = {*self.visible} ^ {column.name}
        wanted = tuple(each.name for each in self.columns if each.name in names)
        return ColumnChoice(column, shown, replace(self, visible=wanted).query())

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """Page sizes with their addresses."""
        return [(size, self.query(size=size, page=None)) for size in PAGE_SIZES]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows with what the pager says about it."""

    rows: Sequence[Row]
    state: ListState
    total: int
    total_is_exact: bool
    has_next: bool

    @property
    def first(self) -> int:
        """Number of the first row on the page; 0 where there is none."""
        return (self.state.page - 1) * self.state.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row on the page."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def previous_url(self) -> str:
        """Address of the page before, or nothing."""
        return self.state.query(page=self.state.page - 1) if self.state.page > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the page after, or nothing."""
        return self.state.query(page=self.state.page + 1) if self.has_next else ""

    @property
    def exact_url(self) -> str:
        """Address that counts all rows, where only 'more than' is known."""
        return "" if self.total_is_exact else self.state.query(count="exact")


def page_of(
    rows: QuerySet[Row], state: ListState, *, walk: Callable[[int], QuerySet[Row]] | None = None
) -> Page[Row]:
    """One page in a fixed number of queries, however many rows there are.

    The count stops at 10,000 unless the address asks for the exact number. The keys of the page
    are read before its rows, so that a far page walks an index and not whole rows. Where more
    rows match than are counted, the near pages come from ``walk``: the same rows, asked so that
    the database follows the order's index instead of sorting what a filter's index finds.
    """
    start = (state.page - 1) * state.size
    total, is_exact = _count(rows, exact=state.exact)
    wide = total >= COUNTED_AT_MOST
    near = walk(start + state.size + 1) if walk and wide and start <= NEAR else None
    keys = page_keys(rows if near is None else near, state, start, wide=wide)
    has_next = len(keys) > state.size
    found = rows.in_bulk(keys[: state.size]) if keys else {}
    return Page(
        rows=[found[key] for key in keys[: state.size] if key in found],
        state=state,
        total=max(total, start + len(keys)) if keys else total,
        total_is_exact=is_exact,
        has_next=has_next,
    )


def _count(rows: QuerySet[Any], *, exact: bool) -> tuple[int, bool]:
    if exact:
        return rows.order_by().count(), True
    counted = rows.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()
    return min(counted, COUNTED_AT_MOST), counted <= COUNTED_AT_MOST


def _whole(data: QueryDict, name: str, default: int) -> int:
    text = data.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= 10**9:
        raise UnknownListSettingError(_("“%s” is not a page number.") % text[:20])
    return int(text)


def _size(data: QueryDict) -> int:
    size = _whole(data, "size", PAGE_SIZES[0])
    if size not in PAGE_SIZES:
        raise UnknownListSettingError(_("A page cannot hold %s rows.") % size)
    return size


def _filter_values(data: QueryDict, filters: Sequence[Filter]) -> dict[str, str]:
    values = {}
    for entry in filters:
        value = data.get(entry.name, "").strip()
        if value and entry.choices is not None and value not in {str(k) for k, _label in entry.choices}:  # fmt: skip
            raise UnknownListSettingError(
                _("“%(value)s” is no choice of %(filter)s.")
                % {"value": value[:60], "filter": entry.label}
            )
        values[entry.name] = value[:LONGEST_SEARCH]
    return values


def _beside(data: QueryDict, filters: Sequence[Filter]) -> tuple[tuple[str, str], ...]:
    """What else the address says, such as the period of an analysis: it stays when one pages or sorts."""
    own = {*LIST_SETTINGS, *(entry.name for entry in filters)}
    return tuple(
        (name, value[:LONGEST_SEARCH])
        for name in data
        if name not in own
        for value in data.getlist(name)
        if value
    )


def _visible(data: QueryDict, columns: Sequence[Column]) -> tuple[str, ...]:
    asked = data.get("columns", "")
    if not asked:
        return tuple(column.name for column in columns if column.visible_by_default)
    names = set(asked.split(","))
    unknown = names - {column.name for column in columns}
    if unknown:
        raise UnknownListSettingError(_("This list has no column “%s”.") % min(unknown)[:60])
    return tuple(
        column.name for index, column in enumerate(columns) if index == 0 or column.name in names
    )


def _choice_label(entry: Filter, value: str) -> str:
    return next((str(label) for key, label in entry.choices or () if str(key) == value), value)
