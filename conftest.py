"""Under which settings do the tests run? As in production, but static files need no collecting."""

import pytest
from django.conf import settings

pytest_plugins = ["koers.organisation.tests.cast"]


def pytest_configure(config: pytest.Config) -> None:
    """Pages under test link static files by their plain names."""
    del config
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
