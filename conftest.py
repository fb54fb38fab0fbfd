"""Under which settings do the tests run? As in production, but static files need no collecting."""

from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.fixtures import SettingsWrapper

pytest_plugins = ["koers.organisation.tests.cast"]


def pytest_configure(config: pytest.Config) -> None:
    """Pages under test link static files by their plain names."""
    del config
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


@pytest.fixture(autouse=True)
def _own_folders(settings: SettingsWrapper, tmp_path: Path) -> None:
    """Every test has facts and uploads of its own; nothing is shared between workers."""
    settings.KOERS_FACTS_DIR = tmp_path / "facts"
    settings.MEDIA_ROOT = tmp_path / "files"
