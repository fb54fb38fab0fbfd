"""What did an import do, what did it refuse, and how is it undone?"""

from django.conf import settings
from django.db import models


class ImportProfile(models.Model):
    """A saved column mapping with its conventions, for the next file of the same kind."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30)
    plan = models.JSONField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file (or one folder by a profile) brought in, step by step; the cursor survives a kill."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        CHECKING = "checking"
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        FAILED = "failed"
        REVERTING = "reverting"
        REVERTED = "reverted"

    kind = models.CharField(max_length=30)
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    source = models.ForeignKey(
        "core.SourceSystem", on_delete=models.PROTECT, null=True, related_name="import_runs"
    )
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=500, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    plan = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    all_or_nothing = models.BooleanField(default=False)
    rows_total = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    created__gte=0, updated__gte=0, unchanged__gte=0, rejected__gte=0
                ),
                name="import_counts_are_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportRejection(models.Model):
    """A row that was not brought in: field, value, reason and remedy."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections")
    row_number = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    row = models.JSONField(default=dict)

    class Meta:
        ordering = ("run", "row_number", "id")
        indexes = (models.Index(fields=["run", "row_number"], name="rejections_in_file_order"),)

    def __str__(self) -> str:
        return f"{self.run_id} row {self.row_number}: {self.code}"


class ImportChange(models.Model):
    """Values of an existing record before an import altered it, so that a revert restores them."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    noun = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    before = models.JSONField()
    version_after = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["run", "noun", "object_id"], name="one_before_image_per_record"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.noun} {self.object_id}"
