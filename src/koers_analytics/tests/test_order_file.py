"""A file of orders is read by itself or refused with the row that is wrong."""

from datetime import date

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
