"""Which columns, types and units do the figures expect of the facts?

Amounts are whole ten-thousandths of the base currency unit (suffix ``_e4``), so sums are exact.
"""

ORDER_LINE = {
    "line_id": "BIGINT",
    "order_id": "BIGINT",
    "order_number": "VARCHAR",
    "order_date": "DATE",
    "company_id": "BIGINT",  # null: the customer is unknown
    "seller_id": "BIGINT",
    "product_id": "BIGINT",
    "territory_id": "BIGINT",
    "kind": "VARCHAR",  # goods or fee
    "is_credit": "BOOLEAN",
    "quantity_e4": "BIGINT",
    "list_e4": "BIGINT",  # list price times quantity
    "discount_e4": "BIGINT",
    "net_e4": "BIGINT",  # turnover; negative on credit lines; null when a rate is missing
    "cost_e4": "BIGINT",  # null: the cost is unknown
    "currency": "VARCHAR",  # of the order; the amounts above are converted
    "rate_e8": "BIGINT",  # what they were converted with; null in the base currency
}
CUSTOMER_VALUE = {
    "company_id": "BIGINT",
    "frequency": "INTEGER",  # purchase days after the first
    "recency": "INTEGER",  # days from the first to the last purchase
    "age": "INTEGER",  # days from the first purchase to the day of measuring
    "monetary": "DOUBLE",  # mean spent on a repeat purchase day
    "p_alive": "DOUBLE",
    "purchases": "DOUBLE",  # expected over the horizon
    "purchases_low": "BIGINT",  # 80 % interval
    "purchases_high": "BIGINT",
    "spend_each": "DOUBLE",  # expected per purchase
    "spend_cents": "BIGINT",  # expected over the horizon, discounted
    "value_cents": "BIGINT",  # the same times the margin; null: no cost is known
    "margin": "DOUBLE",
    "spend_before_cents": "BIGINT",  # a year before, under the same model; null: no bridge
    "value_before_cents": "BIGINT",
    "kind": "VARCHAR",  # step of the bridge
}
CUSTOMER_VALUE_RUN = {
    "as_of": "DATE",
    "before": "DATE",  # where the bridge begins
    "model": "VARCHAR",
    "why_not": "VARCHAR",  # why nothing could be valued
    "details": "VARCHAR",  # JSON
}
NEXT_BEST = {
    "company_id": "BIGINT",
    "action": "VARCHAR",
    "gain": "DOUBLE",  # contribution; spending where no cost is known
    "spend_gain": "DOUBLE",  # spending; null where only the cost tells that the action fits
    "hours": "DOUBLE",
    "stake": "DOUBLE",
    "what": "VARCHAR",
    "peers": "BIGINT",
    "peers_buying": "BIGINT",
    "discount": "DOUBLE",
    "peers_discount": "DOUBLE",
}
CUSTOMER_HEALTH = {
    "company_id": "BIGINT",
    "phase": "VARCHAR",  # of the life cycle, on the day of measuring
    "purchase_days": "INTEGER",
    "silent": "INTEGER",  # days since the last purchase day
    "rhythm": "DOUBLE",  # mean days between purchase days; null after one
    "turnover_e4": "BIGINT",  # of the months the trend looks at
    "turnover_before_e4": "BIGINT",  # of the same months a year before; null: nothing to compare with
    "nps": "INTEGER",  # last answer that is not too old
    "nps_on": "DATE",
    "contact_on": "DATE",
    "contact_norm": "DOUBLE",  # days from one contact to the next
    "has_norm": "BOOLEAN",  # the days come from a visit norm
    "p_alive": "DOUBLE",
    "stays_spend_cents": "BIGINT",  # expected over a year if it stays a customer
    "stays_value_cents": "BIGINT",  # the same times the margin; null: no cost is known
    "recency": "DOUBLE",  # parts from 0 to 1; null: not known
    "trend": "DOUBLE",
    "feedback": "DOUBLE",
    "contact": "DOUBLE",
    "score": "DOUBLE",  # 0-100; null: nothing is known
    "coverage": "DOUBLE",  # share of the weights that is known
    "risk": "DOUBLE",  # 0-1 from recency and trend
}
CUSTOMER_HEALTH_RUN = {
    "as_of": "DATE",
    "rule_version": "BIGINT",
    "rules": "VARCHAR",  # JSON
}
AMOUNTS = ("list_e4", "discount_e4", "net_e4", "cost_e4")
SMALL_TABLES: dict[str, dict[str, str]] = {
    "company": {
        "company_id": "BIGINT",
        "name": "VARCHAR",
        "owner_id": "BIGINT",
        "segment": "VARCHAR",
        "territory_id": "BIGINT",
        "sbu_id": "BIGINT",
        "country": "VARCHAR",
        "created": "DATE",
        "notice_given_on": "DATE",
    },
    "product": {
        "product_id": "BIGINT",
        "code": "VARCHAR",
        "name": "VARCHAR",
        "group_id": "BIGINT",
        "group_name": "VARCHAR",
        "category_id": "BIGINT",
        "category_name": "VARCHAR",
        "sbu_id": "BIGINT",
    },
    "person": {
        "person_id": "BIGINT",
        "name": "VARCHAR",
        "team_id": "BIGINT",
        "team_name": "VARCHAR",
        "sbu_id": "BIGINT",
    },
    "territory": {
        "territory_id": "BIGINT",
        "name": "VARCHAR",
        "parent_id": "BIGINT",
        "top_name": "VARCHAR",
    },
    "sbu": {"sbu_id": "BIGINT", "name": "VARCHAR"},
    "target": {
        "target_id": "BIGINT",
        "person_id": "BIGINT",
        "territory_id": "BIGINT",
        "product_group_id": "BIGINT",
        "period_start": "DATE",
        "period_end": "DATE",  # excluded
        "amount_e4": "BIGINT",
        "currency": "VARCHAR",
    },
    "wallet": {
        "wallet_id": "BIGINT",
        "company_id": "BIGINT",
        "day": "DATE",
        "amount_e4": "BIGINT",  # purchases a year from all suppliers together
        "currency": "VARCHAR",  # of the amount, which is not converted
    },
    "rate": {"currency": "VARCHAR", "date": "DATE", "rate_e8": "BIGINT", "base": "VARCHAR"},
    "customer_value": CUSTOMER_VALUE,  # computed from the others, see customers/value/valuation.py
    "customer_value_run": CUSTOMER_VALUE_RUN,
    "next_best": NEXT_BEST,
    "customer_health": CUSTOMER_HEALTH,  # see customers/health.py
    "customer_health_run": CUSTOMER_HEALTH_RUN,
}


def empty_select(columns: dict[str, str]) -> str:
    """SQL of a table without rows, for a part that has not been filled yet."""
    return (
        "SELECT "
        + ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items())
        + " WHERE false"
    )
