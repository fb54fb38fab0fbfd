"""Who decides about the demo company's open deals, and whom have we met?"""

import random
from collections import defaultdict

from koers.customers.models import Contact
from koers.sell.models import (
    Activity,
    ActivityStatus,
    BuyingCentreMember,
    BuyingRole,
    Opportunity,
    StageKind,
)

SEED = 4711
# What the first, second and third contact of a customer are, with their influence.
PARTS = (
    ((BuyingRole.INITIATOR, BuyingRole.USER), 2),
    ((BuyingRole.BUYER,), 3),
    ((BuyingRole.DECIDER, BuyingRole.APPROVER), 5),
)
STANCES = (-2, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2)
INTERESTS = (
    "Wil minder storingen in het weekend.",
    "Moet binnen het budget van dit jaar blijven.",
    "Wil met de keuken gezien worden.",
    "Vreest een lange verbouwing.",
)
MESSAGES = (
    "Laat de storingscijfers van vergelijkbare keukens zien.",
    "Reken de kosten over vijf jaar voor, niet de aanschafprijs.",
    "Bezoek samen een referentie.",
    "",
)


def write_buying_centres() -> int:
    """Put the contacts of customers with an open deal in its buying centre; some were met in its talks."""
    dice = random.Random(SEED)  # noqa: S311 -- a made-up company
    deals = Opportunity.objects.filter(stage_kind=StageKind.OPEN, company__isnull=False).order_by("id")  # fmt: skip
    people: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(company__in=deals.values("company"), deleted_at=None).order_by("id"):  # fmt: skip
        people[contact.company_id or 0].append(contact)
    talks = dict(Activity.objects.filter(status=ActivityStatus.DONE, opportunity__in=deals).order_by("id").values_list("opportunity_id", "id"))  # fmt: skip
    members: list[BuyingCentreMember] = []
    met = []
    through = Activity.contacts.through
    for deal in deals:
        known = people[deal.company_id or 0]
        for place, (contact, (roles, influence)) in enumerate(zip(known, PARTS, strict=False)):
            members.append(
                BuyingCentreMember(
                    opportunity=deal, contact=contact, roles=[role.value for role in roles], influence=influence,
                    stance=dice.choice(STANCES), interest=dice.choice(INTERESTS), message=dice.choice(MESSAGES),
                    counterpart_id=deal.owner_id,
                )
            )  # fmt: skip
            talk = talks.get(deal.pk)
            if talk is not None and (place == 0 or dice.random() < 0.4):
                met.append(through(activity_id=talk, contact_id=contact.pk))
    BuyingCentreMember.objects.bulk_create(members)
    through.objects.bulk_create(met)
    return len(members)
