"""Which tests of the analytics run on both table engines, and how."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from koers_analytics.engines.choice import DUCKDB, SPARK
from koers_analytics.tests import world

SPARK_SETTINGS = Path(__file__).parent / "spark_settings"


@pytest.fixture(scope="module", params=[DUCKDB, pytest.param(SPARK, marks=pytest.mark.spark)])
def both_engines(request: pytest.FixtureRequest) -> Iterator[str]:
    """Facts and logs of the module's tests lie on this engine (``make test-spark`` for the second)."""
    if request.param == SPARK:
        need_spark()
    world.ENGINE = request.param
    yield request.param
    world.ENGINE = DUCKDB


def need_spark() -> None:
    """Skip where the extra is not installed; in CI that is a failure."""
    os.environ.setdefault("SPARK_CONF_DIR", str(SPARK_SETTINGS))
    if importlib.util.find_spec("pyspark") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("koers[spark] is not installed: make test-spark does that")
        pytest.skip("koers[spark] is not installed: make test-spark does that")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties run hundreds of times, so on the embedded engine only."""
    items[:] = [
        item
        for item in items
        if not (item.get_closest_marker("spark") and hasattr(getattr(item, "obj", None), "hypothesis"))
    ]  # fmt: skip
