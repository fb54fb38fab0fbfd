"""Which rows of the database become facts? The only SQL that reads the tables for analysis."""

from dataclasses import dataclass
from datetime import date

from koers.core.periods import add_months

ORDER_LINES = """
SELECT l.id, l.order_id, o.number, o.ordered_on, o.company_id, o.seller_id, l.product_id, o.territory_id,
       CASE WHEN l.is_fee THEN 'fee' ELSE 'goods' END, o.is_credit, l.quantity,
       CASE WHEN l.list_price IS NULL THEN l.net + l.discount ELSE CAST(round(l.list_price * (l.quantity / 10000.0)) AS BIGINT) END,
       l.discount, l.net, l.cost, o.currency
FROM sell_orderline l JOIN sell_order o ON o.id = l.order_id
WHERE o.ordered_on >= %s AND o.ordered_on < %s
"""
ORDER_LINE_TYPES = {
    "line_id": "int64",
    "order_id": "int64",
    "order_number": "string",
    "order_date": "date32",
    "company_id": "int64",
    "seller_id": "int64",
    "product_id": "int64",
    "territory_id": "int64",
    "kind": "string",
    "is_credit": "bool",
    "quantity_e4": "int64",
    "list_e4": "int64",
    "discount_e4": "int64",
    "net_e4": "int64",
    "cost_e4": "int64",
    "currency": "string",
}


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table that is read whole when its part changed."""

    name: str
    part: str
    sql: str
    types: dict[str, str]


SMALL_TABLES = (
    SmallTable(
        "company",
        "company",
        """SELECT c.id, c.name, c.owner_id, coalesce(s.name, ''), c.territory_id, c.business_unit_id, c.country,
                  coalesce(CAST(c.customer_since AS TEXT), ''), coalesce(CAST(c.notice_given_on AS TEXT), '')
           FROM customers_company c LEFT JOIN customers_segment s ON s.id = c.segment_id
           WHERE c.deleted_at IS NULL""",
        {
            "company_id": "int64",
            "name": "string",
            "owner_id": "int64",
            "segment": "string",
            "territory_id": "int64",
            "sbu_id": "int64",
            "country": "string",
            "created": "date32",
            "notice_given_on": "date32",
        },
    ),
    SmallTable(
        "product",
        "product",
        """SELECT p.id, p.code, p.name, p.group_id, coalesce(g.name, ''), coalesce(t.id, g.id),
                  coalesce(t.name, g.name, ''), coalesce(g.business_unit_id, t.business_unit_id)
           FROM catalogue_product p
           LEFT JOIN catalogue_productgroup g ON g.id = p.group_id
           LEFT JOIN catalogue_productgroup t ON t.id = g.parent_id""",
        {
            "product_id": "int64",
            "code": "string",
            "name": "string",
            "group_id": "int64",
            "group_name": "string",
            "category_id": "int64",
            "category_name": "string",
            "sbu_id": "int64",
        },
    ),
    SmallTable(
        "person",
        "person",
        """SELECT u.id, u.full_name, u.team_id, coalesce(t.name, ''), coalesce(u.business_unit_id, t.business_unit_id)
           FROM organisation_user u LEFT JOIN organisation_team t ON t.id = u.team_id""",
        {
            "person_id": "int64",
            "name": "string",
            "team_id": "int64",
            "team_name": "string",
            "sbu_id": "int64",
        },
    ),
    SmallTable(
        "territory",
        "territory",
        """WITH RECURSIVE tree(id, name, parent_id, top_name) AS (
               SELECT id, name, parent_id, name FROM organisation_territory WHERE parent_id IS NULL
               UNION ALL
               SELECT t.id, t.name, t.parent_id, tree.top_name
               FROM organisation_territory t JOIN tree ON t.parent_id = tree.id)
           SELECT id, name, parent_id, top_name FROM tree""",
        {"territory_id": "int64", "name": "string", "parent_id": "int64", "top_name": "string"},
    ),
    SmallTable(
        "sbu",
        "sbu",
        "SELECT id, name FROM organisation_businessunit",
        {"sbu_id": "int64", "name": "string"},
    ),
    SmallTable(
        "target",
        "target",
        """SELECT id, person_id, territory_id, product_group_id, period_start, period_end, amount, currency
           FROM plan_target""",
        {
            "target_id": "int64",
            "person_id": "int64",
            "territory_id": "int64",
            "product_group_id": "int64",
            "period_start": "date32",
            "period_end": "date32",
            "amount_e4": "int64",
            "currency": "string",
        },
    ),
    SmallTable(
        "wallet",
        "wallet",
        "SELECT id, company_id, day, amount, currency FROM customers_wallet WHERE deleted_at IS NULL",
        {
            "wallet_id": "int64",
            "company_id": "int64",
            "day": "date32",
            "amount_e4": "int64",
            "currency": "string",
        },
    ),
    SmallTable(
        "rate",
        "rate",
        "SELECT currency, valid_on, rate_e8, base FROM core_exchangerate",
        {"currency": "string", "date": "date32", "rate_e8": "int64", "base": "string"},
    ),
)


def month_bounds(part: str) -> tuple[date, date]:
    """First day of the month of an 'order_line:YYYY-MM' part, and of the month after."""
    year, month = part.partition(":")[2].split("-")
    start = date(int(year), int(month), 1)
    return start, add_months(start, 1)
