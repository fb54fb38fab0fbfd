"""Row 8: does a file made to do harm end the server, hang it, or come in by half?

Each file is offered to the import in a process of its own, as a stranger's upload would be. It may
be refused with words, or come in with every row counted; nothing else.
"""

import json
import os
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.errors import RuleError
from koers.core.models import ImportRun
from koers.customers.models import Company
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.organisation.tests.factories import OrganisationFactory
from trust.row import Finding, Row

LONGEST = 30.0
Read = Callable[[Path], None]


def make_files(folder: Path) -> list[Path]:
    """Files that have ended or confused programs before."""
    texts: dict[str, bytes] = {
        "empty.csv": b"",
        "only-header.csv": b"name;city\n",
        "nul.csv": b"name;city\nAc\x00me;Ede\n",
        "not-text.csv": bytes(range(256)) * 40,
        "open-quote.csv": b'name;city\n"Acme;Ede\nBeta;Goes\n',
        "ragged.csv": b"name;city\nAcme\nBeta;Goes;x;y\nGamma;Breda\n",
        "wide.csv": b";".join(b"c%d" % n for n in range(20_000)) + b"\n" + b";" * 19_999 + b"\n",
        "long-cell.csv": b"name;city\n" + b"a" * 5_000_000 + b";Ede\n",
        "utf16.csv": "name;city\nZoë;Ede\n".encode("utf-16"),
        "half-utf8.csv": b"name;city\nZo\xc3;Ede\n",
        "formula.csv": b"name;city\n=cmd|' /C calc'!A0;Ede\n",
        "right-to-left.csv": "name;city\n\u202eemcA;Ede\n".encode(),
        "same-heads.csv": b"name;name\nAcme;Beta\n",
        "carriage-returns.csv": b"name;city\rAcme;Ede\rBeta;Goes\r",
        "deep.json": b"[" * 100_000,
        "odd.json": b'[{"name": {"a": [1]}}, {"name": NaN}]',
        "not-a-book.xlsx": b"PK\x03\x04 nothing",
        "cut.xlsx": b"",
        "not-a-zip.zip": b"PK\x05\x06",
    }
    for name, content in texts.items():
        (folder / name).write_bytes(content)
    _books(folder)
    return sorted(folder.iterdir())


def _books(folder: Path) -> None:
    import xlsxwriter

    far = folder / "far-cell.xlsx"
    with xlsxwriter.Workbook(str(far)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "name")
        sheet.write(1_048_575, 16_383, "x")
    (folder / "cut.xlsx").write_bytes(far.read_bytes()[:-200])
    for name, sheet_xml in {
        "laughs.xlsx": '<!DOCTYPE x [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>",
        "outside.xlsx": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        "<worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>",
        "bomb.xlsx": "<worksheet><sheetData>" + " " * 300_000_000 + "</sheetData></worksheet>",
    }.items():
        with (
            zipfile.ZipFile(far) as source,
            zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for part in source.namelist():
                is_sheet = part.endswith("sheet1.xml")
                target.writestr(part, sheet_xml if is_sheet else source.read(part))


def by_import(path: Path) -> None:
    """As the product takes a file."""
    run_import(
        actor=system_actor(Channel.COMMAND), at=timezone.now(), kind="companies", files=[path], choices=Choices()
    )  # fmt: skip


def in_this_process(path: Path) -> None:
    """Broken: the workbook is opened in the process that serves everybody."""
    from python_calamine import CalamineWorkbook

    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def offered(path: Path, read: Read, answer: Path) -> tuple[str, float]:
    """What became of the file: ``in``, ``refused``, or what went wrong; and how long it took."""
    connection.close()
    started, child = time.monotonic(), os.fork()
    if child == 0:
        code = 1
        try:
            words = _outcome(path, read)
            answer.write_text(json.dumps(words), encoding="utf-8")
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    seconds = time.monotonic() - started
    if status:
        return f"process ended with {os.waitstatus_to_exitcode(status)}", seconds
    return str(json.loads(answer.read_text(encoding="utf-8"))), seconds


def _outcome(path: Path, read: Read) -> str:
    try:
        read(path)
    except RuleError as refusal:
        return "refused" if str(refusal) else "refused without a word"
    except Exception as error:  # noqa: BLE001 -- any other end is what this row looks for
        return f"{type(error).__name__}: {error}"[:120]
    return "in"


def _check(short: bool, read: Read, names: tuple[str, ...] = ()) -> Finding:
    del short
    OrganisationFactory()
    folder = Path(settings.DATA_DIR) / "bad"
    folder.mkdir()
    files = [path for path in make_files(folder) if not names or path.name in names]
    wrong, longest, count = [], 0.0, {"in": 0, "refused": 0}
    for path in files:
        before = Company.objects.count()
        words, seconds = offered(path, read, Path(settings.DATA_DIR) / "answer.json")
        longest = max(longest, seconds)
        if words not in count:
            wrong.append(f"{path.name}: {words}")
            continue
        count[words] += 1
        created = sum(_created(path))
        if Company.objects.count() - before != created or seconds > LONGEST:
            wrong.append(f"{path.name}: {Company.objects.count() - before} rows, {created} counted")
    value = (
        f"{len(files)} files: {count['refused']} refused, {count['in']} in with every row counted, "
        f"{len(wrong)} wrong{' (' + '; '.join(wrong[:3]) + ')' if wrong else ''}, longest {longest:.1f} s"
    )
    return Finding(held=not wrong, value=value)


def _created(path: Path) -> Any:
    return ImportRun.objects.filter(file_name=path.name).values_list("created", flat=True)


def measure(short: bool) -> Finding:
    """Every file through the import."""
    return _check(short, by_import)


def opened_here(short: bool) -> Finding:
    """A workbook whose only cell stands in the farthest corner, opened without a process apart."""
    return _check(short, in_this_process, ("far-cell.xlsx",))


ROW = Row(
    number=8,
    name="Bad files",
    goal=f"0 processes ended, 0 over {LONGEST:.0f} s, 0 half imports: refused with words or every row counted",
    measure=measure,
    controls={"workbook opened in the serving process": opened_here},
)
