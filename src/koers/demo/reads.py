"""Who looked at which customers of the demo company in the last weeks?"""

import random
from datetime import datetime, timedelta

from koers.core.actor import Channel
from koers.core.models import RecordRead
from koers.customers.models import Company, Contact

SEED = 579
LOOKED_AT, DAYS, MOST_LOOKS = 60, 21, 4


def write_reads(at: datetime) -> int:
    """The owners' looks at their first customers and a contact of each; with dice of their own."""
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    hour = at.replace(minute=0, second=0, microsecond=0)
    made = {}
    companies = list(Company.objects.filter(deleted_at=None).exclude(owner=None).order_by("pk")[:LOOKED_AT])  # fmt: skip
    people = dict(Contact.objects.filter(company__in=companies, deleted_at=None).order_by("-pk").values_list("company", "pk"))  # fmt: skip
    for company in companies:
        for _look in range(dice.randint(1, MOST_LOOKS)):
            moment = hour - timedelta(days=dice.randrange(DAYS), hours=dice.randrange(1, 9))
            for noun, number in (("company", company.pk), ("contact", people.get(company.pk))):
                if number is not None and company.owner_id is not None:
                    made[company.owner_id, noun, number, moment] = RecordRead(
                        user_id=company.owner_id, noun=noun, object_id=number, channel=Channel.SCREEN.value, hour=moment
                    )  # fmt: skip
    RecordRead.objects.bulk_create(made.values(), batch_size=500)
    return len(made)
