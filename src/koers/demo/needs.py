"""What do the customers of the demo company's open deals want, and what does it answer?"""

import random
from collections import defaultdict

from koers.customers.models import Contact
from koers.sell.models import Need, NeedKind, NeedStatus, Opportunity, StageKind

SEED = 1118
SHARE = 0.7
# kind, what was said, what is answered in words
WANTS = (
    (NeedKind.NEED, "Tussen zes en acht mag de keuken niet stilvallen.", "Tweede oven en onderhoud binnen vier uur"),
    (NeedKind.NEED, "Het energieverbruik moet een vijfde omlaag.", "Combisteamer met warmteterugwinning"),
    (NeedKind.WISH, "Liever één leverancier voor keuken en verbruik.", "Jaarafspraak voor verbruik erbij"),
    (NeedKind.WISH, "De koks willen het bedienen zonder cursus.", "Gebruikersinstructie op locatie"),
    (NeedKind.EXPECTATION, "De monteur komt op de dag die is afgesproken.", "Vaste monteur in de regio"),
    (NeedKind.EXPECTATION, "De keuken is HACCP-bestendig.", "HACCP-training voor het team"),
    (NeedKind.NEED, "De vaat van driehonderd gasten moet in een uur gedaan zijn.", ""),
    (NeedKind.WISH, "Betalen in termijnen over het boekjaar.", ""),
)  # fmt: skip


def write_needs() -> int:
    """Some wants of most open deals, said by the customer's contacts; dice of its own, so that the rest stays."""
    dice = random.Random(SEED)  # noqa: S311 -- a made-up company
    deals = Opportunity.objects.filter(stage_kind=StageKind.OPEN, company__isnull=False).order_by("pk")  # fmt: skip
    people: defaultdict[int, list[int]] = defaultdict(list)
    for key, company in Contact.objects.filter(company__in=deals.values("company"), deleted_at=None).order_by("pk").values_list("pk", "company_id"):  # fmt: skip
        people[company].append(key)
    made = []
    for deal in deals:
        if dice.random() > SHARE:
            continue
        for kind, text, answer in dice.sample(WANTS, dice.randint(2, 5)):
            status = dice.choice((NeedStatus.MET, NeedStatus.MET, NeedStatus.PARTLY)) if answer else NeedStatus.NOT  # fmt: skip
            known = people[deal.company_id or 0]
            made.append(
                Need(
                    opportunity=deal, kind=kind, text=text, contact_id=dice.choice(known) if known else None, importance=dice.randint(2, 5),
                    answer=answer, status=status, product_id=deal.product_id if status == NeedStatus.MET and dice.random() < 0.5 else None,
                )
            )  # fmt: skip
    Need.objects.bulk_create(made)
    return len(made)
