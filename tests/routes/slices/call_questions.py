"""The questions of a talk."""

from datetime import date
from typing import Any


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post."""
    del world, own, today
    return {
        "sell:question_list": {
            "q-TOTAL_FORMS": "1",
            "q-INITIAL_FORMS": "0",
            "q-0-kind": "S",
            "q-0-text": "How is it now?",
        }
    }
