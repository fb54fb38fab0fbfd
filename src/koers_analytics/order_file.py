"""How is a file of orders read without any database: which column is what, and how is it written?"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from koers_analytics.customers.value.engine import engine
from koers_analytics.order_cells import (
    DAYS_FROM,
    DAYS_UNTIL,
    OrderFileError,
    customer_sql,
    date_format_of,
    day_sql,
    decimal_of,
    number_sql,
    quoted_name,
)
from koers_analytics.order_opening import open_rows, refuse_file, samples, uneven_row

MOSTLY = 0.95
MOST_COMPARED = 2_000_000  # rows

# What a column may be called, best first; letters and digits only, in small letters. Invoice and
# product are known so that they are not taken for customers.
NAMES: dict[str, tuple[str, ...]] = {
    "customer": ("customerid", "customer", "customernumber", "customerno", "custid", "klantnummer", "klantid", "klant",
                 "clientid", "client", "debiteurnummer", "debiteur", "debtor", "accountid", "account", "companyid",
                 "company", "userid", "user", "memberid", "buyerid", "buyer", "householdkey", "customername",
                 "klantnaam", "relatie"),
    "date": ("orderdate", "invoicedate", "transactiondate", "purchasedate", "salesdate", "date", "day", "datum",
             "orderdatum", "factuurdatum", "besteldatum", "orderedon", "transactiontime", "timestamp", "createdat"),
    "amount": ("amount", "netamount", "net", "nettobedrag", "linetotal", "totalamount", "total", "bedrag", "omzet",
               "revenue", "sales", "spend", "value", "salesamount", "totaal", "turnover", "monetary", "amounteur"),
    "quantity": ("quantity", "qty", "aantal", "units", "orderqty", "orderquantity"),
    "price": ("unitprice", "price", "prijs", "stuksprijs", "eenheidsprijs", "sellingprice"),
    "invoice": ("invoiceno", "invoice", "invoicenumber", "invoiceid", "ordernumber", "orderno", "orderid", "order",
                "factuurnummer", "factuur", "ordernummer", "bonnummer", "transactionid", "salesordernumber"),
    "product": ("stockcode", "productid", "productcode", "product", "sku", "itemid", "item", "artikelnummer", "artikel"),
}  # fmt: skip
FIELDS = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read: the column of each field, how days and decimals are written, what was left."""

    path: str
    columns: Mapping[str, str]
    date_format: str
    decimal: str
    rows: int
    rows_without_customer: int
    gifts: int
    fee_lines: int
    first_day: date
    last_day: date
    repeated_rows: int | None


@dataclass(frozen=True, slots=True)
class OrderFile:
    """An open file of orders: table ``line`` (customer, day, amount_e4, gift, invoice, kind, is_credit).

    Without a column of invoices the lines of a customer on a day are one order; a line is a credit
    where its amount is negative or its invoice is a C and digits.
    """

    connection: duckdb.DuckDBPyConnection
    reading: Reading

    @property
    def source(self) -> str:
        """What the customer table reads: all lines but gifts."""
        return "(SELECT customer, day, amount_e4 FROM line WHERE NOT gift)"


@contextmanager
def open_order_file(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    fee_codes: Collection[str] = (),
    threads: int = 2,
    memory: str = "4GB",
) -> Iterator[OrderFile]:
    """Read a CSV (any separator, also blanks; gzipped too) or Parquet file of order lines.

    ``mapping`` names the column of a field (customer, date, amount, quantity, price, invoice,
    product); what it leaves open is guessed by name, then by content. ``fee_codes`` are the
    products that are no goods, such as postage.

    Raises
    ------
    OrderFileError
        When the file is missing or empty, a field has no column, or a cell cannot be read.
    """
    refuse_file(path)
    with engine(threads=threads, memory=memory) as connection:
        try:
            yield OrderFile(connection, _read(connection, path, dict(mapping or {}), fee_codes))
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0]
            raise OrderFileError(f"{path.name} cannot be read: {first}") from error


