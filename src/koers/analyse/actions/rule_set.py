"""How are the rules of pyramid, life cycle and RFM changed? Every change is a new version."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koers.analyse.models import RuleSet
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.policies import Right, require

WEIGHTS_MAY_MISS = 0.001


class RulesRefusedError(RuleError):
    """The rules contradict each other."""


@transaction.atomic
def change_rules(*, actor: Actor, kind: str, values: dict[str, Any], at: datetime) -> RuleSet:
    """Put a new version of the rules in force; older analyses keep theirs."""
    require(actor, Right.EDIT_RULES)
    _check(kind, values)
    number = (RuleSet.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1
    made = RuleSet.objects.create(
        kind=kind, number=number, values=values, made_by=actor.name, made_at=at
    )
    audit.record(
        actor=actor,
        at=at,
        verb="change",
        obj=made,
        changes={name: audit.Change(None, value) for name, value in values.items()},
    )
    return made


def _check(kind: str, values: dict[str, Any]) -> None:
    if kind == RuleSet.Kind.PYRAMID:
        _check_pyramid(values)
    if kind == RuleSet.Kind.NEXT_BEST:
        acted = [value for value in values.values() if isinstance(value, dict)]
        if any(float(each["hours"]) <= 0 or not 0 <= float(each["chance"]) <= 1 for each in acted):
            raise RulesRefusedError(
                _("Hours must be above 0, and a chance lies between 0 and 100%.")
            )
    if kind == RuleSet.Kind.FEEDBACK:
        _check_weights(values)
    if kind == RuleSet.Kind.HEALTH:
        _check_health(values)
    if kind == RuleSet.Kind.LIFECYCLE and float(values["decline_below"]) >= float(
        values["growth_above"]
    ):
        raise RulesRefusedError(_("The decline limit must lie below the growth limit."))


def _check_pyramid(values: dict[str, Any]) -> None:
    cuts, limits = list(values["cuts"]), [float(limit) for limit in values["limits"]]
    if cuts != sorted(cuts) or len(set(cuts)) != len(cuts) or not 0 < cuts[0] <= cuts[-1] <= 10_000:
        raise RulesRefusedError(
            _("The class limits must rise: A below B below C, between 0 and 100%.")
        )
    if limits != sorted(limits, reverse=True):
        raise RulesRefusedError(_("The turnover limits must fall: A above B above C."))


def _check_health(values: dict[str, Any]) -> None:
    _check_weights({"weights": values["weights"]})
    if float(values["silence_none"]) <= 1 or float(values["trend_none"]) >= 0:
        raise RulesRefusedError(
            _("A silence counts as 0 above 1 time the rhythm, and a fall of turnover above 0%.")
        )


def _check_weights(groups: dict[str, Any]) -> None:
    for weights in groups.values():
        shares = [float(each) for each in weights.values()]
        if min(shares) < 0 or abs(sum(shares) - 1) > WEIGHTS_MAY_MISS:
            raise RulesRefusedError(_("The weights of a group must total 100%."))
