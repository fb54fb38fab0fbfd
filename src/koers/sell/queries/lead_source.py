"""How many visible leads came from each source, how did they end, what did they cost?"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from koers.core.actor import Actor
from koers.sell.models.lead import LeadSource, LeadStatus
from koers.sell.queries.lead import leads_visible_to


@dataclass(frozen=True, slots=True)
class SourceCost:
    """What leads cost in one currency: those whose cost is known, and the converted ones of them."""

    currency: str
    cost: Decimal
    leads: int
    converted: int


@dataclass(frozen=True, slots=True)
class SourceCount:
    """Leads of one source; ``source`` is empty for all sources together."""

    source: str
    leads: int
    converted: int
    disqualified: int
    costs: tuple[SourceCost, ...]

    @property
    def decided(self) -> int:
        """Leads that were converted or disqualified."""
        return self.converted + self.disqualified

    @property
    def open(self) -> int:
        """Leads still to be decided."""
        return self.leads - self.decided

    @property
    def without_cost(self) -> int:
        """Leads of which nobody wrote down what they cost."""
        return self.leads - sum(cost.leads for cost in self.costs)

    @property
    def label(self) -> str:
        """The source in words; empty for all together."""
        return str(LeadSource(self.source).label) if self.source else ""


def counts_by_source(actor: Actor) -> list[SourceCount]:
    """Sources that brought a lead the actor sees, suspect ones left out, in their usual order, with one query."""
    converted = Q(status=LeadStatus.CONVERTED)
    rows = (
        leads_visible_to(actor)
        .exclude(status=LeadStatus.SUSPECT)
        .order_by()
        .values("source", "currency")
        .annotate(
            leads=Count("pk"), converted=Count("pk", filter=converted), disqualified=Count("pk", filter=Q(status=LeadStatus.DISQUALIFIED)),
            costed=Count("cost"), costed_converted=Count("cost", filter=converted), spent=Sum("cost"),
        )
    )  # fmt: skip
    found = defaultdict(list)
    for row in rows.order_by("currency"):
        found[row["source"]].append(row)
    return [
        SourceCount(
            source=source, leads=sum(row["leads"] for row in found[source]), converted=sum(row["converted"] for row in found[source]),
            disqualified=sum(row["disqualified"] for row in found[source]),
            costs=tuple(SourceCost(row["currency"], row["spent"], row["costed"], row["costed_converted"]) for row in found[source] if row["costed"]),
        )
        for source in LeadSource.values
        if source in found
    ]  # fmt: skip


def together(counts: list[SourceCount]) -> SourceCount:
    """All sources as one, costs per currency."""
    spent: dict[str, list[SourceCost]] = defaultdict(list)
    for count in counts:
        for cost in count.costs:
            spent[cost.currency].append(cost)
    return SourceCount(
        source="", leads=sum(each.leads for each in counts), converted=sum(each.converted for each in counts),
        disqualified=sum(each.disqualified for each in counts),
        costs=tuple(
            SourceCost(currency, sum((each.cost for each in costs), Decimal(0)), sum(each.leads for each in costs), sum(each.converted for each in costs))
            for currency, costs in sorted(spent.items())
        ),
    )  # fmt: skip
