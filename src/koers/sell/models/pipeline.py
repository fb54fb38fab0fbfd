"""Through which stages does a deal go, and what does each stage mean?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord


class StageKind(models.TextChoices):
    """What a stage means, apart from its label."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class ForecastCategory(models.TextChoices):
    """How sure a deal in this stage is counted in the forecast."""

    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", _("Closed")
    OMITTED = "omitted", _("Omitted")


class GateField(models.TextChoices):
    """What may be asked for before a deal enters a stage."""

    COMPANY = "company", _("Customer")
    PRODUCT = "product", _("Product")
    AMOUNT = "amount", _("Amount")
    EXPECTED_CLOSE_ON = "expected_close_on", _("Expected close date")
    COMPETITOR = "competitor", _("Competitor")
    NEED = "need", _("Need")
    BUYING_PROCESS = "buying_process", _("Buying process")
    APPROACH = "approach", _("What the buying situation and selling role ask for")


GATE_FIELDS = tuple(name for name in GateField.values if name != GateField.APPROACH)


class Pipeline(ImportedRecord):
    """A way of selling with its own stages.

    ``contact_norm_days`` is how long a deal may go without contact before it counts as cooling
    (S1.22).
    """

    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveIntegerField(default=0)
    contact_norm_days = models.PositiveIntegerField(default=21)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Stage(ImportedRecord):
    """A step of a pipeline; the kind of a stage in use never changes.

    ``probability`` is the share (0-1) of deals in this stage that will be won, None while nobody
    said; ``expected_days`` is how long a deal usually stays; ``required_fields`` names what a deal
    must have before it may enter (values of ``GateField``).
    """

    pipeline = models.ForeignKey("sell.Pipeline", on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=StageKind, default=StageKind.OPEN)
    probability = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    expected_days = models.PositiveIntegerField(null=True, blank=True)
    forecast_category = models.CharField(
        max_length=9, choices=ForecastCategory, default=ForecastCategory.PIPELINE
    )
    required_fields = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("pipeline__position", "pipeline_id", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=["pipeline", "name"], name="stage_once_per_pipeline"),
            models.CheckConstraint(
                condition=models.Q(kind__in=StageKind.values), name="stage_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(forecast_category__in=ForecastCategory.values),
                name="stage_forecast_category_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(probability=None)
                | models.Q(probability__gte=0) & models.Q(probability__lte=1),
                name="stage_probability_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=StageKind.OPEN)
                | models.Q(kind=StageKind.WON, probability=1)
                | models.Q(kind=StageKind.LOST, probability=0),
                name="decided_stage_has_no_doubt",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def asks_for(self) -> list[object]:
        """Labels of the fields a deal must have before it may enter."""
        return [GateField(name).label for name in GateField.values if name in self.required_fields]
