"""A file of orders is read by itself or refused with the row that is wrong."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from koers_analytics.order_cells import OrderFileError
from koers_analytics.order_file import open_order_file

DUTCH = "Klantnummer;Factuurdatum;Bedrag\nA;01-02-2024;1.234,50\nB;13-02-2024;12,00\nA;20-02-2024;(4,25)\n"
EXPECTED = [
    ("A", date(2024, 2, 1), 12_345_000),
    ("A", date(2024, 2, 20), -42_500),
    ("B", date(2024, 2, 13), 120_000),
]


def lines(path, mapping=None):
    with open_order_file(path, mapping) as file:
        found = file.connection.execute(
            "SELECT customer, day, amount_e4 FROM line ORDER BY ALL"
        ).fetchall()
        return found, file.reading


def write(tmp_path, text, name="orders.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        DUTCH,
        "order_id,customer_id,order_date,amount\n1,A,2024-02-01,1234.50\n2,B,2024-02-13,12\n3,A,2024-02-20,-4.25\n",
        "CustomerID\tDate\tQuantity\tUnitPrice\nA\t02/01/2024\t2\t617.25\nB\t02/13/2024\t1\t12.00\nA\t02/20/2024\t-1\t4.25\n",
        " A 20240201 1 1234.50\n B  20240213 1 12.00\n A  20240220 1 -4.25\n",
    ],
)
def test_separators_decimals_and_days_are_recognised(tmp_path, text):
    assert lines(write(tmp_path, text))[0] == EXPECTED


def test_a_file_of_an_older_windows_is_read(tmp_path):
    path = write(tmp_path, DUTCH.replace("B;", "Café;"), encoding="cp1252")
    assert [row[0] for row in lines(path)[0]] == ["A", "A", "Café"]


def test_parquet_is_read_with_its_own_types(tmp_path):
    path = tmp_path / "orders.parquet"
    pq.write_table(
        pa.table({"customer": [1, 2], "day": [date(2024, 1, 1), date(2024, 1, 2)], "spend": [2.5, 3.0]}), path
    )  # fmt: skip
    assert lines(path)[0] == [("1", date(2024, 1, 1), 25_000), ("2", date(2024, 1, 2), 30_000)]


def test_a_mapping_overrules_the_guess(tmp_path):
    path = write(tmp_path, "a,b,amount,gross\nx,2024-01-01,5.00,6.00\nx,2024-01-02,5.00,7.00\n")
    found, reading = lines(path, {"a": "customer", "b": "date", "gross": "amount"})
    assert [row[2] for row in found] == [60_000, 70_000]
    assert reading.columns == {"customer": "a", "date": "b", "amount": "gross"}


def test_rows_without_a_customer_and_gifts_are_counted(tmp_path):
    path = write(
        tmp_path,
        "InvoiceNo,InvoiceDate,Quantity,UnitPrice,CustomerID\n1,2024-01-01,1,2.00,17850.0\n2,2024-01-02,1,2.00,\n"
        "3,2024-01-03,1,0.00,17851.0\n",
    )
    found, reading = lines(path)
    assert [row[0] for row in found] == ["17850", "17851"]
    assert (reading.rows, reading.rows_without_customer, reading.gifts) == (3, 1, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("customer,date,amount\n", "has no rows"),
        ("x,y\n1,2\n", "No column for customer, date, amount"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-13-01,6\nB,2024-01-01,7\n", "row 2 .*2024-13-01"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-01-01,6\nB,2024-01-01,six\n", "row 3 .*six"),
        ("customer,date,amount\n,2024-01-01,5\n,2024-01-02,5\n", "No row of .* has a customer"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-01-01,1e30\n", "row 2 .*1e30.*twelve digits"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-01-01,12abc3\n", "row 2 .*12abc3"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-01-01,NaN\n", "row 2 .*NaN"),
        ("customer,date,amount\nA,2024-01-01,5\nB,2024-01-01,\n", "row 2 .*amount is empty"),
        ("customer,date,amount\nA,2024-01-01,5\nB,9999-12-31,5\n", "row 2 .*9999-12-31.*between 1950"),
        ("customer,date,amount\nA,2024-01-01,5\nB,1900-01-01,5\n", "row 2 .*1900-01-01"),
        ("customer,date,amount\nA,20-03-24,5\n", "20-03-24.*Write them as 2024-12-31"),
        ("customer,date,amount\nA,2024-01-01,5\nA,2024-01-01\nB,2024-01-02,5,6\n", "Row 2 .* has 2 cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path, text, why):
    with pytest.raises(OrderFileError, match=why), open_order_file(write(tmp_path, text)):
        pass


def test_a_missing_file_and_a_wrong_mapping_are_refused(tmp_path):
    with pytest.raises(OrderFileError, match="no file"), open_order_file(tmp_path / "none.csv"):
        pass
    path = write(tmp_path, DUTCH)
    with (
        pytest.raises(OrderFileError, match="no column Klant;"),
        open_order_file(path, {"Klant": "customer"}),
    ):
        pass
    with (
        pytest.raises(OrderFileError, match="no field"),
        open_order_file(path, {"Bedrag": "money"}),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "amount_e4"),
    [("EUR 1,234.50", 12_345_000), ("-€5.00", -50_000), ("€ -5.00", -50_000), ("5.00 euro", 50_000),
     ("5.00-", -50_000), ("1 234.50", 12_345_000), ("(5.00)", -50_000), ("1e2", 1_000_000)],
)  # fmt: skip
def test_amounts_are_read_with_their_currency_and_sign(tmp_path, text, amount_e4):
    path = write(tmp_path, f'customer,date,amount\nA,2024-01-01,1.00\nB,2024-01-02,"{text}"\n')
    assert lines(path)[0][1] == ("B", date(2024, 1, 2), amount_e4)


def test_nobody_is_no_customer_however_a_program_writes_it(tmp_path):
    rows = "".join(
        f"{name},2024-01-0{k},5\n"
        for k, name in enumerate(("1.0", "NaN", "null", "<NA>", "2.0"), start=1)
    )
    found, reading = lines(write(tmp_path, "customer,date,amount\n" + rows))
    assert [row[0] for row in found] == ["1", "2"]
    assert reading.rows_without_customer == 3


def test_the_days_of_a_file_are_those_of_rows_with_a_customer(tmp_path):
    path = write(tmp_path, "customer,date,amount\nA,2024-01-05,5\nB,2024-01-06,5\n,9999-12-31,5\n")
    reading = lines(path)[1]
    assert (reading.first_day, reading.last_day) == (date(2024, 1, 5), date(2024, 1, 6))


def test_rows_that_repeat_an_earlier_one_are_counted_and_kept(tmp_path):
    path = write(tmp_path, "customer,date,amount\n" + 2 * "A,2024-01-05,5\n" + "A,2024-01-05,6\n")
    found, reading = lines(path)
    assert (len(found), reading.repeated_rows) == (3, 1)


def test_a_file_in_utf_16_is_read(tmp_path):
    assert lines(write(tmp_path, DUTCH, encoding="utf-16"))[0] == EXPECTED


@pytest.mark.parametrize("kind", [pa.decimal128(38, 10), pa.float32(), pa.int64(), pa.string()])
def test_parquet_amounts_of_any_type_are_read(tmp_path, kind):
    path = tmp_path / "orders.parquet"
    amounts = pa.array(["2", "3"]).cast(pa.int64()).cast(kind)
    days = pa.array([datetime(2024, 1, 1, 23, 30, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)])
    pq.write_table(
        pa.table(
            {"customer": pa.array(["A", "B"]).dictionary_encode(), "day": days, "amount": amounts}
        ),
        path,
    )
    assert lines(path)[0] == [("A", date(2024, 1, 1), 20_000), ("B", date(2024, 1, 2), 30_000)]


def test_what_is_no_file_of_orders_is_told_in_words(tmp_path):
    def refused(path, why):
        with pytest.raises(OrderFileError, match=why), open_order_file(path):
            pass

    refused(tmp_path, "is a folder")
    for name, content, why in (
        ("x.parquet", b"hello", "no Parquet file"), ("x.xlsx", b"PK\x03\x04rest", "workbook"),
        ("x.csv", bytes(range(128, 160)) * 40, "no text|does not hold|No column"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name, why)


def test_a_mapping_gives_a_field_one_column(tmp_path):
    path = write(tmp_path, "a,b,date,amount\nx,y,2024-01-01,5.00\n")
    with (
        pytest.raises(OrderFileError, match="two columns for customer: a and b"),
        open_order_file(path, {"a": "customer", "b": "customer"}),
    ):
        pass
