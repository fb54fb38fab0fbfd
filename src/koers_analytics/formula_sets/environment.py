"""Chapter 3: which formulas read a strongly changing environment?"""

import math

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    num,
    out,
    part,
    percent,
    ratio,
    seq,
)

WHOLE_MARKET = 100


def factor_priority(p: Number, impact: Number) -> Number:
    """Probability times impact of an opportunity or a threat (F3.1)."""
    return p * impact


def concentration(shares: Numbers) -> Number:
    """Sum of squared market shares in percent (F3.2); shares may not total more than 100."""
    total = math.fsum(shares)
    if total > WHOLE_MARKET + 0.1:
        raise FormulaInputError(f"F3.2: the shares total {total:g} %; a market holds 100 %.")
    return sum(share * share for share in shares)


def penetration(users: Number, potential: Number) -> float | None:
    """Users as a percentage of those who could use the product (F3.3)."""
    return percent(users, potential)


def market_share(own: Number, market: Number, largest: Number) -> tuple[float | None, float | None]:
    """Share of the market in percent, and the share relative to the largest competitor (F3.4)."""
    return percent(own, market), ratio(own, largest)


def experience_cost(c1: Number, n: Number, rate: Number) -> float | None:
    """Unit cost at n times the volume (F3.5); each doubling multiplies cost by the rate."""
    if n == 0 or rate == 0:
        return None
    return float(c1 * math.pow(n, math.log2(rate)))


FORMULAS = (
    Formula(
        "F3.1", "Priority of an opportunity or threat", "Prioriteit van een kans of bedreiging", "priority = probability × impact",
        "Which trends need action now? Probability times impact ranks the factors; give the highest an owner and a review date.",
        "Welke trends vragen nu om actie? Waarschijnlijkheid maal impact ordent de factoren; geef de hoogste een eigenaar en een "
        "datum voor herziening.",
        "General", (part("p", "Probability 0-1", "Waarschijnlijkheid 0-1", 0.6), num("impact", "Impact 0-10", "Impact 0-10", 8, 0, 10)),
        (out("priority", "prioriteit", "0-10"),), factor_priority,
    ),
    Formula(
        "F3.2", "Market concentration (HHI)", "Marktconcentratie (HHI)", "HHI = Σ share² (shares in %)",
        "Do a few suppliers rule the market? 10,000 is a monopoly; many small suppliers bring the figure near 0.",
        "Beheersen enkele aanbieders de markt? 10.000 is een monopolie; bij veel kleine aanbieders nadert het cijfer 0.",
        "Herfindahl-Hirschman index", (seq("shares", "Market shares, %", "Marktaandelen, %", [40, 30, 20, 10], 0, 100),),
        (out("HHI", "HHI", "points"),), concentration,
    ),
    Formula(
        "F3.3", "Market penetration", "Marktpenetratie", "penetration = users / potential users × 100",
        "How far is the market saturated? A high figure means that growth must come from competitors or from new use.",
        "Hoe ver is de markt verzadigd? Een hoog cijfer betekent dat groei van concurrenten of uit nieuw gebruik moet komen.",
        "General", (num("users", "Users", "Gebruikers", 8400, 0), num("potential", "Potential users", "Mogelijke gebruikers", 12000, 0)),
        (out("penetration", "penetratie", "%"),), penetration,
    ),
    Formula(
        "F3.4", "Market share and relative share", "Marktaandeel en relatief marktaandeel",
        "share = own / market × 100; relative share = own / largest competitor",
        "How big are we in the market, and beside the largest competitor? Above 1 the relative share says that we lead.",
        "Hoe groot zijn wij in de markt, en naast de grootste concurrent? Boven 1 betekent het relatieve aandeel dat wij marktleider zijn.",
        "General",
        (num("own", "Own sales", "Eigen omzet", 20, 0), num("market", "Market", "Markt", 100, 0),
         num("largest", "Largest competitor", "Grootste concurrent", 40, 0)),
        (out("share", "marktaandeel", "%"), out("relative share", "relatief aandeel", "ratio")), market_share,
    ),
    Formula(
        "F3.5", "Unit cost on the experience curve", "Kostprijs op de ervaringscurve", "cost = c1 × n^(log₂ rate)",
        "What does a unit cost when volume has multiplied? On an 80 % curve each doubling takes a fifth off; it shows what "
        "increase of scale gives a competitor.",
        "Wat kost een stuk als het volume is vermenigvuldigd? Op een curve van 80 % gaat er bij elke verdubbeling een vijfde af; "
        "zo ziet u wat schaalvergroting een concurrent oplevert.",
        "General; indicator for increase of scale",
        (num("c1", "Unit cost now", "Kostprijs nu", 100, 0), num("n", "Times the volume", "Keer het volume", 4, 0),
         part("rate", "Curve", "Curve", 0.8)),
        (out("unit cost", "kostprijs", "EUR"),), experience_cost,
    ),
)  # fmt: skip
