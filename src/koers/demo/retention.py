"""What in the demo company is past its term, so that letting go can be seen?"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from koers.core.periods import add_months
from koers.customers.models import Company, Consent, Contact
from koers.sell.models import Lead, LeadStatus

GONE = (("Joke", "Wessels"), ("Ton", "Verhagen"), ("Nadia", "Amrani"), ("Kees", "Schippers"), ("Lotte", "Brink"))  # fmt: skip
LOST = (("Lunchroom De Brug", "Marja", "Kuipers"), ("Eetcafé Noord", "Bas", "Tuinman"), ("Hotel Het Anker", "Iris", "Postma"))  # fmt: skip
BIN_MONTHS, LOST_MONTHS = 14, 15


def write_retention(today: date) -> None:
    """Contacts long in the bin, one of whom asked to restrict his data, and leads lost long ago."""
    company = Company.objects.filter(deleted_at=None).order_by("pk").first()
    if company is None:
        return
    binned = timezone.make_aware(datetime.combine(add_months(today, -BIN_MONTHS), time(16)))
    contacts = [
        Contact.objects.create(
            company=company, first_name=first, last_name=last, job_title="Inkoper", phone="0612345678",
            deleted_at=binned - timedelta(days=9 * number),
        )
        for number, (first, last) in enumerate(GONE)
    ]  # fmt: skip
    Consent.objects.create(
        contact=contacts[-1], said=Consent.Said.RESTRICTED, channel=Consent.Channel.ALL, said_on=binned.date(),
        proof="Brief: gegevens bewaren tot zijn klacht is afgehandeld.", made_by_id=company.owner_id, made_at=binned,
    )  # fmt: skip
    decided = add_months(today, -LOST_MONTHS)
    for number, (name, first, last) in enumerate(LOST):
        Lead.objects.create(
            company_name=name, first_name=first, last_name=last, currency="EUR", owner_id=company.owner_id,
            received_on=decided - timedelta(days=20), status=LeadStatus.DISQUALIFIED,
            disqualified_because="Geen budget", decided_on=decided - timedelta(days=number),
        )  # fmt: skip
