"""Which open opportunities cool down, stand still, or have nothing planned, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.core import formats
from koers.sell.models import (
    Activity,
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    Opportunity,
    StageChange,
    StageKind,
)


@dataclass(frozen=True, slots=True)
class Signals:
    """How an opportunity stands today; ``warnings`` are sentences for people.

    ``is_cooling`` is S1.22: no contact for longer than the norm of its pipeline. Days are None
    where no day is known.
    """

    stage_since: date | None = None
    days_in_stage: int | None = None
    last_contact_on: date | None = None
    next_step: Activity | None = None
    is_cooling: bool = False
    warnings: tuple[str, ...] = ()


def signals_of(deals: Sequence[Opportunity], *, today: date) -> dict[int, Signals]:
    """Signals per opportunity, in three queries however many there are; decided ones have no warnings."""
    keys = [deal.pk for deal in deals]
    since, contacts, steps = _stage_since(keys), _last_contacts(keys), _next_steps(keys)
    found: dict[int, Signals] = {}
    for deal in deals:
        entered, contact, step = since.get(deal.pk), contacts.get(deal.pk), steps.get(deal.pk)
        days = None if entered is None else (today - entered).days
        cooling = deal.stage_kind == StageKind.OPEN and _is_cooling(deal, contact, today)
        warnings = (
            _warnings(deal, days, contact, step, today=today, cooling=cooling)
            if deal.stage_kind == StageKind.OPEN
            else ()
        )
        found[deal.pk] = Signals(entered, days, contact, step, cooling, warnings)
    return found


def _is_cooling(deal: Opportunity, contact: date | None, today: date) -> bool:
    last = contact or deal.opened_on
    return last is not None and (today - last).days > deal.stage.pipeline.contact_norm_days


def _warnings(
    deal: Opportunity, days: int | None, contact: date | None, step: Activity | None, *, today: date, cooling: bool
) -> tuple[str, ...]:  # fmt: skip
    words: list[str] = []
    if step is None:
        words.append(_("No next step"))
    elif step.day < today:
        words.append(_("Next step was due on %(day)s") % {"day": formats.day(step.day)})
    if cooling:
        last = contact or deal.opened_on
        assert last is not None  # noqa: S101 -- cooling is counted from a day
        quiet = (today - last).days
        words.append(
            ngettext("%(days)s day without contact", "%(days)s days without contact", quiet)
            % {"days": quiet}
        )
    usual = deal.stage.expected_days
    if days is not None and usual and days > usual:
        words.append(
            _("%(days)s days in this stage, usually %(usual)s") % {"days": days, "usual": usual}
        )
    if deal.expected_close_on is not None and deal.expected_close_on < today:
        words.append(
            _("Should have closed on %(day)s") % {"day": formats.day(deal.expected_close_on)}
        )
    return tuple(words)


def _stage_since(keys: list[int]) -> dict[int, date | None]:
    """Since when each is in its present stage: the first day of its last run of that stage."""
    since: dict[int, tuple[int, date | None]] = {}
    rows = StageChange.objects.filter(opportunity_id__in=keys).order_by("opportunity_id", "id")
    for deal, stage, day in rows.values_list("opportunity_id", "stage_id", "day"):
        if deal not in since or since[deal][0] != stage:
            since[deal] = (stage, day)
    return {deal: day for deal, (_stage, day) in since.items()}


def _last_contacts(keys: list[int]) -> dict[int, date]:
    """The last day on which the customer was spoken to about it; tasks and missed calls are no contact."""
    rows = (
        Activity.objects.filter(opportunity_id__in=keys, status=ActivityStatus.DONE)
        .exclude(kind=ActivityKind.TASK)
        .exclude(outcome=ActivityOutcome.NOT_REACHED)
        .values_list("opportunity_id")
        .annotate(last=Max("day"))
        .order_by()
    )
    return {deal: day for deal, day in rows if deal is not None}


def _next_steps(keys: list[int]) -> dict[int, Activity]:
    """The first thing planned for each, be it overdue."""
    rows = Activity.objects.filter(opportunity_id__in=keys, status=ActivityStatus.PLANNED)
    found: dict[int, Activity] = {}
    for step in rows.select_related("owner").order_by("day", "start_time", "pk"):
        if step.opportunity_id is not None:
            found.setdefault(step.opportunity_id, step)
    return found
