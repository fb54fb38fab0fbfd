"""Terms of retention."""

from typing import Any


def bodies(_world: Any, _own: Any, _today: Any) -> dict[str, dict[str, Any]]:
    """What a browser would post, rightly filled in."""
    return {"home:retention": {"run": "1", "number": "0", "looked": "on"}}
