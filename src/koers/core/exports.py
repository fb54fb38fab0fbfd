"""How do rows leave as a file without a cell ever being taken for a formula?"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils.translation import gettext as _

RISKY = ("=", "+", "-", "@", "\t", "\r", "\0")
LONGEST_CELL = 32_767
Cell = str | int | float | Decimal | date | datetime | None


def guarded(value: object) -> object:
    """Put an apostrophe before a text a spreadsheet would compute; the import takes it off again."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def fitted(text: str) -> str:
    """A text as long as a cell of a workbook may be; what is left out is told at its end."""
    if len(text) <= LONGEST_CELL:
        return text
    told = _(" … (cut: %(count)s characters in all, whole in the CSV file)") % {"count": len(text)}
    return text[: LONGEST_CELL - len(told)] + told


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark and semicolons, so that Dutch and English Excel open it rightly."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(header) for header in headers])
    for row in rows:
        writer.writerow([_text(guarded(cell)) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook whose texts are texts and whose numbers are numbers."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold, dates = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, bool) or cell is None or isinstance(cell, str):
                    sheet.write_string(number, place, "" if cell is None else fitted(str(cell)))
                elif isinstance(cell, (int, float, Decimal)):
                    sheet.write_number(number, place, float(cell))
                elif isinstance(cell, (date, datetime)):
                    sheet.write_datetime(number, place, cell, dates)
                else:
                    sheet.write_string(number, place, fitted(str(cell)))
    return buffer.getvalue()


def csv_response(
    name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A CSV file to download."""
    return _download(csv_bytes(headers, rows), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_response(
    name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A workbook to download."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(xlsx_bytes(headers, rows), kind, f"{name}.xlsx")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _text(cell: object) -> object:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return "" if cell is None else cell
