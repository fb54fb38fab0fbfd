"""Are hostile, damaged and odd files read for what they are, or refused with a remedy?"""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from koers.core.imports.archive import FileRefusedError, content_of
from koers.core.imports.detection import detect
from koers.core.imports.fields import CellError, FieldType
from koers.core.imports.reading import Dialect, as_text_file, header_of, read_chunks, sheet_names
from koers.core.tests.import_reading import rows_of, texts, values, written

SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def refusal(path: Path) -> str:
    with pytest.raises(FileRefusedError) as caught:
        rows_of(path)
    return str(caught.value)


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(place, column, cell)
                    else:
                        sheet.write(place, column, cell)
    return path


def altered(folder: Path, source: Path, member: str, content: bytes) -> Path:
    path = folder / "altered.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == member else old.read(entry))
    return path


def test_a_zip_is_of_the_kind_of_its_only_data_file(tmp_path: Path) -> None:
    for name, kind in (("a.csv", "text"), ("A.XLSX", "sheet"), ("a.json", "json")):
        path = tmp_path / "upload.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "x")
            archive.writestr("readme.md", "x")
        assert content_of(path) == (kind, "zip", name)


def test_a_zip_of_two_data_files_is_refused_unless_one_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "n;v\na;1\n")
        archive.writestr("b.csv", "n;v\nb;2\n")
    assert refusal(path) == "The zip file must hold one data file; it holds 2."
    with as_text_file(path, member="b.csv") as text:
        assert text.read_text("utf-8") == "n;v\nb;2\n"


