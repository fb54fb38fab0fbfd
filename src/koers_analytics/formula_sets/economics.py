"""Chapter 9: which formulas guard price, margin, break-even and variance?"""

import math

from koers_analytics.formula_sets.base import (
    Formula,
    Number,
    Numbers,
    num,
    out,
    part,
    ratio,
    same_length,
    seq,
)

DAYS_A_YEAR = 365


def break_even(C: Number, p: Number, v: Number) -> tuple[float | None, float | None]:
    """Units and turnover at which fixed costs are covered (F9.1); None when p is not above v."""
    units = _over_margin(C, p - v)
    return units, None if units is None else units * p


def break_even_turnover(C: Number, cm: Number) -> float | None:
    """The same from the contribution ratio (F9.2)."""
    return _over_margin(C, cm)


def units_for_profit(C: Number, W: Number, p: Number, v: Number) -> float | None:
    """Units that bring a wanted profit (F9.3)."""
    return _over_margin(C + W, p - v)


def safety_margin(sales: Number, be: Number) -> float | None:
    """Part of sales that may go before loss begins (F9.4)."""
    return ratio(sales - be, sales)


def discount_volume(cm: Number, d: Number) -> tuple[float | None, float | None]:
    """Extra units, and extra turnover, that make up for a discount (F9.5); None when cm <= d."""
    units = discount_units(cm, d)
    return units, None if units is None else (1 + units) * (1 - d) - 1


def discount_units(cm: Number, d: Number) -> float | None:
    """Extra units alone (F9.5b)."""
    return _over_margin(d, cm - d)


def bearable_loss(cm: Number, i: Number) -> float | None:
    """Part of units that may be lost after a price rise (F9.6)."""
    return ratio(i, cm + i)


def cash_discount_cost(disc: Number, due: Number, early: Number) -> float | None:
    """Yearly cost in percent of a discount for early payment, simple interest (F9.7)."""
    if disc == 1 or due <= early:
        return None
    return disc / (1 - disc) * DAYS_A_YEAR / (due - early) * 100


def price_from_cost(
    cost: Number, margin: Number, vat: Number
) -> tuple[float | None, float | None, float | None]:
    """Price from a margin on sales, the mark-up on cost, and the price with VAT (F9.8)."""
    price = ratio(cost, 1 - margin)
    return price, ratio(margin, 1 - margin), None if price is None else price * (1 + vat)


def postma_chain(
    days: Number, vpd: Number, opv: Number, avg: Number, cm: Number, cost: Number
) -> tuple[Number, Number, Number, Number, Number]:
    """Visits, orders, turnover, contribution and result of a salesperson (F9.15)."""
    visits = days * vpd
    orders = visits * opv
    turnover = orders * avg
    contribution = turnover * cm
    return visits, orders, turnover, contribution, contribution - cost


def sales_variance(pb: Number, qb: Number, pa: Number, qa: Number) -> tuple[Number, Number, Number]:
    """Price variance, volume variance and their total (F9.16)."""
    price, volume = (pa - pb) * qa, (qa - qb) * pb
    return price, volume, price + volume


def mix_variance(b: Numbers, a: Numbers, cm: Numbers) -> tuple[float | None, float | None]:
    """Mix variance and quantity variance on contribution (F9.17)."""
    same_length(b=b, a=a, cm=cm)
    budget, actual = math.fsum(b), math.fsum(a)
    if budget == 0:
        return None, None
    shares = [units / budget for units in b]
    rows = list(zip(a, shares, cm, strict=True))
    mix = math.fsum((units - actual * share) * each for units, share, each in rows)
    return mix, math.fsum((actual - budget) * share * each for _, share, each in rows)


def capital_return(margin: Number, turn: Number) -> Number:
    """Margin times turnover rate of capital (F9.18)."""
    return margin * turn


def _over_margin(amount: Number, margin: Number) -> float | None:
    return amount / margin if margin > 0 else None


