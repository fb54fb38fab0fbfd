"""When is a figure computed again? When the facts, the rules, the day or the reader's scope differ."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db.models import Max

from koers.analyse.figures.facts import fact_store
from koers.analyse.models import RuleSet
from koers.core.actor import Actor

MOST_KEPT = 512
LARGEST_PAGE = 5_000
P = ParamSpec("P")
R = TypeVar("R")
_kept: "OrderedDict[tuple[Any, ...], Any]" = OrderedDict()
_lock = threading.Lock()


def kept_per_facts(compute: Callable[P, R]) -> Callable[P, R]:
    """Keep results per process for as long as the same facts and rules are in force.

    Results are frozen, so they can be shared; the key holds what the actor may see, never who he
    or she is, and every argument.
    """

    @wraps(compute)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        if _is_bulky(kwargs):
            return compute(*args, **kwargs)
        key = _key(compute, kwargs)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]  # type: ignore[no-any-return]
        result = compute(*args, **kwargs)
        with _lock:
            _kept[key] = result
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return result

    return ask


def _is_bulky(kwargs: dict[str, Any]) -> bool:
    """Whole customer bases, as the nightly classing asks for, are not worth their memory."""
    limit = kwargs.get("limit", 0)
    return limit is None or limit > LARGEST_PAGE


def _key(compute: Callable[..., Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    store = fact_store()
    manifest = store.manifest()
    rules = RuleSet.objects.aggregate(last=Max("pk"))["last"]
    shown = tuple(sorted((name, _plain(value)) for name, value in kwargs.items()))
    return (
        compute.__qualname__,
        str(store.root),
        manifest.generation,
        manifest.built_at,
        rules,
        shown,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Actor):
        return "everyone" if value.visible_people is None else tuple(sorted(value.visible_people))
    return repr(value)
