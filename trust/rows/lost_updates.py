"""Row 3: is a change ever overwritten in silence when eight people save the same record?

Every writer reads the record, saves a value nobody else uses, and reads again when it is refused.
Two saved changes that were made from the same reading mean that one of them was lost.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.test.utils import setup_test_environment
from django.utils import timezone
from tests.routes.world import make_world

from koers.core.actor import Actor
from koers.core.errors import StaleVersionError
from koers.core.models import VersionedRecord
from koers.core.saving import save_changes
from koers.organisation.tests.cast import acting
from koers.organisation.tests.factories import BusinessUnitFactory, TerritoryFactory
from trust.row import Finding, Row

THREADS = 8
Save = Callable[[Actor, Any, str, Any], None]


@dataclass
class Writing:
    """What the writers of one record were told."""

    readings: list[Any] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Saved changes made from a reading that another saved change was made from too."""
        return len(self.readings) - len(set(self.readings))


def with_version(actor: Actor, obj: Any, name: str, value: Any) -> None:
    """As the product saves."""
    save_changes(actor=actor, obj=obj, version=obj.version, values={name: value}, at=timezone.now())


def plainly(_actor: Actor, obj: Any, name: str, value: Any) -> None:
    """Broken: the record is written as it was read."""
    setattr(obj, name, value)
    obj.save()


def editable_models() -> list[type[Any]]:
    """Every model that carries a version."""
    return [model for model in apps.get_models() if issubclass(model, VersionedRecord)]


def written_field(model: type[models.Model]) -> Any:
    """The field whose values can be told apart: free text, else an amount, else a day."""
    kinds: tuple[Any, ...] = (models.CharField, models.TextField), models.DecimalField, models.DateField  # fmt: skip
    for kind in kinds:
        for each in model._meta.concrete_fields:
            wide = not isinstance(each, models.CharField) or (each.max_length or 99) >= 40
            if isinstance(each, kind) and not each.choices and wide and not isinstance(each, models.DateTimeField):  # fmt: skip
                return each
    return None


def value_for(target: Any, number: int) -> Any:
    """A value only this writing has."""
    if isinstance(target, models.DecimalField):
        return Decimal(number + 1) / 10_000
    if isinstance(target, models.DateField):
        return date(2001, 1, 1) + timedelta(days=number)
    return (
        f"w{number}@example.org" if isinstance(target, models.EmailField) else f"written {number}"
    )


def write_together(actor: Actor, one: Any, target: Any, each: int, save: Save) -> Writing:
    """Eight threads, each until it has saved so often."""
    found, ready = Writing(), threading.Barrier(THREADS)
    manager = type(one)._base_manager

    def work(thread: int) -> None:
        try:
            ready.wait()
            for number in range(each):
                while True:
                    read = manager.get(pk=one.pk)
                    reading = getattr(read, target.name)
                    try:
                        save(actor, read, target.name, value_for(target, thread * each + number))
                    except StaleVersionError:
                        found.refused += 1
                        continue
                    found.readings.append(reading)
                    break
        except DatabaseError as error:
            found.errors.append(f"{type(error).__name__}: {error}"[:100])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _check(short: bool, save: Save, *, only: set[str] | None = None) -> Finding:
    setup_test_environment()
    world = make_world()
    TerritoryFactory()
    BusinessUnitFactory()
    actor, each = acting(world.cast.adam), 5 if short else 50
    total, absent, wrong, tried = Writing(), [], [], 0
    for model in editable_models():
        one, target = model._base_manager.order_by("-pk").first(), written_field(model)
        if only is not None and model.__name__ not in only:
            continue
        if one is None or target is None:
            absent.append(model.__name__)
            continue
        found = write_together(actor, one, target, each, save)
        tried += 1
        total.refused += found.refused
        total.readings += [(model, reading) for reading in found.readings]
        if found.lost or found.errors:
            wrong.append(f"{model.__name__}: {found.lost} lost {found.errors[:1] or ''}".strip())
    left = f"; no record or no free field: {', '.join(absent)}" if absent else ""
    value = (
        f"{tried} models, {THREADS} writers x {each}: {len(total.readings)} saved, {total.refused} refused and "
        f"repeated, {total.lost} lost" + (f" ({'; '.join(wrong[:3])})" if wrong else "") + left
    )
    whole = len(total.readings) == tried * THREADS * each
    return Finding(held=not wrong and whole and total.refused > 0, value=value)


def measure(short: bool) -> Finding:
    """Every model with a version, by the product's own way of saving."""
    return _check(short, with_version)


def plain_save(short: bool) -> Finding:
    """The record is saved without looking at its version."""
    return _check(short, plainly, only={"Company"})


ROW = Row(
    number=3,
    name="Lost updates",
    goal="0 changes overwritten in silence on each model tried; models not tried are named",
    measure=measure,
    controls={"plain save()": plain_save},
)