def test_header_and_rows_agree_when_the_first_row_is_blank(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", ";;;\na;b;c;d\n1;2;3;4\n")
    dialect = Dialect(delimiter=";")
    assert header_of(path, dialect) == ["a", "b", "c", "d"]
    assert [c.columns for c in read_chunks(path, dialect, 4)] == [[["1"], ["2"], ["3"], ["4"]]]


def test_row_numbers_count_filled_rows_below_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Title\n\na;b\n\n1;2\n;\n3;4;5\n\n6;7\n")
    (chunk,) = read_chunks(path, detect(path).dialect, 2)
    assert chunk.numbers == [1, 3]
    assert [(row.index, row.found) for row in chunk.ragged] == [(2, 3)]
    (rest,) = read_chunks(path, detect(path).dialect, 2, skip_rows=2)
    assert (rest.first_row, rest.numbers) == (3, [3])


def test_row_numbers_hold_across_blocks_and_chunks(tmp_path: Path) -> None:
    lines = [f"{n};x" if n % 700 else f"{n};x;y" for n in range(1, 2_101)]
    path = written(tmp_path, "a.csv", "\n".join(["n;t", *lines]))
    chunks = list(read_chunks(path, Dialect(delimiter=";"), 2, size=900))
    assert [(chunk.first_row, chunk.rows) for chunk in chunks] == [
        (1, 900),
        (901, 900),
        (1801, 300),
    ]
    assert [number for chunk in chunks for number in chunk.numbers] == [
        int(text) for chunk in chunks for text in chunk.columns[0]
    ]
    assert [row.index for chunk in chunks for row in chunk.ragged] == [700, 1400, 2100]


def test_json_numbers_keep_every_digit(tmp_path: Path) -> None:
    text = '[{"a": 0.1, "b": 1234567890123.4567, "c": 1.125, "d": 12345678901234567890, "e": 1.5e3, "f": NaN}]'
    path = written(tmp_path, "a.json", text)
    assert rows_of(path)[1] == ["0.1", "1234567890123.4567", "1.1250", "12345678901234567890", "1500", ""]  # fmt: skip


def test_numbers_of_a_workbook_lose_their_binary_dust(tmp_path: Path) -> None:
    numbers: list[object] = [0.30000000000000004, 1234567.891, 1e-7, 98765432109.87, -2.0]
    path = workbook(tmp_path, Blad=[["a", "b", "c", "d", "e"], numbers])
    assert rows_of(path)[1] == ["0.3", "1234567.8910", "0.0000001", "98765432109.87", "-2"]


def test_a_number_of_three_decimals_is_never_thousands(tmp_path: Path) -> None:
    path = workbook(tmp_path, Blad=[["Prijs"], [1.125], [2.5]])
    assert values(path, {"Prijs": FieldType.AMOUNT})[0] == {"Prijs": [11_250, 25_000]}


def test_a_sheet_is_chosen_by_name_or_place(tmp_path: Path) -> None:
    path = workbook(tmp_path, Een=[["a"], ["1"]], Twee=[["b"], ["2"]])
    assert sheet_names(path) == ["Een", "Twee"]
    for sheet, expected in (("Een", "a\r\n1\r\n"), ("Twee", "b\r\n2\r\n"), (1, "b\r\n2\r\n")):
        with as_text_file(path, sheet=sheet) as text:
            assert text.read_bytes().decode() == expected
    with pytest.raises(FileRefusedError, match="no such sheet"), as_text_file(path, sheet="Drie"):
        pass


def test_formula_looking_texts_of_a_workbook_stay_text(tmp_path: Path) -> None:
    cells: list[list[object]] = [["a"], ["=1+1"], ["@SUM(A1)"], ["+31"], ["-x"]]
    assert rows_of(workbook(tmp_path, Blad=cells)) == cells


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "The file is empty."),
        (b"<html><table><tr><td>1</td></tr></table></html>", "This file is a web page"),
        (b"a;b\n1;2\n", "This file is plain text"),
        (b"\x00\x01\x02garbage", "This file is no workbook."),
        (b"PK\x03\x04 cut off", "This zip file is damaged."),
    ],
)
def test_what_is_only_called_a_workbook_is_refused_by_its_content(
    content: bytes, expected: str, tmp_path: Path
) -> None:
    assert refusal(written(tmp_path, "a.xlsx", content)).startswith(expected)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", bytes(range(1, 32)) * 20, "This file holds no text."),
        ("a.csv", b"PK\x03\x04" + b"x" * 50, "This file is a workbook"),
        ("a.csv.gz", gzip.compress(b"a;b\n" * 9_000, mtime=0)[:-20], "The packed file is damaged"),
        ("a.json", b"{nonsense", "The file cannot be read."),
        ("a.pdf", b"x", "“a.pdf” is not a file Koers reads."),
    ],
)
def test_empty_garbage_and_foreign_files_are_refused(
    name: str, content: bytes, expected: str, tmp_path: Path
) -> None:
    assert refusal(written(tmp_path, name, content)).startswith(expected)


@pytest.mark.parametrize("prologue", [BOMB, EXTERNAL], ids=["entity bomb", "external entity"])
def test_a_workbook_with_a_document_type_is_refused(prologue: str, tmp_path: Path) -> None:
    source = workbook(tmp_path, Blad=[["a"], ["b"]])
    with zipfile.ZipFile(source) as archive:
        body = archive.read(SHEET).split(b"?>", 1)[1]
    path = altered(tmp_path, source, SHEET, prologue.encode() + body)
    assert refusal(path).startswith("This workbook holds a document type")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 40_000_000)
    assert refusal(path).startswith("This zip file unpacks to more than is allowed.")


def test_a_workbook_that_unpacks_too_far_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    source = workbook(tmp_path, Blad=[["a"], ["b"]])
    path = altered(tmp_path, source, SHEET, b" " * 40_000_000)
    assert refusal(path).startswith("This zip file unpacks to more than is allowed.")


def test_a_cell_in_the_last_corner_of_a_sheet_does_not_take_the_memory(tmp_path: Path) -> None:
    source = workbook(tmp_path, Blad=[["a"], ["b"]])
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = altered(tmp_path, source, SHEET, sheet)
    assert "impossible size" in refusal(path)


