"""What remains to be done once all lines of a file are in?"""

from django.db import connection
from django.db.models import OuterRef, Subquery

from koers.core.data_versions import mark_changed
from koers.core.models import ImportRun
from koers.customers.models import Company
from koers.sell.models import Order


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


TIE = """
UPDATE sell_order SET credit_of_id = (
  SELECT o.id FROM sell_orderline cl
  JOIN sell_orderline ol ON ol.product_id = cl.product_id AND ol.list_price = cl.list_price
  JOIN sell_order o ON o.id = ol.order_id
  WHERE cl.order_id = sell_order.id AND o.company_id = sell_order.company_id AND o.is_credit = {false}
    AND o.ordered_on <= sell_order.ordered_on
  ORDER BY o.ordered_on DESC, o.id DESC LIMIT 1)
WHERE import_run_id = %s AND is_credit = {true} AND credit_of_id IS NULL AND company_id IS NOT NULL
"""


def tie_credits(run: ImportRun) -> int:
    """Tie each credit note to the customer's latest earlier order of the same product at the same price.

    A best guess: files without a reference do not say which order is credited.
    """
    literals = (
        {"true": "true", "false": "false"}
        if connection.vendor == "postgresql"
        else {"true": "1", "false": "0"}
    )
    with connection.cursor() as cursor:
        cursor.execute(TIE.format(**literals), [run.pk])
    return Order.objects.filter(import_run=run, is_credit=True).exclude(credit_of=None).count()
