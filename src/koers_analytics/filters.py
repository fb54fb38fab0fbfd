"""Which lines does a figure count, and whose may the reader see?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

LINE_SOURCE = """order_line l
  LEFT JOIN company c ON c.company_id = l.company_id
  LEFT JOIN product p ON p.product_id = l.product_id
  LEFT JOIN person s ON s.person_id = l.seller_id
  LEFT JOIN territory t ON t.territory_id = coalesce(l.territory_id, c.territory_id)
  LEFT JOIN sbu b ON b.sbu_id = coalesce(p.sbu_id, c.sbu_id, s.sbu_id)"""


@dataclass(frozen=True, slots=True)
class FactFilter:
    """A choice of lines; the period excludes its end, an empty choice means all.

    ``visible_people``: a line is visible when its customer's owner or its seller is among them;
    None shows all. Fee lines (postage, bank charges) stay out unless asked for.
    """

    start: date | None = None
    end: date | None = None
    seller_ids: Collection[int] = ()
    team_ids: Collection[int] = ()
    company_ids: Collection[int] = ()
    product_ids: Collection[int] = ()
    group_ids: Collection[int] = ()
    category_ids: Collection[int] = ()
    territory_ids: Collection[int] = ()
    sbu_ids: Collection[int] = ()
    segments: Collection[str] = ()
    include_fees: bool = False
    visible_people: frozenset[int] | None = None

    def where(self, *, fees: bool | None = None) -> tuple[str, list[object]]:
        """SQL condition over ``LINE_SOURCE`` with ``?`` marks, and its values."""
        terms: list[str] = []
        values: list[object] = []
        if not (self.include_fees if fees is None else fees):
            terms.append("l.kind = 'goods'")
        for column, mark, bound in (
            ("l.order_date", ">=", self.start),
            ("l.order_date", "<", self.end),
        ):
            if bound is not None:
                terms.append(f"{column} {mark} ?")
                values.append(bound)
        for column, chosen in self._choices():
            if chosen:
                terms.append(f"list_contains(?, {column})")
                values.append(sorted(chosen))  # type: ignore[type-var]
        if self.visible_people is not None:
            terms.append(
                "(list_contains(?::BIGINT[], c.owner_id) OR list_contains(?::BIGINT[], l.seller_id))"
            )
            people = sorted(self.visible_people)
            values += [people, people]
        return " AND ".join(terms) or "true", values

    def _choices(self) -> list[tuple[str, Collection[object]]]:
        return [
            ("l.seller_id", self.seller_ids),
            ("s.team_id", self.team_ids),
            ("l.company_id", self.company_ids),
            ("l.product_id", self.product_ids),
            ("p.group_id", self.group_ids),
            ("p.category_id", self.category_ids),
            ("coalesce(l.territory_id, c.territory_id)", self.territory_ids),
            ("b.sbu_id", self.sbu_ids),
            ("c.segment", self.segments),
        ]

    def company_where(self) -> tuple[str, list[object]]:
        """Condition on ``company c`` alone, for customers without lines."""
        terms: list[str] = []
        values: list[object] = []
        choices: list[tuple[str, Collection[object]]] = [
            ("c.company_id", self.company_ids),
            ("c.territory_id", self.territory_ids),
            ("c.sbu_id", self.sbu_ids),
            ("c.segment", self.segments),
        ]
        for column, chosen in choices:
            if chosen:
                terms.append(f"list_contains(?, {column})")
                values.append(sorted(chosen))  # type: ignore[type-var]
        if self.visible_people is not None:
            terms.append("list_contains(?::BIGINT[], c.owner_id)")
            values.append(sorted(self.visible_people))
        return " AND ".join(terms) or "true", values
