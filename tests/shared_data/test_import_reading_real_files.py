"""Are real and damaged office files read exactly, in every spelling of numbers, dates and rows?"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
import xlsxwriter
from tests.beside import SHARED, beside

from koers.core.errors import RuleError
from koers.core.imports.detection import decimal_mark
from koers.core.imports.fields import FieldType
from koers.core.tests.import_reading import rows_of, texts, values, written

MESSY = SHARED / "messy_csv"
HEADERS = ["Factuurnummer", "Factuurdatum", "Debiteurnummer", "Omschrijving", "Aantal", "Prijs", "Regelbedrag"]  # fmt: skip
TYPES = {
    "Factuurdatum": FieldType.DATE,
    "Debiteurnummer": FieldType.TEXT,
    "Regelbedrag": FieldType.AMOUNT,
}
TOTAL_E4 = 1_141_425_100


@pytest.fixture(autouse=True)
def _data() -> None:
    beside(MESSY.name)


def truth() -> list[list[str]]:
    with (MESSY / "dutch_derived" / "truth.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    return [
        [
            record["InvoiceNo"],
            record["InvoiceDate"][:10],
            record["CustomerID"],
            record["Description"],
            record["Quantity"],
            f"{Decimal(record['UnitPrice']):.2f}",
            f"{Decimal(record['UnitPrice']) * int(record['Quantity']):.2f}",
        ]
        for record in records
    ]


def spelled(
    *, date: str = "{y}-{m}-{d}", decimal: str = ".", thousands: str = ""
) -> list[list[str]]:
    rows = []
    for invoice, day, customer, text, quantity, price, amount in truth():
        y, m, d = day.split("-")
        numbers = [
            f"{Decimal(number):,.2f}".replace(",", "T")
            .replace(".", decimal)
            .replace("T", thousands)
            for number in (price, amount)
        ]
        rows.append([invoice, date.format(y=y, m=m, d=d), customer, text, quantity, *numbers])
    return rows


def text_of(
    rows: list[list[str]],
    delimiter: str = ",",
    line: str = "\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator=line, quoting=quoting)
    writer.writerows([HEADERS, *rows])
    return target.getvalue()


def dutch_cp1252(folder: Path) -> Path:
    rows = spelled(date="{d}-{m}-{y}", decimal=",", thousands=".")
    rows[0][3] = "Café crème"
    return written(folder, "a.csv", text_of(rows, ";", "\r\n"), "cp1252")


def utf_16(folder: Path) -> Path:
    return written(folder, "a.csv", text_of(spelled(decimal=","), "\t"), "utf-16")


def tab(folder: Path) -> Path:
    return written(folder, "a.tsv", text_of(spelled(date="{d}/{m}/{y}"), "\t"))


def space_thousands(folder: Path) -> Path:
    return written(folder, "a.csv", text_of(spelled(decimal=",", thousands="\u00a0"), ";"))


def american(folder: Path) -> Path:
    return written(folder, "a.csv", text_of(spelled(date="{m}/{d}/{y}", thousands=",")))


def quoted_decimals(folder: Path) -> Path:
    return written(folder, "a.csv", text_of(spelled(decimal=","), ",", "\n", csv.QUOTE_ALL))


def byte_order_mark(folder: Path) -> Path:
    return written(folder, "a.csv", text_of(spelled(), ";", "\r\n"), "utf-8-sig")


def preamble(folder: Path) -> Path:
    above = "Omzetoverzicht\n\nAfgedrukt op;31-12-2011\n"
    return written(folder, "a.csv", above + text_of(spelled(date="{d}.{m}.{y}", decimal=","), ";"))


def trailing_separators(folder: Path) -> Path:
    lines = text_of(spelled(), ";").splitlines()
    return written(folder, "a.csv", "\n".join([lines[0], *(f"{line};" for line in lines[1:])]))


def blank_lines(folder: Path) -> Path:
    lines = text_of(spelled(), ";").splitlines()
    return written(folder, "a.csv", "\n\n".join(lines) + "\n;;;;;;\n")


def gz(folder: Path) -> Path:
    return written(folder, "a.csv.gz", gzip.compress(text_of(spelled()).encode()))


def zipped(folder: Path) -> Path:
    return packed(folder, "omzet.csv", text_of(spelled(decimal=","), ";").encode())


def packed(folder: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return folder / "a.zip"


def workbook(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Omzet")
        sheet.write_row(0, 0, HEADERS)
        for place, row in enumerate(spelled(), start=1):
            sheet.write_row(place, 0, row[:4])
            sheet.write_row(place, 4, [float(number) for number in row[4:]])
    return path


def zipped_workbook(folder: Path) -> Path:
    return packed(folder, "Omzet.XLSX", workbook(folder).read_bytes())


def record_text(row: list[str]) -> str:
    pairs = dict(zip(HEADERS[:4], row[:4], strict=True))
    numbers = "".join(
        f', "{name}": {number}' for name, number in zip(HEADERS[4:], row[4:], strict=True)
    )
    return json.dumps(pairs)[:-1] + numbers + "}"


def json_file(folder: Path) -> Path:
    return written(folder, "a.json", "[" + ",\n".join(map(record_text, spelled())) + "]")


def json_lines(folder: Path) -> Path:
    return written(folder, "a.ndjson", "\n".join(map(record_text, spelled())))


def zipped_json(folder: Path) -> Path:
    return packed(folder, "a.json", json_file(folder).read_bytes())


VARIANTS = (dutch_cp1252, utf_16, tab, space_thousands, american, quoted_decimals, byte_order_mark,
            preamble, trailing_separators, blank_lines, gz, zipped, workbook, zipped_workbook,
            json_file, json_lines, zipped_json)  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_every_spelling_of_the_same_lines_gives_the_same_values(
    variant: Callable[[Path], Path], tmp_path: Path
) -> None:
    found, reading = values(variant(tmp_path), TYPES)
    assert reading.rows == 3_000
    assert reading.ragged == 0
    assert reading.problems == []
    assert len(set(found["Debiteurnummer"])) == 63
    assert sum(found["Regelbedrag"]) == TOTAL_E4
    assert [day.isoformat() for day in found["Factuurdatum"]] == [row[1] for row in truth()]


@pytest.mark.parametrize(
    "name", ["01_utf8bom_puntkomma_dmj.csv", "06_komma_gequote_decimale_komma.csv"]
)
def test_dutch_invoice_lines_add_up_to_the_cent(name: str) -> None:
    found, reading = values(MESSY / "dutch_derived" / name, TYPES)
    assert reading.rows == 3_000
    assert len(set(found["Debiteurnummer"])) == 63
    assert sum(found["Regelbedrag"]) == TOTAL_E4
    assert [day.isoformat() for day in found["Factuurdatum"]] == [row[1] for row in truth()]


def test_the_decimal_mark_is_the_one_the_whole_column_proves() -> None:
    expected = json.loads((MESSY / "dutch_verbatim" / "expected.json").read_text("utf-8"))
    cases = expected["decimal_detection"]
    assert [decimal_mark(cells) for cells, _mark in cases] == [mark for _cells, mark in cases]
    assert len(cases) == 5


def test_dutch_prices_and_totals_read_as_written() -> None:
    folder = MESSY / "dutch_verbatim"
    prices, _ = values(folder / "producten_euro.csv", {"Prijs excl. btw": FieldType.AMOUNT})
    assert prices["Prijs excl. btw"] == [1_250_000, 25_000]
    totals, _ = values(
        folder / "facturen_duizendtal.csv",
        {"Totaal incl. btw": FieldType.AMOUNT, "Factuurdatum": FieldType.DATE},
    )
    assert totals["Totaal incl. btw"] == [12_100_000, 6_050_000]
    assert [day.isoformat() for day in totals["Factuurdatum"]] == ["2026-07-01", "2026-08-10"]


def test_seventeen_of_twenty_one_polluted_files_equal_their_clean_twin_and_the_rest_are_reported() -> None:  # fmt: skip
    unequal = {}
    for path in sorted((MESSY / "pollock" / "csv").iterdir()):
        with (MESSY / "pollock" / "clean" / path.name).open(encoding="utf-8", newline="") as file:
            clean = list(csv.reader(file))
        try:
            found = rows_of(path)
        except RuleError:
            found = []
        if found != clean:
            reading = texts(path)[1]
            codes = {evidence.code for evidence in reading.evidence}
            unequal[path.stem] = sorted(codes & {"header_again", "loose_quotes", "second_table"})
    assert unequal == {
        "file_field_delimiter_0x20": ["second_table"],
        "file_multitable_more": ["header_again"],
        "file_multitable_same": ["header_again"],
        "file_quotation_char_0x27": ["loose_quotes"],
    }
    assert len(list((MESSY / "pollock" / "csv").iterdir())) - len(unequal) == 17
