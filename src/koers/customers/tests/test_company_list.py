"""Does the list of a million companies show the rows of the list of a hundred?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory, SegmentFactory

SORTS = [
    "name", "class", "phase", "owner", "segment", "city", "territory", "business_unit", "turnover", "contribution", "last_order", "country",
]  # fmt: skip


@pytest.fixture
def companies(cast):
    """Seventy companies with equal and missing values in every column."""
    today = timezone.localdate()
    segments = [SegmentFactory(name=name) for name in ("Zorg", "Hotels")]
    for number in range(70):
        CompanyFactory(
            name=f"Company {number % 23}", city=("Ede", "Aalst", "")[number % 3], owner=(cast.ann, cast.cora, cast.ben, None)[number % 4],
            segment=(*segments, None)[number % 3], customer_class="ABCD"[number % 4], phase=("growth", "start")[number % 2],
            turnover_12m=number % 9, contribution_12m=(None, 5, 7)[number % 3], country=("NL", "BE")[number % 2],
            last_order_on=None if number % 5 == 0 else today - timedelta(days=number % 7),
        )  # fmt: skip
    CompanyFactory(name="Gone", deleted_at=timezone.now(), owner=cast.ann)


def shown(client, address):
    return [company.pk for company in client.get(address).context["page"].rows]


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_a_very_long_list_shows_the_same_rows_in_the_same_order(
    cast, companies, client, monkeypatch, sort
):
    segment = Company.objects.exclude(segment=None)[0].segment_id
    asked = {
        cast.dirk: ("", "&page=3", f"&segment={segment}", "&q=comp", "&q=ED"),
        cast.ann: ("&page=2", "&q=company 1"),
    }
    for person, settings in asked.items():
        client.force_login(person)
        for more in settings:
            plain = shown(client, f"/customers/?sort={sort}{more}")
            with monkeypatch.context() as patch:
                patch.setattr("koers.core.tables.COUNTED_AT_MOST", 5)
                assert shown(client, f"/customers/?sort={sort}{more}") == plain
