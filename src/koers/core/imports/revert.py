"""How is an import undone, so that the database is as it was before?"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.bulk import update_row
from koers.core.data_versions import current_versions, mark_changed
from koers.core.errors import RuleError
from koers.core.imports.engine import finish_run
from koers.core.models import ExternalId, ImportChange, ImportRun

ROWS_AT_ONCE = 10_000
BREATH = 0.01  # seconds in which another writer gets its turn


class RevertRefusedError(RuleError):
    """Records of the import were changed or are used since."""


def revert_run(
    run: ImportRun, *, tables: Sequence[type[models.Model]], nouns: Mapping[str, type[models.Model]],
    big: Sequence[type[models.Model]], actor: Actor, at: datetime,
) -> ImportRun:  # fmt: skip
    """Delete what the run created and put back what it changed; refuses, as a whole, on conflicts.

    ``tables`` are in the order in which rows may go (children first); ``big`` are the tables of
    order lines and orders, emptied in short transactions so that others can write meanwhile. A revert that
    was killed is simply started again.
    """
    _check(run, tables, nouns)
    run.report = {**run.report, "undoing": True}
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.REVERTING, report=run.report)
    for table in big:
        _let_go_of_each_other(table, run.pk)
        while _delete_some(table, run.pk):
            time.sleep(BREATH)
    try:
        with transaction.atomic():
            for change in run.changes.order_by("-id"):
                _put_back(change, nouns)
            ExternalId.objects.filter(import_run=run).delete()
            for table in tables:
                _delete_rows(table, run.pk)
            run.changes.all().delete()
            mark_changed(*current_versions())
    except (ProtectedError, RestrictedError) as error:
        raise RevertRefusedError(
            _("Other records use what this import brought in; undo those first.")
        ) from error
    finish_run(run, actor=actor, at=at, status=ImportRun.Status.REVERTED)
    return run


def _check(
    run: ImportRun, tables: Sequence[type[models.Model]], nouns: Mapping[str, type[models.Model]]
) -> None:
    if run.status not in {ImportRun.Status.DONE, ImportRun.Status.CANCELLED, ImportRun.Status.FAILED,
                          ImportRun.Status.RUNNING, ImportRun.Status.REVERTING}:  # fmt: skip
        raise RevertRefusedError(_("Only an import that has run can be reverted."))
    later = ImportRun.objects.filter(
        pk__gt=run.pk, status__in=[ImportRun.Status.DONE, ImportRun.Status.RUNNING]
    )
    touched = ImportChange.objects.filter(run__in=later)
    for noun, model in nouns.items():
        created: Any = (
            model._default_manager.filter(import_run_id=run.pk).values("pk")
            if _has_run(model)
            else None
        )
        changed: Any = run.changes.filter(noun=noun).values("object_id")
        for ids in (created, changed):
            if ids is not None and touched.filter(noun=noun, object_id__in=ids).exists():
                raise RevertRefusedError(
                    _("A later import changed records of this one. Revert the later import first.")
                )
    _refuse_if_used(run, tables)
    for table in tables:
        edited = table._default_manager.filter(import_run_id=run.pk, version__gt=1)
        names = [
            str(row) for row in edited[:3] if not run.changes.filter(object_id=row.pk).exists()
        ]
        if names:
            raise RevertRefusedError(
                _("These records were edited after the import: %(names)s. Nothing was reverted.")
                % {"names": ", ".join(names)}
            )


def _refuse_if_used(run: ImportRun, tables: Sequence[type[models.Model]]) -> None:
    """Refuse before anything is deleted when records of others lean on what the run created."""
    for table in tables:
        for link in table._meta.related_objects:
            model: Any = link.related_model
            if link.on_delete not in (models.PROTECT, models.CASCADE) or not _has_run(model):
                continue
            leaning = model._default_manager.filter(**{f"{link.field.name}__import_run_id": run.pk})
            if (
                leaning.exclude(import_run_id=run.pk).exists()
                or leaning.filter(import_run_id=None).exists()
            ):
                raise RevertRefusedError(
                    _("Other records use what this import brought in; undo those first.")
                )


def _has_run(model: type[models.Model]) -> bool:
    return any(field.name == "import_run" for field in model._meta.concrete_fields)


def _let_go_of_each_other(table: type[models.Model], run_id: int) -> None:
    """Rows that lean on rows of the same table (credits on orders) would keep those from going first."""
    for each in table._meta.concrete_fields:
        if each.related_model is table:
            leaning = table._default_manager.filter(**{f"{each.name}__import_run_id": run_id})
            leaning.update(**{each.name: None})


def _delete_some(table: type[models.Model], run_id: int) -> int:
    name = connection.ops.quote_name(table._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {name} WHERE id IN (SELECT id FROM {name} WHERE import_run_id = %s LIMIT {ROWS_AT_ONCE})",  # noqa: S608 -- the model's name
            [run_id],
        )
        return int(cursor.rowcount)


def _delete_rows(table: type[models.Model], run_id: int) -> None:
    rows: Any = table._default_manager.filter(import_run_id=run_id)
    if any(field.name == "parent" for field in table._meta.concrete_fields):
        while leaves := list(
            rows.filter(**{f"{_children(table)}__isnull": True}).values_list("pk", flat=True)[:500]
        ):
            table._default_manager.filter(pk__in=leaves).delete()
    rows.delete()


def _children(table: type[models.Model]) -> str:
    return str(table._meta.get_field("parent").remote_field.related_name)  # type: ignore[union-attr]


def _put_back(change: ImportChange, nouns: Mapping[str, type[models.Model]]) -> None:
    model = ExternalId if change.noun == "external_id" else nouns[change.noun]
    if not model._default_manager.filter(pk=change.object_id).exists():
        return
    versioned = any(field.name == "version" for field in model._meta.concrete_fields)
    update_row(model, change.object_id, dict(change.before), raise_version=False)
    if versioned:
        model._default_manager.filter(pk=change.object_id, version__gt=1).update(
            version=models.F("version") - 1
        )
