"""How are master data (companies, products, people, …) created, updated or left alone, in bulk?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models

from koers.core import audit
from koers.core.bulk import fetch_columns, insert_rows, reserve_ids, update_row
from koers.core.data_versions import mark_changed
from koers.core.imports.dependent import column_defaults, fingerprint, keep_before
from koers.core.imports.kinds import ChunkResult, Rejection, Rows, RunContext
from koers.core.imports.lookups import batches
from koers.core.imports.plan import DuplicateRule
from koers.core.models import AuditEntry, ExternalId

LABEL = 120


@dataclass
class Prepared:
    """A row ready to be written: columns with database values, and parts for other tables."""

    row: int
    key: str
    values: dict[str, Any]
    natural: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class RecordApplier:
    """Base of the kinds whose row is one record; a kind says how a row becomes column values."""

    model: ClassVar[type[models.Model]]
    noun: ClassVar[str]
    part: ClassVar[str]
    natural_column: ClassVar[str] = ""
    label_column: ClassVar[str] = "name"
    versioned: ClassVar[bool] = True

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self._dry_ids: dict[str, int] = {}
        self._dry_naturals: dict[str, int] = {}
        self._dry_prints: dict[str, int] = {}

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Column values per row, references resolved."""
        raise NotImplementedError

    def starting_values(self, item: Prepared) -> dict[str, Any]:
        """Column values a new record begins with; a known record keeps its own."""
        return {}

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Write parts that live in other tables; called with the ids of created and updated rows."""

    def replay(self, rows: Rows) -> None:
        """Nothing to remember: everything is looked up."""

    def finish(self) -> None:
        """Nothing to do at the end."""

    def apply(self, rows: Rows) -> ChunkResult:
        """Tell created, updated and unchanged apart, then write each group at once."""
        result = ChunkResult()
        ready: list[Prepared] = []
        for item in self.prepare(rows.dicts(), rows.numbers):
            if isinstance(item, Rejection):
                result.rejections.append(item)
            else:
                ready.append(item)
        if ready:
            self._apply_ready(ready, result)
        return result

    def _apply_ready(self, ready: list[Prepared], result: ChunkResult) -> None:
        known, prints = self._by_external_id(ready)
        naturals = self._by_natural_key([item for item in ready if item.key not in known])
        batch = Batch(self, known, prints, naturals, result)
        for item in ready:
            batch.add(item)
        batch.write()

    def _by_external_id(self, ready: list[Prepared]) -> tuple[dict[str, int], dict[str, int]]:
        known, prints = dict(self._dry_ids), dict(self._dry_prints)
        for part in batches({item.key for item in ready}):
            rows = ExternalId.objects.filter(
                source_id=self.context.source_id, noun=self.noun, external_id__in=part
            )
            for key, row_id, mark in rows.values_list("external_id", "object_id", "fingerprint"):
                known[key], prints[key] = row_id, mark
        return known, prints

    def _by_natural_key(self, items: list[Prepared]) -> dict[str, int]:
        found = dict(self._dry_naturals)
        if not self.natural_column:
            return found
        manager = self.model._default_manager
        texts = {item.natural for item in items if item.natural}
        for part in batches(texts):
            rows = manager.filter(**{f"{self.natural_column}__in": part}).order_by("-id")
            found.update(
                {str(name): row_id for row_id, name in rows.values_list("id", self.natural_column)}
            )
        return found

    def remember_dry(self, key: str, natural: str, row_id: int, mark: int) -> None:
        """Keep what a dry run would have written, so that a second row finds it."""
        self._dry_ids[key], self._dry_prints[key] = row_id, mark
        if natural:
            self._dry_naturals[natural] = row_id


class Batch:
    """The writes of one chunk."""

    def __init__(
        self,
        applier: RecordApplier,
        known: dict[str, int],
        prints: dict[str, int],
        naturals: dict[str, int],
        result: ChunkResult,
    ) -> None:
        self.applier = applier
        self.context = applier.context
        self.known, self.prints, self.naturals, self.result = known, prints, naturals, result
        self.created: dict[int, Prepared] = {}
        self.wanted: dict[int, Prepared] = {}
        self.new_keys: dict[str, tuple[int, int]] = {}
        self.changed_prints: dict[str, int] = {}
        self.touched: list[tuple[int, Prepared]] = []
        self.counted: set[int] = set()

    def add(self, item: Prepared) -> None:
        """Decide what becomes of a row."""
        mark = fingerprint(
            (sorted(item.values.items(), key=str), sorted(item.extra.items(), key=str))
        )
        row_id = self.known.get(item.key)
        if row_id is not None and self.prints.get(item.key) == mark:
            self.result.unchanged += 1
            return
        if row_id is None:
            row_id = self.naturals.get(item.natural) if item.natural else None
        if row_id is None:
            self._create(item, mark)
        else:
            self._update(row_id, item, mark)

    def _create(self, item: Prepared, mark: int) -> None:
        if self.context.plan.rule is DuplicateRule.UPDATE:
            self.result.rejections.append(
                Rejection(item.row, "", item.key, "not_found", {"value": item.key})
            )
            return
        row_id = -(len(self.created) + len(self.applier._dry_ids) + 1)  # noqa: SLF001 -- same module
        item.values = {**self.applier.starting_values(item), **item.values}
        self.created[row_id] = item
        self.result.created += 1
        self._remember(item, row_id, mark)

    def _update(self, row_id: int, item: Prepared, mark: int) -> None:
        fresh = row_id in self.created or row_id in self.context.created_here.get(
            self.applier.noun, set()
        )
        if self.context.plan.rule is DuplicateRule.CREATE and not fresh:
            self.result.rejections.append(
                Rejection(item.row, "", item.key, "already_exists", {"value": item.key})
            )
            return
        if row_id in self.created:
            self.created[row_id].values.update(item.values)
            self.touched.append((row_id, item))
            self.result.updated += 1
        elif row_id < 0:
            self.result.updated += 1
        elif row_id in self.wanted:
            self.wanted[row_id].values.update(item.values)
            self.touched.append((row_id, item))
        else:
            self.wanted[row_id] = item
        self._remember(item, row_id, mark)

    def _remember(self, item: Prepared, row_id: int, mark: int) -> None:
        if item.key in self.known:
            self.changed_prints[item.key] = mark
        else:
            self.new_keys[item.key] = (row_id, mark)
        self.known[item.key], self.prints[item.key] = row_id, mark
        if item.natural:
            self.naturals[item.natural] = row_id
        if self.context.dry:
            self.applier.remember_dry(item.key, item.natural, row_id, mark)

    def write(self) -> None:
        """Write creations, updates and external ids; in a dry run only count."""
        changes = self._changes()
        self.result.updated += len(changes)
        self.result.unchanged += len(self.wanted) - len(changes)
        if self.context.dry:
            return
        ids = self._insert()
        self._write_updates(changes)
        self._write_external_ids(ids)
        pairs = [
            *((ids[row_id], item) for row_id, item in self.created.items()),
            *((ids.get(row_id, row_id), item) for row_id, item in self.touched),
            *self.wanted.items(),
        ]
        self.applier.after_write(pairs)
        if pairs:
            mark_changed(self.applier.part)

    def _changes(self) -> dict[int, tuple[Prepared, dict[str, Any], dict[str, Any]]]:
        """Per existing record: what really differs, before and after."""
        columns = sorted({name for item in self.wanted.values() for name in item.values})
        stored = fetch_columns(self.applier.model, self.wanted, columns) if self.wanted else {}
        found = {}
        for row_id, item in self.wanted.items():
            now = dict(zip(columns, stored.get(row_id, ()), strict=False))
            after = {name: value for name, value in item.values.items() if now.get(name) != value}
            if after:
                found[row_id] = (item, {name: now.get(name) for name in after}, after)
        return found

    def _insert(self) -> dict[int, int]:
        if not self.created:
            return {}
        applier, context = self.applier, self.context
        first = reserve_ids(applier.model, len(self.created))
        ids = {row_id: first + place for place, row_id in enumerate(self.created)}
        defaults = column_defaults(applier.model)
        columns = sorted(
            {name for item in self.created.values() for name in item.values} | set(defaults)
        )
        fixed = ["id", "import_run_id", *(["version"] if applier.versioned else [])]
        ones = [1] if applier.versioned else []
        insert_rows(
            applier.model,
            [*fixed, *columns],
            (
                (
                    ids[row_id],
                    context.run_id,
                    *ones,
                    *(item.values.get(name, defaults.get(name)) for name in columns),
                )
                for row_id, item in self.created.items()
            ),
        )
        context.created_here.setdefault(applier.noun, set()).update(ids.values())
        self._audit(
            "create", [(ids[row_id], item, {}, {}) for row_id, item in self.created.items()]
        )
        return ids

    def _write_updates(
        self, changes: dict[int, tuple[Prepared, dict[str, Any], dict[str, Any]]]
    ) -> None:
        applier, context = self.applier, self.context
        manager = applier.model._default_manager
        own: set[int] = set()
        for part in batches(changes):
            rows = manager.filter(pk__in=part, import_run_id=context.run_id)
            own.update(rows.values_list("pk", flat=True))
        for row_id, (_item, before, after) in changes.items():
            raises = applier.versioned and row_id not in own
            update_row(applier.model, row_id, after, raise_version=raises)
            keep_before(context, applier.noun, row_id, before, created=own)
        self._audit(
            "change",
            [(row_id, item, before, after) for row_id, (item, before, after) in changes.items()],
        )

    def _write_external_ids(self, ids: dict[int, int]) -> None:
        context = self.context
        insert_rows(
            ExternalId,
            ["source_id", "noun", "external_id", "object_id", "fingerprint", "import_run_id"],
            (
                (
                    context.source_id,
                    self.applier.noun,
                    key,
                    ids.get(row_id, row_id),
                    mark,
                    context.run_id,
                )
                for key, (row_id, mark) in self.new_keys.items()
            ),
        )
        for key, mark in self.changed_prints.items():
            if key not in self.new_keys:
                links = ExternalId.objects.filter(
                    source_id=context.source_id, noun=self.applier.noun, external_id=key
                )
                link = links.values("id", "fingerprint").first()
                if link:
                    keep_before(
                        context,
                        "external_id",
                        link["id"],
                        {"fingerprint": link["fingerprint"]},
                        created=set(),
                    )
                    links.update(fingerprint=mark)

    def _audit(
        self, verb: str, items: list[tuple[int, Prepared, dict[str, Any], dict[str, Any]]]
    ) -> None:
        context, label = self.context, self.applier.label_column
        insert_rows(
            AuditEntry,
            ["at", "user_id", "actor_name", "channel", "verb", "noun", "object_id", "label", "changes", "import_run_id"],
            (
                (
                    context.at.strftime("%Y-%m-%d %H:%M:%S.%f+00:00"), context.actor.user_id, context.actor.name, "import", verb,
                    self.applier.model._meta.model_name, row_id, str(item.values.get(label) or item.key)[:LABEL],
                    json.dumps({name: [audit.plain(before.get(name)), audit.plain(value)] for name, value in after.items()}),
                    context.run_id,
                )
                for row_id, item, before, after in items
            ),
        )  # fmt: skip
