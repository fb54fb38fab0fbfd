"""Does a search by the beginning of a word walk an index, on SQLite and PostgreSQL alike?"""

import pytest
from django.db import connection
from django.db.models import Q

from koers.catalogue.models import Product
from koers.customers.models import Company, Contact


@pytest.mark.parametrize(
    ("model", "living", "fields", "indexes"),
    [
        (
            Company,
            {"deleted_at": None},
            ("name", "city"),
            {"companies_search_name", "companies_search_city"},
        ),
        (Contact, {}, ("last_name",), {"contacts_search_name"}),
        (Product, {}, ("name", "code"), {"products_search_name", "products_search_code"}),
    ],
)
def test_a_search_by_beginning_walks_its_indexes(db, model, living, fields, indexes):
    wanted = Q()
    living = living if connection.vendor == "sqlite" else {}
    for field in fields:
        wanted |= Q(**living, **{f"{field}__istartswith": "ac"})
    if connection.vendor == "postgresql":  # its indexes hold the bin too
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = model.objects.filter(wanted).order_by().explain()
    assert {name for name in indexes if name in plan} == indexes