_PRICE = (
    num("p", "Price", "Prijs", 50, 0),
    num("v", "Variable cost per unit", "Variabele kosten per stuk", 30, 0),
)
_FIXED = num("C", "Fixed costs", "Vaste kosten", 120000, 0)
_RATIO = part("cm", "Contribution ratio", "Dekkingsbijdrage als deel", 0.3)
FORMULAS = (
    Formula(
        "F9.1", "Break-even units and turnover", "Break-evenafzet en break-evenomzet", "units = C / (p − v); turnover = units × p",
        "How much must be sold before profit begins? Price less variable cost is the contribution that each unit makes to the fixed costs.",
        "Hoeveel moet er verkocht worden voordat winst begint? Prijs min variabele kosten is de dekkingsbijdrage van elk stuk aan de vaste kosten.",
        "Break-even analysis", (_FIXED, *_PRICE), (out("units", "afzet", "units"), out("turnover", "omzet", "EUR")), break_even,
    ),
    Formula(
        "F9.2", "Break-even turnover from the ratio", "Break-evenomzet uit de dekkingsbijdrage", "turnover = C / (1 − v/p)",
        "At which turnover are the costs covered when many products are sold? The ratio holds only while the mix of products stays the same.",
        "Bij welke omzet zijn de kosten gedekt als u veel producten verkoopt? De verhouding geldt alleen zolang de productmix gelijk blijft.",
        "Break-even analysis", (_FIXED, part("cm", "Contribution ratio", "Dekkingsbijdrage als deel", 0.4)),
        (out("turnover", "omzet", "EUR"),), break_even_turnover,
    ),
    Formula(
        "F9.3", "Units for a target profit", "Afzet voor een gewenste winst", "units = (C + W) / (p − v)",
        "How much must be sold to earn a wanted profit? The profit is treated as one more fixed cost.",
        "Hoeveel moet er verkocht worden voor een gewenste winst? De winst telt als een extra vaste kostenpost.",
        "General", (_FIXED, num("W", "Wanted profit", "Gewenste winst", 40000), *_PRICE), (out("units", "afzet", "units"),), units_for_profit,
    ),
    Formula(
        "F9.4", "Safety margin", "Veiligheidsmarge", "margin = (sales − break-even) / sales",
        "How far may sales fall before we lose money? A negative figure says that we already do.",
        "Hoever mag de omzet dalen voordat er verlies ontstaat? Een negatief cijfer zegt dat het al zover is.",
        "Margin of safety", (num("sales", "Sales", "Omzet", 500, 0), num("be", "Break-even", "Break-even", 300, 0)),
        (out("safety margin", "veiligheidsmarge", "fraction"),), safety_margin,
    ),
    Formula(
        "F9.5", "Extra volume for a discount", "Extra afzet nodig voor een korting", "units = d / (cm − d); turnover = (1 + units)(1 − d) − 1",
        "How much more must be sold to earn the same after a discount? With 30 % contribution a discount of 10 % takes half as many units again; "
        "a discount as large as the contribution can never be made up.",
        "Hoeveel meer moet er verkocht worden om na een korting evenveel te verdienen? Bij 30 % dekkingsbijdrage vraagt 10 % korting de helft meer "
        "afzet; een korting zo groot als de bijdrage is nooit goed te maken.",
        "Discount and volume", (_RATIO, part("d", "Discount", "Korting", 0.1)),
        (out("extra units", "extra afzet", "fraction"), out("extra turnover", "extra omzet", "fraction")), discount_volume,
    ),
    Formula(
        "F9.5b", "Extra units for a discount", "Extra stuks voor een korting", "units = d / (cm − d)",
        "The same question for units alone, with a published example: at half contribution a discount of 15 % takes 43 % more.",
        "Dezelfde vraag voor alleen de stuks, met een gepubliceerd voorbeeld: bij de helft dekkingsbijdrage vraagt 15 % korting 43 % meer.",
        "Discount and volume", (part("cm", "Contribution ratio", "Dekkingsbijdrage als deel", 0.5), part("d", "Discount", "Korting", 0.15)),
        (out("extra units", "extra afzet", "fraction"),), discount_units,
    ),
    Formula(
        "F9.6", "Volume loss a price rise can bear", "Draaglijk afzetverlies bij prijsverhoging", "loss = i / (cm + i)",
        "How many units may go after a price rise without loss of contribution? It is the mirror of the discount: dear rises lose less than one fears.",
        "Hoeveel stuks mogen er na een prijsverhoging wegvallen zonder minder dekkingsbijdrage? Het spiegelbeeld van de korting: een verhoging kost minder dan men vreest.",
        "General", (_RATIO, num("i", "Price rise as a share", "Prijsverhoging als deel", 0.1, 0)),
        (out("bearable loss", "draaglijk verlies", "fraction"),), bearable_loss,
    ),
    Formula(
        "F9.7", "Yearly cost of a cash discount", "Jaarkosten van korting contant", "cost = d / (1 − d) × 365 / (due − early) × 100",
        "What does it cost a year to give discount for early payment? Two per cent for twenty days sooner is far dearer than a bank loan.",
        "Wat kost korting voor vlotte betaling op jaarbasis? Twee procent voor twintig dagen eerder is veel duurder dan een banklening.",
        "General",
        (part("disc", "Discount", "Korting", 0.02), num("due", "Days until due", "Betaaltermijn in dagen", 30, 0),
         num("early", "Days for the discount", "Dagen voor de korting", 10, 0)),
        (out("yearly cost", "jaarkosten", "% simple"),), cash_discount_cost,
    ),
    Formula(
        "F9.8", "Price from cost and margin", "Prijs uit kostprijs en marge", "price = cost / (1 − margin); mark-up = margin / (1 − margin); × (1 + VAT)",
        "Which price gives a margin on sales? Margin is a part of the price, mark-up a part of the cost: 40 % margin is 66.7 % mark-up.",
        "Welke prijs geeft een marge op de omzet? Marge is een deel van de prijs, opslag een deel van de kostprijs: 40 % marge is 66,7 % opslag.",
        "General",
        (num("cost", "Cost", "Kostprijs", 60, 0), part("margin", "Margin on sales", "Marge op de omzet", 0.4), part("vat", "VAT", "Btw", 0.21)),
        (out("price", "prijs", "EUR"), out("mark-up", "opslag", "fraction"), out("price with VAT", "prijs met btw", "EUR")), price_from_cost,
    ),
)  # fmt: skip
LATER = (
    Formula(
        "F9.15", "Postma-style chain", "Keten in de stijl van Postma", "days × visits/day × orders/visit × average order × cm − cost",
        "Where in the chain from days to result does a salesperson differ from norm and team? Set each link beside the norm; this chain is our reading "
        "of the model, whose exact indicators were not seen.",
        "Waar in de keten van dagen naar resultaat wijkt een verkoper af van norm en team? Leg elke schakel naast de norm; deze keten is onze lezing "
        "van het model, waarvan de precieze indicatoren niet zijn gezien.",
        "After the Postma model",
        (num("days", "Sales days", "Verkoopdagen", 200, 0), num("vpd", "Visits a day", "Bezoeken per dag", 4, 0),
         num("opv", "Orders per visit", "Orders per bezoek", 0.25, 0), num("avg", "Average order", "Gemiddelde order", 1500, 0),
         _RATIO, num("cost", "Cost of the salesperson", "Kosten van de verkoper", 85000, 0)),
        (out("visits", "bezoeken", "visits"), out("orders", "orders", "orders"), out("turnover", "omzet", "EUR"),
         out("contribution", "dekkingsbijdrage", "EUR"), out("result", "resultaat", "EUR")),
        postma_chain,
    ),
    Formula(
        "F9.16", "Sales variances", "Verkoopverschillen: prijs en hoeveelheid", "price = (pa − pb)·qa; volume = (qa − qb)·pb; total = sum",
        "Does turnover differ from budget by price or by volume? The two variances add up to the whole difference.",
        "Wijkt de omzet af van het budget door prijs of door hoeveelheid? De twee verschillen tellen op tot het hele verschil.",
        "Variance analysis",
        (num("pb", "Budgeted price", "Begrote prijs", 50, 0), num("qb", "Budgeted units", "Begrote afzet", 1000, 0),
         num("pa", "Actual price", "Werkelijke prijs", 48, 0), num("qa", "Actual units", "Werkelijke afzet", 1100, 0)),
        (out("price variance", "prijsverschil", "EUR"), out("volume variance", "hoeveelheidsverschil", "EUR"), out("total", "totaal", "EUR")),
        sales_variance,
    ),
    Formula(
        "F9.17", "Mix and quantity variance", "Mixverschil en hoeveelheidsverschil", "mix = Σ(qa − Qa·share_b)·cm; quantity = Σ(Qa − Qb)·share_b·cm",
        "Did contribution change because we sold more, or because we sold other products? A negative mix says that poorer products gained ground.",
        "Veranderde de dekkingsbijdrage doordat we meer verkochten of andere producten? Een negatief mixverschil zegt dat producten met een lagere bijdrage terrein wonnen.",
        "General",
        (seq("b", "Budgeted units per product", "Begrote afzet per product", [600, 400], 0),
         seq("a", "Actual units per product", "Werkelijke afzet per product", [500, 600], 0),
         seq("cm", "Contribution per unit", "Dekkingsbijdrage per stuk", [20, 10])),
        (out("mix", "mixverschil", "EUR"), out("quantity", "hoeveelheidsverschil", "EUR")), mix_variance,
    ),
    Formula(
        "F9.18", "Return on capital", "Rendement op vermogen", "return = margin × turnover rate",
        "How does selling raise the return on capital? Either earn more on each sale, or turn the capital over faster.",
        "Hoe verhoogt verkoop het rendement op het vermogen? Verdien meer per verkoop, of laat het vermogen sneller omlopen.",
        "DuPont identity", (num("margin", "Profit margin as a share", "Winstmarge als deel", 0.08), num("turn", "Turnover rate", "Omloopsnelheid", 1.5, 0)),
        (out("return", "rendement", "fraction"),), capital_return,
    ),
)  # fmt: skip
