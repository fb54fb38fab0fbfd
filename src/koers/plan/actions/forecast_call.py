"""How does a seller call a period, and how does a manager put another figure in its place?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.organisation.models.user import SELLING_ROLES
from koers.organisation.policies import Right, require
from koers.plan.models import ForecastCall
from koers.plan.models.forecast_call import COMPANY, PERSON, TEAM, UNIT
from koers.plan.queries.call_period import CallPeriod
from koers.plan.queries.call_tree import CallNode

LINKS = {PERSON: "person_id", TEAM: "team_id", UNIT: "business_unit_id", COMPANY: ""}


class CallRefusedError(RuleError):
    """The call or override lacks something, or its period is over."""


class CallClashError(RuleError):
    """Somebody said something else meanwhile; ``latest`` is what counts now, ``entry`` what was wanted."""

    status = 409

    def __init__(self, entry: "CallEntry", latest: ForecastCall | None) -> None:
        self.entry, self.latest = entry, latest
        super().__init__(_("Somebody else entered another figure meanwhile. Look at it, and save again if yours must take its place."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallEntry:
    """What is said of a period: an amount (None withdraws it), why, and the number its maker had seen."""

    period: CallPeriod
    category: str
    amount: Decimal | None
    reason: str
    seen: int


def give_calls(*, actor: Actor, entries: Sequence[CallEntry], at: datetime) -> list[ForecastCall]:
    """Keep the actor's own calls; those that say the same as before are left out, all others are kept."""
    require(actor, Right.READ_TARGETS)
    if actor.user_id is None or actor.role not in SELLING_ROLES:
        raise NotAllowedError(_("Only who sells gives a call."))
    place = {"level": PERSON, "person_id": actor.user_id}
    return _keep(actor=actor, place=place, is_override=False, entries=entries, at=at)


def override_calls(
    *, actor: Actor, node: CallNode, entries: Sequence[CallEntry], at: datetime
) -> list[ForecastCall]:
    """Put a manager's figure in the place of a seller's call or a level's sum; ``node`` as the actor sees it."""
    require(actor, Right.EDIT_TARGETS)
    if not node.may_override:
        raise NotAllowedError(_("You may only change what those below you called."))
    for entry in entries:
        if not entry.reason.strip():
            raise CallRefusedError(_("Give the reason for the other figure."))
    name = LINKS[node.level]
    place = {"level": node.level} | ({name: node.key} if name else {})
    return _keep(actor=actor, place=place, is_override=True, entries=entries, at=at)


def node_of(nodes: Sequence[CallNode], unit: str) -> CallNode:
    """The row of the roll-up, or as if it did not exist."""
    found = next((node for node in nodes if node.unit == unit), None)
    if found is None:
        raise NotFoundError(_("This row does not exist."))
    return found


def _keep(
    *, actor: Actor, place: dict[str, Any], is_override: bool, entries: Sequence[CallEntry], at: datetime
) -> list[ForecastCall]:  # fmt: skip
    today = analysis_day(timezone.localdate(at))
    made: list[ForecastCall] = []
    with transaction.atomic():
        for entry in entries:
            _require_sound(entry, today)
            key = {**place, "is_override": is_override, "category": entry.category,
                   "period_start": entry.period.period.start, "period_end": entry.period.period.end}  # fmt: skip
            latest = ForecastCall.objects.filter(**key).order_by("-number").first()
            former = latest.amount if latest else None
            if entry.amount == former and entry.reason.strip() == (latest.reason if latest else ""):
                continue
            if entry.seen != (latest.number if latest else 0):
                raise CallClashError(entry, latest)
            made.append(_create(actor, key, entry, former, at))
    return made


def _require_sound(entry: CallEntry, today: Any) -> None:
    if entry.category not in ForecastCall.Category.values:
        raise CallRefusedError(_("“%(value)s” is no choice here.") % {"value": entry.category[:40]})
    if entry.period.period.end <= today:
        raise CallRefusedError(_("This period is over: what was called for it can no longer be changed."))  # fmt: skip
    if entry.amount is not None and entry.amount < 0:
        raise CallRefusedError(_("An amount cannot be below zero."))


def _create(
    actor: Actor, key: dict[str, Any], entry: CallEntry, former: Decimal | None, at: datetime
) -> ForecastCall:
    try:
        with transaction.atomic():
            made = ForecastCall.objects.create(
                **key, number=entry.seen + 1, amount=entry.amount, former=former, currency=reporting_currency(),
                reason=entry.reason.strip(), made_at=at, made_by_id=actor.user_id, made_by_name=actor.name,
            )  # fmt: skip
    except IntegrityError as error:  # two at the very same moment: the second sees the first
        latest = ForecastCall.objects.filter(**key).order_by("-number").first()
        raise CallClashError(entry, latest) from error
    audit.record(
        actor=actor, at=at, verb="create", obj=made,
        changes={"amount": audit.Change(former, entry.amount), "reason": audit.Change("", made.reason)},
    )  # fmt: skip
    return made
