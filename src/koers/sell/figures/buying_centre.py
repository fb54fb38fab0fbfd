"""How much support do we have in the buying centre, and how much of it have we met (F7.3)?"""

from dataclasses import dataclass

from koers.sell.queries.buying_centre import BuyingCentre


@dataclass(frozen=True, slots=True)
class Support:
    """Support from -1 to 1 and coverage 0-1, with what they were made of; None without members."""

    support: float | None
    coverage: float | None
    influence: int
    weighted: int
    met: int


def support_of(centre: BuyingCentre) -> Support:
    """F7.3 over the members of a buying centre."""
    from koers_analytics.formulas import run_formula  # noqa: PLC0415 -- slow import

    members = centre.members
    if not members:
        return Support(None, None, 0, 0, 0)
    influence = [each.member.influence for each in members]
    stance = [int(each.member.stance) for each in members]
    met = [int(each.last_contact is not None) for each in members]
    support, coverage = run_formula("F7.3", {"infl": influence, "stance": stance, "met": met})
    return Support(
        support, coverage, sum(influence),
        sum(i * s for i, s in zip(influence, stance, strict=True)),
        sum(i for i, m in zip(influence, met, strict=True) if m),
    )  # fmt: skip