def _read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: dict[str, str],
    fee_codes: Collection[str],
) -> Reading:
    columns = open_rows(connection, path)
    found_cells = samples(connection, columns)
    if not any(found_cells.values()):
        raise OrderFileError(f"{path.name} has no rows.")
    try:
        chosen = _columns(columns, found_cells, mapping)
    except OrderFileError as error:
        uneven = "" if mapping else uneven_row(path)
        raise OrderFileError(f"{uneven or error}") from error
    date_format = date_format_of(found_cells[chosen["date"]], chosen["date"])
    numbers = [chosen[name] for name in ("amount", "quantity", "price") if name in chosen]
    decimal = decimal_of([text for name in numbers for text in found_cells[name]])
    if fee_codes and "product" not in chosen:
        raise OrderFileError(
            f"Fees are told by a column of products; there is none among {', '.join(columns)}."
            " Say which with --map COLUMN=product."
        )
    select = _line_sql(chosen, found_cells, date_format, decimal, fee_codes)
    connection.execute(f"CREATE TABLE line AS {select}")
    _check(connection, chosen, select)
    found = connection.execute(
        """SELECT count(*), count(*) FILTER (customer IS NULL), count(*) FILTER (gift),
                  count(*) FILTER (kind = 'fee'), min(day) FILTER (customer IS NOT NULL),
                  max(day) FILTER (customer IS NOT NULL)
           FROM line"""
    ).fetchall()[0]
    connection.execute("DELETE FROM line WHERE customer IS NULL")
    if found[0] == found[1]:
        raise OrderFileError(
            f"No row of {path.name} has a customer in column {chosen['customer']}."
        )
    repeated = _repeated(connection, found[0])
    return Reading(str(path), chosen, date_format, decimal, *(*found, repeated))


def _repeated(connection: duckdb.DuckDBPyConnection, rows: int) -> int | None:
    """How many rows repeat an earlier one in every cell; they all count. Not told of large files."""
    if rows > MOST_COMPARED:
        return None
    found = connection.execute("SELECT count(*) - count(DISTINCT hash(raw)) FROM raw").fetchall()
    return int(found[0][0])


def _columns(
    columns: Sequence[str], samples: Mapping[str, list[str]], mapping: Mapping[str, str]
) -> dict[str, str]:
    """The column of each field: as told, else by name, else by content."""
    chosen = _told(columns, mapping)
    plain = {re.sub(r"[^a-z0-9]", "", column.lower()): column for column in reversed(columns)}
    for field in FIELDS:
        free = {key: column for key, column in plain.items() if column not in chosen.values()}
        hit = next((free[name] for name in NAMES[field] if name in free), None)
        if field not in chosen and hit is not None:
            chosen[field] = hit
    _guess_by_content(columns, samples, chosen)
    _complete(columns, chosen)
    return chosen


def _guess_by_content(
    columns: Sequence[str], samples: Mapping[str, list[str]], chosen: dict[str, str]
) -> None:
    """Add what the cells give away: days, amounts with decimals, a column that repeats itself."""
    free_columns = [column for column in columns if column not in chosen.values()]
    if "date" not in chosen:
        hit = next((c for c in free_columns if _looks_like_days(samples[c])), None)
        if hit is not None:
            chosen["date"] = hit
            free_columns.remove(hit)
    if "amount" not in chosen and not {"quantity", "price"} <= set(chosen):
        money = [c for c in free_columns if _looks_like_money(samples[c])]
        if money:
            chosen["amount"] = money[-1]
            free_columns.remove(money[-1])
    if "customer" not in chosen:
        repeated = [c for c in free_columns if 1 < len(set(samples[c])) < len(samples[c])]
        if repeated:
            chosen["customer"] = max(repeated, key=lambda c: len(set(samples[c])))


