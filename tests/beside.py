"""Where do the data lie that stand beside the project? A test without its data is skipped, and fails where CI=true."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("KOERS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")  # fmt: skip


def beside(name: str | Path) -> Path:
    """The file or folder of that name below the shared data."""
    path = SHARED / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is missing")
    return path
