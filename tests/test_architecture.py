"""Does the house stand as it was drawn? Light web process, short files, honest map."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from koers.core.privacy.registry import complaints

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
BESIDE = [path for name in ("tests", "trust", "benchmarks") for path in (ROOT / name).rglob("*.py")]
LONGEST_FILE = 400
HEAVY = ("duckdb", "numpy", "scipy", "pandas", "pyarrow", "xlsxwriter", "python_calamine")
INLINE = re.compile(r"#\s*noqa:\s*PLC0415(?P<reason>.*)")


def test_the_web_process_loads_no_number_crunchers():
    code = (
        "import os, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'koers.config.settings');"
        "import django; django.setup(); import koers.config.urls;"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_no_source_file_is_too_long_to_read():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (*SOURCES, *BESIDE)
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_every_module_says_first_which_question_it_answers():
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name != "__init__.py"
        and "migrations" not in path.parts
        and not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_every_inline_import_gives_its_reason():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := INLINE.search(text)) and len(found["reason"].strip(" -")) < 5
    ]
    assert bare == []


def test_every_path_on_the_map_exists():
    guide = ROOT / "docs" / "WHERE_IS.md"
    text = guide.read_text(encoding="utf-8")
    named = set(
        re.findall(r"(?:^|[\s|`(])((?:src|docs|tests|scripts|benchmarks|trust)/[\w./-]+)", text)
    )
    missing = {name for name in named if not (ROOT / name).exists()}
    assert len(named) > 10
    assert missing == set()


@pytest.mark.parametrize("stage", ["organisation", "customers", "catalogue", "sell", "serve", "analyse", "plan", "develop", "control", "home"])  # fmt: skip
def test_every_stage_explains_itself(stage):
    text = (ROOT / "src" / "koers" / stage / "README.md").read_text(encoding="utf-8")
    assert [head for head in ("Question", "Nouns", "Screens", "Rules") if f"**{head}**" not in text] == []  # fmt: skip


def test_every_field_says_whether_it_holds_something_of_a_person():
    assert "\n".join(complaints()) == ""