def _told(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for column, field in mapping.items():
        if field in chosen:
            raise OrderFileError(f"--map names two columns for {field}: {chosen[field]} and {column}.")  # fmt: skip
        if field not in FIELDS:
            raise OrderFileError(f"{field} is no field; the fields are {', '.join(FIELDS)}.")
        if column not in columns:
            raise OrderFileError(
                f"There is no column {column}; the columns are {', '.join(columns)}."
            )
        chosen[field] = column
    return chosen


def _complete(columns: Sequence[str], chosen: Mapping[str, str]) -> None:
    missing = [field for field in ("customer", "date") if field not in chosen]
    if "amount" not in chosen and not {"quantity", "price"} <= set(chosen):
        missing.append("amount (or quantity and price)")
    if missing:
        raise OrderFileError(
            f"No column for {', '.join(missing)} among {', '.join(columns)}. Say which with --map COLUMN=FIELD."
        )


def _looks_like_days(texts: Sequence[str]) -> bool:
    try:
        date_format_of(texts, "")
    except OrderFileError:
        return False
    return True


def _looks_like_money(texts: Sequence[str]) -> bool:
    hits = sum(bool(re.fullmatch(r"-?[\d.,]*\d[.,]\d{1,4}", text)) for text in texts)
    return bool(texts) and hits >= MOSTLY * len(texts)


def _ten_thousandths(number: str) -> str:
    return f"(CAST(round({number}, 4) AS DECIMAL(22, 4)) * 10000)::BIGINT"


def _line_sql(
    chosen: Mapping[str, str],
    samples: Mapping[str, list[str]],
    date_format: str,
    decimal: str,
    fee_codes: Collection[str],
) -> str:
    customer = customer_sql(chosen["customer"], samples[chosen["customer"]])
    number = {name: number_sql(chosen[name], decimal) for name in ("amount", "quantity", "price") if name in chosen}  # fmt: skip
    if "amount" in number:
        amount, gift = _ten_thousandths(number["amount"]), "false"
    else:
        whole = f"({number['quantity']} * {number['price']})"
        amount = _ten_thousandths(whole)
        gift = f"coalesce({number['price']} = 0, false)"
    day = day_sql(chosen["date"], date_format)
    invoice, credit = f"concat({customer}, ' ', {day})", "false"
    if "invoice" in chosen:
        invoice = f"trim({quoted_name(chosen['invoice'])}::VARCHAR)"
        credit = f"coalesce(regexp_matches({invoice}, '^[Cc]\\d+$'), false)"
    return f"""SELECT {customer} AS customer, {day} AS day, {amount} AS amount_e4, {gift} AS gift,
                      {invoice} AS invoice, {_kind_sql(chosen, fee_codes)} AS kind,
                      {credit} OR coalesce({amount} < 0, false) AS is_credit
               FROM raw"""


def _kind_sql(chosen: Mapping[str, str], fee_codes: Collection[str]) -> str:
    if not fee_codes:
        return "'goods'"
    product = f"upper(trim({quoted_name(chosen['product'])}::VARCHAR))"
    codes = ", ".join("'" + code.strip().upper().replace("'", "''") + "'" for code in fee_codes)
    return f"CASE WHEN {product} IN ({codes}) THEN 'fee' ELSE 'goods' END"


def _check(connection: duckdb.DuckDBPyConnection, chosen: Mapping[str, str], select: str) -> None:
    """Every row with a customer has a day of our time and an amount; the first that has not is named."""
    no_day = f"(day IS NULL OR day < DATE '{DAYS_FROM}' OR day >= DATE '{DAYS_UNTIL}')"
    bad_day, bad_amount = connection.execute(
        f"""SELECT count(*) FILTER ({no_day}), count(*) FILTER (amount_e4 IS NULL)
           FROM line WHERE customer IS NOT NULL"""
    ).fetchall()[0]
    if not bad_day and not bad_amount:
        return
    money = [chosen[name] for name in ("amount", "quantity", "price") if name in chosen]
    names = [chosen["date"]] if bad_day else money
    missing = no_day if bad_day else "amount_e4 IS NULL"
    cells = ", ".join(f"{quoted_name(name)}::VARCHAR AS cell{k}" for k, name in enumerate(names))
    connection.execute("SET preserve_insertion_order = true")
    ordered = select.replace("FROM raw", f", row_number() OVER () AS place, {cells} FROM raw")
    found = connection.execute(
        f"""SELECT place, {", ".join(f"cell{k}" for k in range(len(names)))} FROM ({ordered})
            WHERE {missing} AND customer IS NOT NULL ORDER BY place LIMIT 1"""
    ).fetchall()[0]
    told = ", ".join(
        f"{name} is {'empty' if value is None else repr(value)}"
        for name, value in zip(names, found[1:], strict=True)
    )
    what = ("day", "days") if bad_day else ("amount", "amounts")
    remedy = (
        f"A day lies between {DAYS_FROM} and {DAYS_UNTIL}"
        if bad_day
        else "An amount is a number of at most twelve digits before the decimals"
    )
    raise OrderFileError(
        f"{bad_day or bad_amount} {what[(bad_day or bad_amount) > 1]} cannot be read."
        f" The first is row {found[0]} (not counting the header): {told}."
        f" {remedy}; correct the row, or leave it out of the file."
    )


def plain_reading(reading: Reading) -> dict[str, Any]:
    """The reading for people and programs."""
    return {
        "file": reading.path, "columns": dict(reading.columns), "date_format": reading.date_format,
        "decimal": reading.decimal, "rows": reading.rows,
        "rows_without_customer": reading.rows_without_customer, "gifts": reading.gifts, "fee_lines": reading.fee_lines,
        "first_day": reading.first_day, "last_day": reading.last_day,
        "repeated_rows": reading.repeated_rows,
    }  # fmt: skip
