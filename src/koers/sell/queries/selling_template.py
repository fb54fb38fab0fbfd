"""How do we sell in each buying situation and role, and what of that does an opportunity lack?"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from koers.customers.models import Company
from koers.sell.models import (
    BuyingRole,
    BuyingSituation,
    CentreDepth,
    GateField,
    Opportunity,
    SellingChannel,
    SellingRole,
    SellingTemplate,
)
from koers.sell.queries.buying_centre import BuyingCentre, buying_centre_of
from koers.sell.queries.need import has_needs


@dataclass(frozen=True, slots=True)
class Asked:
    """Something the template asks for; ``field`` is empty where it is filled in on another page."""

    field: str
    label: str | Promise
    is_there: bool
    place: str = ""


def template_for(situation: str, role: str) -> SellingTemplate | None:
    """The template of a situation and role: the one set up, else the usual one; None while either is unknown."""
    if not situation or not role:
        return None
    found = SellingTemplate.objects.filter(situation=situation, role=role).first()
    return found or usual_template(situation, role)


def every_template() -> list[SellingTemplate]:
    """The template of each situation and role, in order; those not set up have no key."""
    kept = {(each.situation, each.role): each for each in SellingTemplate.objects.all()}
    return [
        kept.get((situation, role)) or usual_template(situation, role)
        for situation in BuyingSituation.values
        for role in SellingRole.values
    ]


def usual_template(situation: str, role: str) -> SellingTemplate:
    """What holds until somebody sets it up otherwise (S1.12-S1.16, S2.34-S2.36)."""
    is_new, is_routine = (
        situation == BuyingSituation.NEW_TASK,
        situation == BuyingSituation.STRAIGHT,
    )
    is_deep = role in (SellingRole.STRATEGIC, SellingRole.INTEGRATED)
    depth = (
        CentreDepth.FULL
        if is_new or is_deep
        else CentreDepth.NONE
        if is_routine
        else CentreDepth.DECIDER
    )
    channel = SellingChannel.TEAM if is_deep else SellingChannel.VISIT
    if is_routine and not is_deep:
        channel = SellingChannel.ONLINE
    elif role == SellingRole.TRANSACTIONAL:
        channel = SellingChannel.INSIDE
    return SellingTemplate(
        situation=situation, role=role, steps="\n".join(_usual_steps(situation, role)), channel=channel, centre_depth=depth,
        needs_analysis=is_new or is_deep or not (is_routine or role == SellingRole.TRANSACTIONAL), all_blocks=role == SellingRole.INTEGRATED,
    )  # fmt: skip


def _usual_steps(situation: str, role: str) -> list[str]:
    if situation == BuyingSituation.STRAIGHT:
        first = [_("Check price and delivery"), _("Order again")]
    elif situation == BuyingSituation.MODIFIED:
        first = [
            _("Ask what changes, and why"),
            _("Find out who must agree"),
            _("Offer the change"),
        ]
    else:
        first = [_("Understand the problem"), _("Map who decides"), _("Show what solves it"), _("Offer"), _("Agree on the start")]  # fmt: skip
    last = {
        SellingRole.CONSULTATIVE: [_("Plan the next steps together")],
        SellingRole.STRATEGIC: [_("Follow the customer's buying phases to the end")],
        SellingRole.INTEGRATED: [_("Follow the customer's buying phases to the end"), _("Review the result together")],
    }  # fmt: skip
    return [*first, *last.get(SellingRole(role), [])]


def asked_of(
    deal: Opportunity,
    template: SellingTemplate,
    *,
    given: Mapping[str, object] | None = None,
    centre: BuyingCentre | None = None,
) -> list[Asked]:
    """What the template asks of the deal, and whether it is there; ``given`` goes before what is stored."""
    values = {name: getattr(deal, name) for name in ("need", "buying_process", "company")} | dict(given or {})  # fmt: skip
    blocks = template.all_blocks
    found: list[Asked] = []
    if blocks:
        company = values["company"]
        found.append(Asked("company", GateField.COMPANY.label, company is not None))
        if isinstance(company, Company):
            found.append(Asked("", _("Segment or industry of the customer"), bool(company.segment_id or company.industry), "company"))  # fmt: skip
    if template.needs_analysis or blocks:
        found.append(Asked("need", GateField.NEED.label, bool(values["need"]) or has_needs(deal)))
    if template.needs_analysis and template.situation == BuyingSituation.NEW_TASK:
        found.append(
            Asked("", _("At least one need, wish or expectation"), has_needs(deal), "needs")
        )
    if blocks:
        found.append(Asked("buying_process", GateField.BUYING_PROCESS.label, bool(values["buying_process"])))  # fmt: skip
    depth = CentreDepth.FULL if blocks else template.centre_depth
    if depth != CentreDepth.NONE:
        found.append(_centre(depth, centre or buying_centre_of(deal)))
    return found


def _centre(depth: str, centre: BuyingCentre) -> Asked:
    if depth == CentreDepth.DECIDER:
        decides = any({BuyingRole.DECIDER, BuyingRole.APPROVER} & set(each.member.roles) for each in centre.members)  # fmt: skip
        return Asked("", _("Buying centre: who decides"), decides, "centre")
    missing = centre.missing_roles
    if not missing:
        return Asked("", _("Buying centre: all roles"), True, "centre")  # noqa: FBT003 -- reads well
    return Asked("", _("Buying centre: %(roles)s") % {"roles": ", ".join(missing)}, False, "centre")  # noqa: FBT003 -- reads well
