"""Chapter 7: which formulas serve account management?"""

import math

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    check_weights,
    num,
    out,
    part,
    percent,
    ratio,
    same_length,
    seq,
    weighted,
)

STRONGEST_STANCE = 2


def attractiveness(w: Numbers, s: Numbers) -> float:
    """Weighted score of an account (F7.1); weights total 1."""
    same_length(w=w, s=s)
    check_weights(w, 1)
    return weighted(w, s)


def account_contribution(  # the ten inputs are ten lines of one statement
    gross: Number, disc: Number, cogs: Number, visits: Number, cpv: Number,
    orders: Number, cpo: Number, service: Number, am: Number, log: Number,
) -> tuple[Number, Number, float | None]:  # fmt: skip
    """Net sales, contribution after the cost to serve, and its percentage (F7.2)."""
    net = gross * (1 - disc)
    contribution = net - cogs - visits * cpv - orders * cpo - service - am - log
    return net, contribution, percent(contribution, net)


def dmu_support(infl: Numbers, stance: Numbers, met: Numbers) -> tuple[float | None, float | None]:
    """Support in the decision-making unit from −1 to 1, and share of influence met (F7.3)."""
    same_length(infl=infl, stance=stance, met=met)
    total = math.fsum(infl)
    spoken = math.fsum(power for power, seen in zip(infl, met, strict=True) if seen)
    return ratio(weighted(infl, stance), STRONGEST_STANCE * total), ratio(spoken, total)


def tender_score(
    low: Number, ours: Number, wp: Number, q: Number, wq: Number
) -> tuple[float | None, float | None]:
    """Points for price and in total (F7.4); weights total 100."""
    check_weights([wp, wq], 100)
    if low > ours:
        raise FormulaInputError("F7.4: the lowest price cannot be above ours; ours is then lowest.")
    if ours == 0:
        return None, None
    points = low / ours * wp
    return points, points + q * wq


FORMULAS = (
    Formula(
        "F7.1", "Account attractiveness", "Aantrekkelijkheid van een account", "score = Σ weight × score",
        "Which accounts deserve an account team? Weigh revenue, cost to serve, stability of demand and new markets; the same sum serves our own strength.",
        "Welke accounts verdienen een accountteam? Weeg omzet, bedieningskosten, stabiliteit van de vraag en nieuwe markten; dezelfde som dient voor onze eigen sterkte.",
        "Account portfolio",
        (seq("w", "Weights (total 1)", "Gewichten (totaal 1)", [0.15, 0.35, 0.2, 0.3], 0, 1), seq("s", "Scores 0-10", "Scores 0-10", [7, 5, 8, 6], 0, 10)),
        (out("score", "score", "score 0-10"),), attractiveness,
    ),
    Formula(
        "F7.2", "Account contribution", "Dekkingsbijdrage van een account",
        "net − cost of goods − visits × cpv − orders × cpo − service − account manager − logistics",
        "What is left of an account after all it takes to serve it? Big accounts with high discount and many visits may earn less than they seem to.",
        "Wat blijft er van een account over na alles wat de bediening kost? Grote accounts met hoge korting en veel bezoeken verdienen soms minder dan het lijkt.",
        "General; cost to serve",
        (num("gross", "Gross sales", "Bruto-omzet", 500000, 0), part("disc", "Discount", "Korting", 0.05), num("cogs", "Cost of goods", "Inkoopwaarde", 300000, 0),
         num("visits", "Visits", "Bezoeken", 24, 0), num("cpv", "Cost per visit", "Kosten per bezoek", 112.5, 0), num("orders", "Orders", "Orders", 60, 0),
         num("cpo", "Cost per order", "Kosten per order", 45, 0), num("service", "Service", "Service", 12000, 0),
         num("am", "Account manager", "Accountmanager", 18000, 0), num("log", "Logistics", "Logistiek", 9600, 0)),
        (out("net sales", "netto-omzet", "EUR"), out("contribution", "dekkingsbijdrage", "EUR"), out("contribution", "dekkingsbijdrage", "%")),
        account_contribution,
    ),
    Formula(
        "F7.3", "DMU support and coverage", "Steun en dekking in de DMU", "support = Σ influence × stance / (2 Σ influence); coverage = Σ influence met / Σ influence",
        "Do the people who decide support us, and have we met them? Influence counts, not the number of friends; low coverage makes support a guess.",
        "Steunen de beslissers ons, en hebben we hen ontmoet? Invloed telt, niet het aantal vrienden; bij lage dekking is de steun een gok.",
        "Design choice",
        (seq("infl", "Influence", "Invloed", [5, 3, 2], 0), seq("stance", "Stance −2..2", "Houding −2..2", [1, -1, 2], -2, 2),
         seq("met", "Met: 1 yes, 0 no", "Ontmoet: 1 ja, 0 nee", [1, 1, 0], 0, 1)),
        (out("support", "steun", "-1..1"), out("coverage", "dekking", "fraction")), dmu_support,
    ),
    Formula(
        "F7.4", "Tender score", "Score van een aanbesteding", "price points = lowest / ours × wp; total = price points + q × wq",
        "How many points does our offer get? Try what a lower price or better quality adds before you choose; weights total 100.",
        "Hoeveel punten krijgt onze inschrijving? Probeer vooraf wat een lagere prijs of meer kwaliteit toevoegt; de gewichten tellen op tot 100.",
        "General",
        (num("low", "Lowest price", "Laagste prijs", 100000, 0), num("ours", "Our price", "Onze prijs", 110000, 0),
         num("wp", "Weight of price", "Gewicht prijs", 40, 0, 100), part("q", "Quality 0-1", "Kwaliteit 0-1", 0.8),
         num("wq", "Weight of quality", "Gewicht kwaliteit", 60, 0, 100)),
        (out("price points", "prijspunten", "points"), out("total", "totaal", "points")), tender_score,
    ),
)  # fmt: skip
