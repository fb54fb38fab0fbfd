"""What is known of each deal, to learn from?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from koers.core.actor import Actor
from koers.sell.models import StageKind
from koers.sell.queries.opportunity import opportunities_visible_to

COLUMNS = {
    "seller": "owner_id",
    "team": "owner__team_id",
    "product": "product_id",
    "product group": "product__group_id",
    "list price": "product__list_price",
    "customer": "company_id",
    "segment": "company__segment_id",
    "sector": "company__industry",
    "country": "company__country",
    "employees": "company__employees",
    "pipeline": "stage__pipeline_id",
    "amount": "amount",
    "competitor": "competitor",
    "lost reason": "lost_reason",
}
NUMBERS = frozenset({"list price", "employees", "amount"})
DealRow = tuple[int, bool | None, date | None, dict[str, str | float | None]]


def deals_to_learn_from(actor: Actor) -> Iterator[DealRow]:
    """Each visible deal: key, won (None while open), day of the decision, and what is known.

    Stage and day of closing are not offered: they are the result itself.
    """
    rows = (
        opportunities_visible_to(actor)
        .select_related(None)
        .order_by("pk")
        .values_list("pk", "stage_kind", "closed_on", "opened_on", *COLUMNS.values())
    )
    for key, kind, closed, opened, *values in rows.iterator(chunk_size=5000):
        known = {name: _value(name, value) for name, value in zip(COLUMNS, values, strict=True)}
        known["month of opening"] = f"{opened.month:02}" if opened else None
        still = kind == StageKind.OPEN
        yield key, None if still else kind == StageKind.WON, None if still else closed, known


def _value(name: str, value: Any) -> str | float | None:
    if value in (None, ""):
        return None
    if name in NUMBERS:
        return float(value) if isinstance(value, (Decimal, int)) else None
    return str(value)
