"""Who may become customers of the demo company, and what became of earlier ones?"""

import random
from datetime import date, timedelta
from decimal import Decimal

from koers.demo.relations import Relation
from koers.sell.models import Lead, LeadSource, LeadStatus
from koers.sell.queries.lead_score import score_of

LEADS = 64
KINDS = (
    "Bistro",
    "Lunchroom",
    "Hotel",
    "Brasserie",
    "Bakkerij",
    "Cateraar",
    "Zorghuis",
    "Grand café",
)
PLACES = ("Goes", "Tiel", "Sneek", "Assen", "Venlo", "Hoorn", "Ede", "Weert", "Kampen", "Gouda")
NAMES = (
    "De Haven",
    "Zonnehoek",
    "Het Plein",
    "Bosrand",
    "De Kade",
    "Molenzicht",
    "Aan de Maas",
    "De Linde",
)
FIRST = ("Sanne", "Mark", "Yasmin", "Pieter", "Noor", "Thijs", "Fatima", "Ruben")
LAST = ("Bakker", "de Boer", "Yilmaz", "Vos", "Hendriks", "Peters", "van Dam", "Koster")
TITLES = ("Eigenaar", "Inkoper", "Chef-kok", "Medewerker", "Locatiemanager", "")
NEEDS = (
    "Nieuwe keuken voor een tweede vestiging",
    "Vervanging van de vaatstraat in het voorjaar",
    "Wil offerte voor disposables per maand",
    "",
)
FAIRS = ("Horecava", "Gastvrij Rotterdam")
WHY_NOT = ("Geen budget", "Te klein", "Heeft een contract elders", "Niet bereikbaar")
COSTS = {
    LeadSource.FAIR: (45, 120),
    LeadSource.CAMPAIGN: (8, 30),
    LeadSource.ADVERTISEMENT: (15, 60),
    LeadSource.LIST: (1, 3),
}
STATUSES = ("new", "new", "working", "working", "disqualified", "disqualified", "converted")  # fmt: skip


def write_leads(relations: list[Relation], today: date) -> None:
    """Leads of the last half year in all states; converted ones point at a customer won since.

    Has dice of its own, so that orders and targets stay what they are.
    """
    dice = random.Random(LEADS)  # noqa: S311 -- reproducible, not secret
    sellers = sorted({relation.seller.id for relation in relations})
    young = [relation for relation in relations if (today - relation.first).days < 365]
    leads = [_lead(dice, sellers, young, today) for _number in range(LEADS)]
    Lead.objects.bulk_create(leads)


def _lead(dice: random.Random, sellers: list[int], young: list[Relation], today: date) -> Lead:
    status = dice.choice(STATUSES) if young else dice.choice(STATUSES[:-1])
    is_open = status in (LeadStatus.NEW, LeadStatus.WORKING)
    received = today - timedelta(days=dice.randint(0, 40) if is_open else dice.randint(30, 180))
    source = dice.choice(LeadSource.values)
    name = f"{dice.choice(KINDS)} {dice.choice(NAMES)}"
    lead = Lead(
        company_name=name, first_name=dice.choice(FIRST), last_name=dice.choice(LAST), job_title=dice.choice(TITLES),
        email=f"info@{name.lower().replace(' ', '-').replace('é', 'e')}.example" if dice.random() < 0.7 else "",
        phone=f"06{dice.randint(10_000_000, 99_999_999)}" if dice.random() < 0.7 else "", city=dice.choice(PLACES),
        need=dice.choice(NEEDS), source=source, source_detail=dice.choice(FAIRS) if source == LeadSource.FAIR else "",
        cost=Decimal(dice.randint(*COSTS[LeadSource(source)])) if source in COSTS else None, currency="EUR",
        received_on=received, owner_id=dice.choice(sellers), status=status,
    )  # fmt: skip
    if not is_open:
        lead.decided_on = min(received + timedelta(days=dice.randint(3, 30)), today)
    if status == LeadStatus.DISQUALIFIED:
        lead.disqualified_because = dice.choice(WHY_NOT)
    if status == LeadStatus.CONVERTED:
        lead.company_id = dice.choice(young).id
    lead.score = score_of(lead)
    return lead