def test_a_header_without_rows_is_a_table_of_no_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Naam;Plaats\n")
    assert rows_of(path) == [["Naam", "Plaats"]]
    assert detect(path).rows == 0


def test_an_overlong_cell_is_reported_for_its_row_only(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", f"Naam;Bedrag\nA;1,5\n{'x' * 10_000_000};2,5\nC;3,5\n")
    found, reading = values(path, {"Naam": FieldType.TEXT, "Bedrag": FieldType.AMOUNT})
    too_long = CellError("cell_too_long", "x" * 60, (("length", 10_000_000), ("most", 1_000_000)))
    assert found == {"Naam": ["A", too_long, "C"], "Bedrag": [15_000, 25_000, 35_000]}
    assert reading.rows == 3


def test_an_open_quote_over_the_rest_of_a_large_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'a;b\n1;"' + "x;y\n" * 4_100_000)
    assert "A quote may be left open." in refusal(path)


def test_bytes_that_do_not_decode_are_reported_and_refused_per_cell(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.csv", "Naam;Plaats\nCafé;Ede\n".encode() * 20_000 + b"Caf\xe9;Ede\n"
    )
    found, reading = values(path, {"Naam": FieldType.TEXT})
    assert reading.dialect.encoding == "utf-8"
    assert ("undecodable", 1, "Caf\ufffd") in [(e.code, e.count, e.example) for e in reading.evidence]  # fmt: skip
    assert found["Naam"][-1] == CellError("undecodable", "Caf\ufffd")


def test_accents_that_first_come_late_still_decide_the_character_set(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", b"Naam;Plaats\n" + b"Cafe;Ede\n" * 60_000 + b"Caf\xe9;Ede\n")
    columns, reading = texts(path)
    assert reading.dialect.encoding == "cp1252"
    assert columns["Naam"][-1] == "Café"


def test_lone_surrogates_in_json_become_a_named_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", json.dumps([{"naam": "a\ud800b"}, {"naam": "ok"}]))
    assert values(path, {"naam": FieldType.TEXT})[0]["naam"] == [CellError("undecodable", "a\ufffdb"), "ok"]  # fmt: skip


def test_nul_in_a_cell_is_a_named_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", b"naam;plaats\na\x00b;Ede\nc;Ede\n")
    assert values(path, {"naam": FieldType.TEXT})[0]["naam"] == [CellError("unprintable", "a␀b"), "c"]  # fmt: skip


def test_a_second_header_row_is_joined_to_the_first(tmp_path: Path) -> None:
    rows = "".join(f"Klant {n};{n},50;{n + 1},25\n" for n in range(1, 9))
    path = written(tmp_path, "a.csv", "Klant;Omzet;Omzet\n;vorig jaar;dit jaar\n" + rows)
    found = detect(path)
    assert found.headers == ["Klant", "Omzet vorig jaar", "Omzet dit jaar"]
    assert found.rows == 8
    assert "header_rows" in {evidence.code for evidence in found.evidence}


def test_a_second_table_of_another_width_is_reported(tmp_path: Path) -> None:
    first = "Klant;Omzet;Kosten\n" + "A;1,50;1,10\n" * 9
    path = written(tmp_path, "a.csv", first + "Product;Prijs\n" + "P;2,50\n" * 4)
    found = detect(path)
    evidence = {item.code: (item.count, item.example) for item in found.evidence}
    assert evidence["second_table"] == (5, "10")
    assert (found.rows, found.ragged) == (14, 5)


def test_an_assumed_convention_is_that_of_the_file_and_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Datum;Aantal\n01-02-2025;1.250\n03-04-2025;2.500\n")
    day, number = detect(path).columns
    assert (day.status, day.order, day.evidence[-1].code) == ("ambiguous", "dmy", "order_assumed")
    assert (number.status, number.decimal) == ("ambiguous", ",")
    assert number.evidence[-1].code == "decimal_assumed"
