"""What each part of the product brings to the world of the routes: one module per part, found by itself.

A new screen adds a module here and touches no other's. It may define:

``belongings(owner, company, product, today) -> dict``
    The owner's records of this part by name; they stand in ``own.more[name]``.
``arguments(own) -> dict``
    Values for the parameters in this part's addresses.
``bodies(world, own, today) -> dict``
    What a browser would post to this part's forms, rightly filled in, by URL name.
``in_the_bin(own) -> dict``
    Arguments by URL name where the usual record will not do, as for what is taken out of the bin.
``world(cast, product, today)``
    Called once, for what belongs to nobody.
``OF_OWNERS``, ``RIGHTS_COME_FIRST``, ``OPEN_TO_ALL``, ``LISTS``
    Sets: parameters that name an owner's record; URL names where who lacks the right is told so before the record is looked up;
    URL names that need no log-in; paths of lists in which another team's records ("Cora Visser") must not stand.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

MODULES = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]


def gather(what: str, *given: Any) -> dict[str, Any]:
    """One dictionary of what every part brings; the same key twice is an error."""
    found: dict[str, Any] = {}
    for module in MODULES:
        made = getattr(module, what, lambda *_: None)(*given) or {}
        twice = found.keys() & made.keys()
        if twice:
            raise ValueError(f"{module.__name__}.{what} brings again: {sorted(twice)}")
        found |= made
    return found


def gather_set(what: str) -> set[str]:
    """One set of what every part names."""
    return set().union(*(getattr(module, what, set()) for module in MODULES))
