"""How do order lines come in: grouped to orders, with customers and products made on the way?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from koers.catalogue.actions.importing import product_creator
from koers.catalogue.models import Product
from koers.core.bulk import fetch_columns, insert_rows, reserve_ids, update_row
from koers.core.data_versions import mark_order_lines_changed
from koers.core.imports.dependent import fingerprint, keep_before
from koers.core.imports.kinds import ChunkResult, ImportKind, Rejection, Rows, RunContext
from koers.core.imports.lookups import Lookup, batches
from koers.core.imports.plan import DuplicateRule
from koers.customers.actions.importing import company_creator
from koers.customers.models import Company
from koers.organisation.actions.importing import person_creator, territory_creator
from koers.organisation.models import Territory, User
from koers.sell.actions.importing_amounts import LineAmounts, amounts_of
from koers.sell.actions.importing_fields import FIELDS
from koers.sell.models import Order, OrderLine

HEADER = ("company_id", "seller_id", "territory_id", "ordered_on", "currency", "is_credit")
LINE = (
    "order_id", "position", "product_id", "description", "is_fee", "quantity", "list_price", "discount", "net", "cost",
    "fingerprint", "import_run_id",
)  # fmt: skip


class OrderLineApplier:
    """Takes chunks of order lines; an order's header comes from its first line in the chunk."""

    def __init__(self, context: RunContext) -> None:
        self.context = context
        plan = context.plan
        self.fees = {str(code).upper() for code in plan.options.get("fee_codes", ())}
        self.credit_prefix = str(plan.options.get("credit_prefix", ""))
        create = bool(plan.options.get("create_missing", True))
        self.companies = Lookup(context, Company, "company", "name",
                                create=company_creator(context) if create else None, similar=False)  # fmt: skip
        self.products = Lookup(context, Product, "product", "code",
                               create=product_creator(context, self.fees) if create else None, similar=False)  # fmt: skip
        self.sellers = Lookup(
            context, User, "person", "full_name", create=person_creator(context) if create else None
        )
        self.territories = Lookup(context, Territory, "territory", "name",
                                  create=territory_creator(context) if create else None)  # fmt: skip
        self.seen: dict[int, int] = defaultdict(int)
        self.dry_seen: set[str] = set()
        self.twins: set[int] = set()

    def replay(self, rows: Rows) -> None:
        """Count the positions of lines an earlier attempt has written, so that numbering goes on."""
        if "line_number" in rows.columns:
            return
        orders = rows.columns["order_number"]
        products = rows.columns.get("product", [None] * len(orders))
        for order, product in zip(orders, products, strict=True):
            self.seen[hash((order, product))] += 1

    def finish(self) -> None:
        """Nothing here; tying credits and naming owners follow the whole file."""

    def apply(self, rows: Rows) -> ChunkResult:
        """Look up references, find existing orders and lines, write the rest."""
        result = ChunkResult()
        column = {name: rows.columns.get(name) for name in (field.name for field in FIELDS)}
        count = len(rows.numbers)
        self._load_references(column, count)
        lines = self._lines(rows, column, result)
        if lines:
            self._write(lines, column, result)
        return result

    def _load_references(self, column: dict[str, Any], count: int) -> None:
        details = self.context.plan.options
        details["_chunk"] = {name: values for name, values in column.items() if values is not None}
        for lookup, name in (
            (self.territories, "territory"), (self.companies, "customer"), (self.products, "product"),
            (self.sellers, "seller"),
        ):  # fmt: skip
            if column[name] is not None and count:
                lookup.load(column[name])
        details.pop("_chunk")

    def _lines(self, rows: Rows, column: dict[str, Any], result: ChunkResult) -> list["Line"]:
        numbers = rows.numbers
        orders = column["order_number"]
        positions = column["line_number"]
        products = column["product"] or [None] * len(numbers)
        amounts = amounts_of(column, len(numbers))
        doubtful = self._any_unknown(column)
        lines: list[Line] = []
        for place, row in enumerate(numbers):
            amount = amounts[place]
            if amount is None:
                result.rejections.append(Rejection(row, "net_amount", "", "no_amount"))
                continue
            bad = self._unknown(column, place) if doubtful else None
            if bad:
                result.rejections.append(Rejection(row, *bad))
                continue
            if positions is not None:
                position = str(positions[place])
            else:
                key = hash((orders[place], products[place]))
                self.seen[key] += 1
                position = f"{products[place] or ''}#{self.seen[key]}"[:60]
            lines.append(Line(place, row, orders[place], position, amount))
        return lines

    def _any_unknown(self, column: dict[str, Any]) -> bool:
        """Whether a reference of the chunk led nowhere: seldom, so that lines need no look one by one."""
        return any(
            lookup.get(text) is None
            for name, lookup in self._references()
            for text in set(column[name] or ())
            if text
        )

    def _references(self) -> tuple[tuple[str, Lookup], ...]:
        return (("customer", self.companies), ("product", self.products), ("seller", self.sellers),
                ("territory", self.territories))  # fmt: skip

    def _unknown(
        self, column: dict[str, Any], place: int
    ) -> tuple[str, str, str, dict[str, str]] | None:
        for name, lookup in self._references():
            text = column[name][place] if column[name] is not None else None
            if text and lookup.get(text) is None:
                return name, text, "unknown_reference", {"noun": name, "value": text}
        return None

    def _write(self, lines: list["Line"], column: dict[str, Any], result: ChunkResult) -> None:
        orders, existing = self._existing_orders(lines)
        first_line: dict[str, Line] = {}
        for line in lines:
            first_line.setdefault(line.order, line)
        rule = self.context.plan.rule
        if rule is DuplicateRule.UPDATE:
            lines = self._only_known(lines, orders, result)
            first_line = {number: line for number, line in first_line.items() if number in orders}
        headers = {number: self._header(column, line) for number, line in first_line.items()}
        days: set[date] = set()
        self._write_orders(headers, orders, existing, days)
        stored = self._existing_lines({orders[number] for number in headers if number in existing})
        fresh = self._sort_out(lines, column, orders, stored, headers, days, result)
        if not self.context.dry:
            insert_rows(OrderLine, LINE, fresh)
            mark_order_lines_changed(days)

    def _only_known(
        self, lines: list["Line"], orders: dict[str, int], result: ChunkResult
    ) -> list["Line"]:
        kept = []
        for line in lines:
            if line.order in orders:
                kept.append(line)
            else:
                result.rejections.append(
                    Rejection(
                        line.row, "order_number", line.order, "not_found", {"value": line.order}
                    )
                )
        return kept

    def _existing_orders(self, lines: list["Line"]) -> tuple[dict[str, int], dict[str, int]]:
        found: dict[str, int] = {}
        # The unique index holds COALESCE(source, 0): said otherwise SQLite walks all orders of the source.
        every = Order.objects.alias(home=Coalesce("source_id", Value(0))).order_by()
        for part in batches({line.order for line in lines}):
            rows = every.filter(home=self.context.source_id, number__in=part)
            found.update(rows.values_list("number", "id"))
        return dict(found), found

    def _header(self, column: dict[str, Any], line: "Line") -> tuple[Any, ...]:
        place = line.place
        value: dict[str, Any] = {name: (column[name][place] if column[name] is not None else None)
                 for name in ("customer", "seller", "territory", "ordered_on", "currency", "is_credit")}  # fmt: skip
        credit = bool(value["is_credit"]) or bool(
            self.credit_prefix and line.order.startswith(self.credit_prefix)
        )
        return (
            self.companies.get(value["customer"]), self.sellers.get(value["seller"]),
            self.territories.get(value["territory"]), value["ordered_on"].isoformat(),
            value["currency"] or self.context.plan.currency, credit,
        )  # fmt: skip

    def _write_orders(
        self,
        headers: dict[str, tuple[Any, ...]],
        orders: dict[str, int],
        existing: dict[str, int],
        days: set[date],
    ) -> None:
        fresh = [number for number in headers if number not in existing]
        if self.context.dry:
            orders.update({number: -place for place, number in enumerate(fresh, start=1)})
            return
        if fresh:
            first = reserve_ids(Order, len(fresh))
            orders.update({number: first + place for place, number in enumerate(fresh)})
            insert_rows(
                Order, ["id", "number", "source_id", *HEADER, "version", "import_run_id"],
                ((orders[n], n, self.context.source_id, *headers[n], 1, self.context.run_id) for n in fresh),
            )  # fmt: skip
            days.update(date.fromisoformat(headers[number][3]) for number in fresh)
            self.context.notes["orders_created"] += len(fresh)
            self.context.notes["credit_notes"] += sum(bool(headers[number][5]) for number in fresh)
        known = [number for number in headers if number in existing]
        stored = fetch_columns(Order, [orders[number] for number in known], HEADER) if known else {}
        for number in known:
            now = dict(zip(HEADER, stored[orders[number]], strict=True))
            after = {name: value for name, value in zip(HEADER, headers[number], strict=True)
                     if value is not None and now[name] != value}  # fmt: skip
            if after and self.context.plan.rule is not DuplicateRule.CREATE:
                keep_before(
                    self.context,
                    "order",
                    orders[number],
                    {name: now[name] for name in after},
                    created=set(),
                )
                update_row(Order, orders[number], after)
                days.update(
                    {date.fromisoformat(now["ordered_on"]), date.fromisoformat(headers[number][3])}
                )
                self.context.notes["orders_updated"] += 1

    def _existing_lines(self, order_ids: set[int]) -> dict[tuple[int, str], tuple[int, int]]:
        found: dict[tuple[int, str], tuple[int, int]] = {}
        for part in batches(order_ids):
            rows = OrderLine.objects.filter(order_id__in=part).values_list(
                "order_id", "position", "id", "fingerprint"
            )
            found.update(
                {(order, position): (row_id, mark) for order, position, row_id, mark in rows}
            )
        return found

    def _sort_out(
        self,
        lines: list["Line"],
        column: dict[str, Any],
        orders: dict[str, int],
        stored: dict[tuple[int, str], tuple[int, int]],
        headers: dict[str, tuple[Any, ...]],
        days: set[date],
        result: ChunkResult,
    ) -> list[tuple[Any, ...]]:
        products, texts = column["product"], column["description"]
        fresh: list[tuple[Any, ...]] = []
        run_id, rule, twins = self.context.run_id, self.context.plan.rule, self.twins
        pending: set[tuple[int, str]] = set()
        for line in lines:
            code = products[line.place] if products is not None else None
            amount = line.amount
            values = (
                self.products.get(code), (texts[line.place] or "") if texts is not None else "",
                code is not None and code.upper() in self.fees, amount.quantity, amount.list_price, amount.discount, amount.net,
                amount.cost,
            )  # fmt: skip
            mark = fingerprint(values)
            key = (orders[line.order], line.position)
            known = stored.get(key)
            if known is None and key in pending:
                known = (0, 0)
            if known is None:
                fresh.append((key[0], key[1], *values, mark, run_id))
                pending.add(key)
                result.created += 1
                twin = hash((line.order, mark))
                if twin in twins:  # two equal lines on one order are kept, and reported
                    self.context.notes["lines_equal_to_another_of_the_order"] += 1
                twins.add(twin)
            elif known[1] == mark:
                result.unchanged += 1
            elif rule is DuplicateRule.CREATE:
                result.rejections.append(
                    Rejection(
                        line.row,
                        "order_number",
                        line.order,
                        "already_exists",
                        {"value": f"{line.order}/{line.position}"},
                    )
                )
            elif known[0]:
                self._update_line(known[0], values, mark)
                days.add(date.fromisoformat(headers[line.order][3]))
                result.updated += 1
            else:
                result.rejections.append(
                    Rejection(
                        line.row,
                        "line_number",
                        line.position,
                        "already_exists",
                        {"value": f"{line.order}/{line.position}"},
                    )
                )
        return fresh

    def _update_line(self, line_id: int, values: tuple[Any, ...], mark: int) -> None:
        if self.context.dry:
            return
        names = LINE[2:11]
        after = dict(zip(names, (*values, mark), strict=True))
        now = dict(zip(names, fetch_columns(OrderLine, [line_id], names)[line_id], strict=True))
        keep_before(
            self.context,
            "order_line",
            line_id,
            {n: now[n] for n in names if now[n] != after[n]},
            created=set(),
        )
        update_row(OrderLine, line_id, after, raise_version=False)


class Line:
    """One line of the chunk: its place there, its row in the file, its order, position and amounts."""

    __slots__ = ("amount", "order", "place", "position", "row")

    def __init__(
        self, place: int, row: int, order: str, position: str, amount: LineAmounts
    ) -> None:
        self.place, self.row, self.order, self.position, self.amount = (
            place,
            row,
            order,
            position,
            amount,
        )


KINDS: Sequence[ImportKind] = (
    ImportKind("orders", "Order lines", "Orderregels", FIELDS, OrderLineApplier, ("order_number",)),
)
