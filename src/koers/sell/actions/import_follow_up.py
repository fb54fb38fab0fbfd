"""What remains to be done once all lines of a file are in?"""

from bisect import bisect_right
from collections import defaultdict
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from koers.core.data_versions import mark_changed
from koers.core.imports.lookups import batches
from koers.core.models import ImportRun
from koers.customers.models import Company
from koers.sell.models import Order, OrderLine

LAST_ID = 2**63


def assign_owners(run: ImportRun) -> int:
    """Give customers that came in with this batch and have no owner the seller of their latest order."""
    same = (
        ImportRun.objects.filter(batch=run.batch)
        if run.batch
        else ImportRun.objects.filter(pk=run.pk)
    )
    batch = list(same.values_list("pk", flat=True))
    latest = (
        Order.objects.filter(company=OuterRef("pk"))
        .exclude(seller=None)
        .order_by("-ordered_on", "-pk")
    )
    companies = Company.objects.filter(owner=None, import_run_id__in=batch)
    count = (
        companies.annotate(latest=Subquery(latest.values("seller_id")[:1]))
        .exclude(latest=None)
        .update(owner_id=Subquery(latest.values("seller_id")[:1]))
    )
    mark_changed("company")
    return count


def tie_credits(run: ImportRun) -> int:
    """Tie each credit note to the customer's latest earlier order of the same product at the same price.

    A best guess: files without a reference do not say which order is credited.
    """
    loose = Order.objects.filter(import_run=run, is_credit=True, credit_of=None).exclude(
        company=None
    )
    companies = sorted(set(loose.values_list("company_id", flat=True)))
    for part in batches(companies):
        _tie_credits_of(loose.filter(company_id__in=part), part)
    return Order.objects.filter(import_run=run, is_credit=True).exclude(credit_of=None).count()


def _tie_credits_of(credits_: QuerySet[Order], companies: list[int]) -> None:
    lines = OrderLine.objects.filter(order__company_id__in=companies).exclude(product=None)
    sold: dict[tuple[int | None, ...], list[tuple[date, int]]] = defaultdict(list)
    for company, product, price, day, order in lines.filter(order__is_credit=False).values_list(
        "order__company_id", "product_id", "list_price", "order__ordered_on", "order_id"
    ):
        sold[company, product, price].append((day, order))
    for found in sold.values():
        found.sort()
    tied: dict[int, int] = {}
    for company, product, price, day, order in lines.filter(order__in=credits_).values_list(
        "order__company_id", "product_id", "list_price", "order__ordered_on", "order_id"
    ):
        earlier = sold.get((company, product, price), [])
        place = bisect_right(earlier, (day, LAST_ID))
        if place:
            tied[order] = max(tied.get(order, 0), earlier[place - 1][1])
    Order.objects.bulk_update(
        [Order(pk=key, credit_of_id=value) for key, value in tied.items()],
        ["credit_of"],
        batch_size=400,
    )
