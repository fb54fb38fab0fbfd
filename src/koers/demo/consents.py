"""What did the demo company's contacts say about being called and mailed?"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from koers.customers.models import Consent, Contact

SEED = 2107
YEARS_BACK, DAYS_IN_YEAR = 3, 365
PROOFS = (
    "Vinkje op het aanvraagformulier: “Ja, bel en mail mij over aanbiedingen.”",
    "Op de beurs gezegd, visitekaartje met handtekening bewaard.",
    "Telefonisch aan de binnendienst.",
    "Antwoord op onze brief.",
)
REFUSALS = (
    "Mail aan de accountmanager.",
    "Telefonisch: geen aanbiedingen meer.",
    "Afgemeld via het formulier.",
)
NO = (Consent.Said.WITHDRAWN, Consent.Said.OBJECTED, Consent.Said.RESTRICTED)


def write_consents(today: date) -> int:
    """Six in ten contacts agreed once, some of those took it back; with dice of their own."""
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    made = []
    for contact, owner in Contact.objects.order_by("pk").values_list("pk", "company__owner_id"):
        if dice.random() < 0.6:
            day = today - timedelta(days=dice.randrange(60, YEARS_BACK * DAYS_IN_YEAR))
            made.append(_line(contact, owner, Consent.Said.GIVEN, Consent.Channel.ALL, day, dice))
            if dice.random() < 0.08:
                later = day + timedelta(days=dice.randrange(1, 50))
                channel = dice.choice((Consent.Channel.PHONE, Consent.Channel.MAIL, Consent.Channel.ALL))  # fmt: skip
                made.append(_line(contact, owner, dice.choice(NO), channel, later, dice))
    Consent.objects.bulk_create(made, batch_size=500)
    return len(made)


def _line(contact: int, owner: int | None, said: str, channel: str, day: date, dice: random.Random) -> Consent:  # fmt: skip
    at = timezone.make_aware(datetime.combine(day, time(9)))
    return Consent(contact_id=contact, said=said, channel=channel, said_on=day, proof=dice.choice(REFUSALS if said in NO else PROOFS), made_by_id=owner, made_at=at)  # fmt: skip
