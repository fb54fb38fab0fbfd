"""How does an uploaded file become a planned import?"""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.imports.archive import kind_of
from koers.core.imports.detection import Detection, detect
from koers.core.imports.engine import ImportRefusedError
from koers.core.imports.plan import DuplicateRule, ImportPlan
from koers.core.imports.reading import as_text_file
from koers.core.models import ImportProfile, ImportRun
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import draft_run, make_plan
from koers.home.queries.import_kinds import kind_named
from koers.organisation.policies import Right, require


def store_upload(
    *, actor: Actor, upload: "UploadedFile[bytes]", kind: str, source: str, at: datetime
) -> ImportRun:
    """Keep the file under a name of our own and plan its import; the user's name is only shown."""
    require(actor, Right.IMPORT)
    name = (upload.name or "file")[:255]
    kind_of(name)
    if (upload.size or 0) > settings.KOERS_UPLOAD_LIMIT:
        raise ImportRefusedError(_("The file is larger than this installation allows."))
    folder = Path(settings.MEDIA_ROOT) / "imports" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    path = folder / f"upload{''.join(Path(name.lower()).suffixes[-2:])}"
    with path.open("wb") as file:
        for part in upload.chunks():
            file.write(part)
    chosen = Choices(source=source.strip().lower() or "file")
    return draft_run(
        actor=actor, at=at, kind=kind_named(kind), path=path, chosen=chosen, shown=name
    )


def detection_of(run: ImportRun) -> Detection:
    """How the file of a run is written, with the evidence."""
    with as_text_file(Path(run.file_path)) as text:
        return detect(text)


@transaction.atomic
def change_plan(
    *, actor: Actor, run_id: int, mapping: Mapping[str, str], choices: Mapping[str, Any]
) -> ImportRun:
    """Take the user's mapping and conventions; refuses after the import has run."""
    require(actor, Right.IMPORT)
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or run.status not in {
        ImportRun.Status.DRAFT,
        ImportRun.Status.CHECKED,
        ImportRun.Status.REFUSED,
    }:
        raise NotFoundError(_("There is no such import to plan."))
    chosen = Choices(
        mapping=dict(mapping), rule=DuplicateRule(choices["rule"]), match_by=choices["match_by"], source=run.plan["source"],
        currency=str(choices["currency"]).upper(), decimal=choices["decimal"], date_order=choices["date_order"], only_mapped=True,
    )  # fmt: skip
    plan = make_plan(kind_named(run.kind), detection_of(run), chosen)
    run.plan, run.all_or_nothing, run.status = (
        plan.as_json(),
        bool(choices["all_or_nothing"]),
        ImportRun.Status.DRAFT,
    )
    run.save(update_fields=["plan", "all_or_nothing", "status"])
    if choices.get("profile_name"):
        ImportProfile.objects.update_or_create(
            name=choices["profile_name"],
            defaults={"kind": run.kind, "plan": plan.as_json(), "owner_id": actor.user_id},
        )
    return run


def use_profile(*, actor: Actor, run_id: int, profile_id: int) -> ImportRun:
    """Take a saved mapping for this file; columns the file lacks are left out."""
    require(actor, Right.IMPORT)
    run = ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.DRAFT).first()
    profile = ImportProfile.objects.filter(pk=profile_id).first()
    if run is None or profile is None or profile.kind != run.kind:
        raise NotFoundError(_("There is no such import to plan."))
    headers = set(detection_of(run).headers)
    kept, mine = ImportPlan.from_json(profile.plan), ImportPlan.from_json(run.plan)
    mapping = {column: name for column, name in kept.mapping.items() if column in headers}
    plan = replace(
        mine,
        mapping=mapping,
        rule=kept.rule,
        match_by=kept.match_by,
        decimal=kept.decimal,
        date_order=kept.date_order,
        currency=kept.currency,
    )
    run.plan = plan.as_json()
    run.save(update_fields=["plan"])
    return run
