"""What kind of purchase are the demo company's deals, and what do its people know of need and buying process?"""

import random
from datetime import date

from koers.sell.actions.approach import fill_approaches
from koers.sell.models import BuyingSituation, Opportunity, SellingRole

SEED = 1117
NEEDS = (
    "De keuken haalt de piek tussen zes en acht niet meer.",
    "Storingen in het weekend kosten omzet en gasten.",
    "De energierekening moet omlaag voor de nieuwe huurperiode.",
    "De tweede locatie opent in het voorjaar en moet dezelfde kaart aankunnen.",
)
PROCESSES = (
    "Chef stelt voor, directie beslist in het maandoverleg, inkoop vraagt drie offertes.",
    "Eigenaar beslist zelf na een referentiebezoek.",
    "Begroting in november, bestelling uiterlijk in januari.",
)
REASONS = (
    "De keuken wordt geheel opnieuw ingericht.",
    "Er is een nieuwe inkoper die alles opnieuw bekijkt.",
)


def write_approaches(today: date) -> int:
    """Fill in what the orders point to; some know the need and the process, a few overruled the proposal."""
    dice = random.Random(SEED)  # noqa: S311 -- a made-up company
    deals = list(Opportunity.objects.select_related("company", "product__group").order_by("pk"))
    filled = fill_approaches(deals, today=today)
    for deal in deals:
        if dice.random() < 0.6:
            deal.need = dice.choice(NEEDS)
        if dice.random() < 0.4:
            deal.buying_process = dice.choice(PROCESSES)
        if deal.buying_situation == BuyingSituation.MODIFIED and dice.random() < 0.15:
            deal.buying_situation, deal.situation_because = (
                BuyingSituation.NEW_TASK,
                dice.choice(REASONS),
            )
        if deal.selling_role == SellingRole.SOLUTION and dice.random() < 0.15:
            deal.selling_role, deal.role_because = (
                SellingRole.INTEGRATED,
                "Wij zitten in het bouwteam van de klant.",
            )
    fields = [
        "need",
        "buying_process",
        "buying_situation",
        "situation_because",
        "selling_role",
        "role_because",
    ]
    Opportunity.objects.bulk_update(deals, fields, batch_size=200)
    return filled
