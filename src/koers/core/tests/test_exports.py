"""Does a file that leaves hold no formula, and the values as they are?"""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from koers.core.exports import csv_bytes, csv_response, guarded, xlsx_bytes

RISKY = ["=1+1", "+31 6 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("value", RISKY)
def test_a_text_a_spreadsheet_would_compute_gets_an_apostrophe_in_csv(value):
    assert read_csv(csv_bytes(["Name"], [[value]])) == [["Name"], [f"'{value}"]]


@pytest.mark.parametrize("value", ["=1+1", "+31 6 1", "-2+3", "@SUM(A1)"])
def test_a_text_a_spreadsheet_would_compute_stays_a_text_in_a_workbook(value):
    content = xlsx_bytes(["Name"], [[value]])
    assert read_xlsx(content) == [["Name"], [value]]
    assert b"<f>" not in unpacked(content)


def unpacked(content):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist())


def test_a_negative_number_is_a_number_and_no_formula():
    assert read_csv(csv_bytes(["Net"], [[Decimal("-12.5000")]])) == [["Net"], ["-12.5"]]
    assert read_xlsx(xlsx_bytes(["Net"], [[Decimal("-12.5000")]])) == [["Net"], [-12.5]]


def test_a_text_too_long_for_a_cell_says_that_it_is_cut_and_stays_whole_in_csv():
    longest, longer = "a" * 32_767, "b" * 40_000
    (_head, (kept, cut)) = read_xlsx(xlsx_bytes(["Kept", "Cut"], [[longest, longer]]))
    assert (kept, len(cut), cut[:3]) == (longest, 32_767, "bbb")
    assert cut.endswith(" … (cut: 40000 characters in all, whole in the CSV file)")
    assert read_csv(csv_bytes(["Cut"], [[longer]])) == [["Cut"], [longer]]


def test_csv_opens_in_dutch_and_english_excel():
    content = csv_bytes(["Café", "Day"], [["Łódź; centre", date(2026, 1, 2)], [None, None]])
    assert content == '\ufeffCafé;Day\r\n"Łódź; centre";2026-01-02\r\n;\r\n'.encode()


def test_a_large_exact_amount_is_written_in_full_in_csv():
    assert read_csv(csv_bytes(["Net"], [[Decimal("123456789012345.6789")]]))[1] == ["123456789012345.6789"]  # fmt: skip


def test_plain_text_is_left_alone():
    assert [guarded(value) for value in ("Acme", "a=b", 5, None)] == ["Acme", "a=b", 5, None]


def test_a_download_is_never_shown_as_a_page():
    answer = csv_response("companies", ["Name"], [])
    assert (answer["Content-Disposition"], answer["X-Content-Type-Options"]) == (
        'attachment; filename="companies.csv"',
        "nosniff",
    )
