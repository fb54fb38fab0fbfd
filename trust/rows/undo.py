"""Row 15: does what was taken back leave every record as it was?

In the middle of a random working day something is deleted, given to another, merged or brought in
from a file, and taken back. Every column of every watched record is then compared with before;
only the number of the version may have moved on.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from koers.customers.actions import company as companies
from koers.customers.actions import site as sites
from koers.customers.actions.merge import merge_records, undo_merge
from koers.customers.actions.reassignment import reassign, undo_reassign
from koers.customers.models import Company, Contact
from koers.customers.models.site import Site
from koers.home.actions.import_execution import execute_run, revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import draft_run
from koers.home.queries.import_kinds import kind_named
from trust.row import Finding, Row
from trust.walk import Walk, rows_of

Deed = Callable[[Walk], None]


def contents() -> dict[tuple[str, int], dict[str, Any]]:
    """Every watched record without the number of its version."""
    return {
        key: {name: value for name, value in values.items() if name != "version"}
        for key, values in rows_of(Walk.MODELS).items()
    }


def delete_company(walk: Walk) -> None:
    one = walk.any_of(Company)
    companies.delete_company(actor=walk.actor, company_id=one.pk, at=timezone.now())
    companies.restore_company(actor=walk.actor, company_id=one.pk, at=timezone.now())


def delete_contact(walk: Walk) -> None:
    one = Contact.objects.filter(deleted_at=None, company__deleted_at=None).order_by("?").first()
    if one is not None:
        companies.delete_contact(actor=walk.actor, contact_id=one.pk, at=timezone.now())
        companies.restore_contact(actor=walk.actor, contact_id=one.pk, at=timezone.now())


def delete_site(walk: Walk) -> None:
    one = Site.objects.filter(deleted_at=None, company__deleted_at=None).order_by("?").first()
    if one is not None:
        sites.delete_site(actor=walk.actor, site_id=one.pk, at=timezone.now())
        sites.restore_site(actor=walk.actor, site_id=one.pk, at=timezone.now())


def give(walk: Walk) -> None:
    living = list(Company.objects.filter(deleted_at=None).values_list("pk", flat=True))
    given = {"owner_id": walk.dice.choice([walk.cast.ann.pk, walk.cast.cora.pk, None])}
    former = reassign(
        actor=walk.actor, company_ids=walk.dice.sample(living, 3), values=given, at=timezone.now()
    )
    undo_reassign(actor=walk.actor, given=given, former=former, at=timezone.now())


def merge(walk: Walk) -> None:
    kept, gone = walk.dice.sample(list(Company.objects.filter(deleted_at=None)), 2)
    made = merge_records(
        actor=walk.actor, noun="company", kept_id=kept.pk, gone_id=gone.pk, take=("city",), at=timezone.now()
    )  # fmt: skip
    undo_merge(actor=walk.actor, merge_id=made.pk, at=timezone.now())


def bring_in(walk: Walk) -> None:
    """A file that makes companies and changes one that is there."""
    path = Path(settings.DATA_DIR) / f"{walk.name('file')}.csv"
    path.write_text(
        f"name,employees\n{walk.name('In')},12\n{walk.name('In')},13\n", encoding="utf-8"
    )
    now = timezone.now()
    run = draft_run(actor=walk.actor, at=now, kind=kind_named("companies"), path=path, chosen=Choices())  # fmt: skip
    execute_run(run, actor=walk.actor, at=now)
    revert_import(actor=walk.actor, run_id=run.pk, at=now)


def forgotten_part(walk: Walk) -> None:
    """Broken: one of the groups of a bulk change is not given back."""
    living = list(Company.objects.filter(deleted_at=None).values_list("pk", flat=True))
    given = {"owner_id": walk.cast.sam.pk}
    former = reassign(actor=walk.actor, company_ids=living, values=given, at=timezone.now())
    undo_reassign(actor=walk.actor, given=given, former=former[:-1], at=timezone.now())


def new_record(walk: Walk) -> None:
    """Broken: what was deleted comes back as another record."""
    one = walk.any_of(Company)
    Contact.objects.create(company=one, last_name="Vos").delete()
    Contact.objects.create(company=one, last_name="Vos")


DEEDS: tuple[Deed, ...] = (delete_company, delete_contact, delete_site, give, merge, bring_in)


def _check(short: bool, deeds: tuple[Deed, ...]) -> Finding:
    walk, wrong, compared = Walk(15), [], 0
    times = 120 if short else 1000
    for _number in range(times):
        for _step in range(2):
            walk.step()
        before = contents()
        deed = walk.dice.choice(deeds)
        deed(walk)
        after = contents()
        compared += len(before)
        differ = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        if differ:
            wrong.append(f"{deed.__name__}: {_difference(before, after, differ[0])}")
    value = f"{times} times done and undone, {compared} records compared, {len(wrong)} times different" + (
        f" ({wrong[0]})" if wrong else ""
    )  # fmt: skip
    return Finding(held=not wrong, value=value)


def _difference(before: dict[Any, Any], after: dict[Any, Any], key: Any) -> str:
    old, new = before.get(key), after.get(key)
    if old is None or new is None:
        return f"{key} {'appeared' if old is None else 'vanished'}"
    return f"{key} " + ", ".join(f"{name} {old[name]!r} to {new[name]!r}" for name in old if old[name] != new[name])  # fmt: skip


def measure(short: bool) -> Finding:
    """Bin, bulk change, merge and import, each taken back."""
    return _check(short, DEEDS)


def part_forgotten(short: bool) -> Finding:
    """A bulk change of which one group is not given back."""
    return _check(short, (*DEEDS, forgotten_part))


def other_record(short: bool) -> Finding:
    """A deleted record that comes back under another number."""
    return _check(short, (*DEEDS, new_record))


ROW = Row(
    number=15,
    name="Undo leaves everything as it was",
    goal="0 differences in any column after deleting, giving, merging, importing and taking it back",
    measure=measure,
    controls={"a group forgotten": part_forgotten, "back as another record": other_record},
)
