"""Every stage named so far becomes a stage of the pipeline "Imported", and begins the history."""

from itertools import islice
from typing import Any

from django.db import migrations

PIPELINE = "Imported"
KINDS = ("open", "won", "lost")
SURE = {"won": 1, "lost": 0}
AT_ONCE = 2_000


def fill(apps: Any, schema_editor: Any) -> None:
    """One stage per name and kind; a decided deal entered its stage the day it was closed."""
    opportunity = apps.get_model("sell", "Opportunity")
    stage, change = apps.get_model("sell", "Stage"), apps.get_model("sell", "StageChange")
    named = set(opportunity.objects.order_by().values_list("stage", "stage_kind").distinct())
    if not named:
        return
    pipeline = apps.get_model("sell", "Pipeline").objects.create(name=PIPELINE)
    taken: set[str] = set()
    ordered = sorted(named, key=lambda pair: (KINDS.index(pair[1]), pair[0]))
    for position, (name, kind) in enumerate(ordered):
        label = name if name not in taken else f"{name[:72]} ({kind})"
        taken.add(label)
        made = stage.objects.create(
            pipeline=pipeline,
            name=label,
            kind=kind,
            probability=SURE.get(kind),
            forecast_category="closed" if kind in SURE else "pipeline",
            position=position,
        )
        opportunity.objects.filter(stage=name, stage_kind=kind).update(stage_ref=made)
    deals = opportunity.objects.order_by("pk").iterator(chunk_size=AT_ONCE)
    while part := [
        change(
            opportunity=each,
            day=each.closed_on if each.stage_kind in SURE else None,
            stage_id=each.stage_ref_id,
            amount=each.amount,
            expected_close_on=each.expected_close_on,
            owner_id=each.owner_id,
            import_run_id=each.import_run_id,
        )
        for each in islice(deals, AT_ONCE)
    ]:
        change.objects.bulk_create(part)


def put_back(apps: Any, schema_editor: Any) -> None:
    """The name of its stage becomes the word of an opportunity again."""
    opportunity = apps.get_model("sell", "Opportunity")
    for stage in apps.get_model("sell", "Stage").objects.all():
        opportunity.objects.filter(stage_ref=stage).update(stage=stage.name)


class Migration(migrations.Migration):
    dependencies = [("sell", "0004_pipeline")]  # noqa: RUF012
    operations = [migrations.RunPython(fill, put_back)]  # noqa: RUF012
