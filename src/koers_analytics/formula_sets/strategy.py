"""Chapter 2: which formulas carry strategic sales planning?"""

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
    table,
    weighted,
)

LOW, HIGH = 100 / 3, 200 / 3
BASIS = 1_000_000


def maba_score(w: Numbers, s: Numbers) -> float:
    """Weighted score on an axis of the MABA matrix (F2.1); weights total 1."""
    same_length(w=w, s=s)
    check_weights(w, 1)
    return weighted(w, s)


def maba_points(w: Numbers, s: Numbers) -> float:
    """The same with weights to 100 and scores 0-1 (F2.1b)."""
    same_length(w=w, s=s)
    check_weights(w, 100)
    return weighted(w, s)


def rescale(x: Number, lo: Number, hi: Number) -> float | None:
    """Position of x between lo and hi on a scale of 0 to 100 (F2.2)."""
    return percent(x - lo, hi - lo)


def nine_cell_advice(ma: Number, bp: Number) -> str:
    """Invest, select or harvest from two axes of 0-100 (F2.3)."""
    level = sum((axis >= LOW) + (axis >= HIGH) for axis in (ma, bp))
    return "invest" if level >= 3 else "select" if level == 2 else "harvest"


def pyramid_sizes(n: Number, cut: Numbers) -> list[int]:
    """Customers in A, B, C and D (F2.4), computed in whole numbers."""
    if n != int(n) or n < 0:
        raise FormulaInputError("F2.4: n must be a whole number of customers.")
    if list(cut) != sorted(cut):
        raise FormulaInputError("F2.4: the cuts must rise, e.g. 0.01, 0.05, 0.2.")
    reach = [-(-round(share * BASIS) * int(n) // BASIS) for share in cut] + [int(n)]
    return [upper - lower for lower, upper in zip([0, *reach], reach, strict=False)]


def top_share(rev: Numbers, q: Number) -> float | None:
    """Share of turnover of the top q of customers (F2.5)."""
    first = -(-round(q * BASIS) * len(rev) // BASIS)
    return ratio(sum(sorted(rev, reverse=True)[:first]), sum(rev))


def turnover_class(rev: Numbers) -> list[str]:
    """Groot, gemiddeld, klein or potentieel by yearly turnover (F2.6)."""
    return [
        "groot"
        if r > 100_000
        else "gemiddeld"
        if r > 50_000
        else "klein"
        if r > 0
        else "potentieel"
        for r in rev
    ]


def profit_margin(profit: Number, turnover: Number) -> float | None:
    """Profit as a percentage of turnover (F2.7)."""
    return percent(profit, turnover)


def contacts_per_yes(p: Number, n: Number) -> tuple[float | None, float | None, float]:
    """Contacts per yes, no's per yes, and the chance of a yes in n contacts (F2.8)."""
    return ratio(1, p), ratio(1 - p, p), 1 - (1 - p) ** n


def backward_funnel(
    target: Number, avg: Number, win: Number, quote: Number, appt: Number
) -> tuple[float | None, ...]:
    """Customers, quotes, appointments and prospects a target needs (F2.9)."""
    customers = ratio(target, avg)
    steps: list[float | None] = [customers]
    for rate in (win, quote, appt):
        steps.append(None if steps[-1] is None or rate == 0 else steps[-1] / rate)
    return tuple(None if step is None else round(step, 9) for step in steps)


def confrontation(m: list[Numbers]) -> tuple[list[Number], list[Number]]:
    """Row totals and column totals of a SWOT confrontation matrix (F2.10)."""
    if any(len(row) != len(m[0]) for row in m):
        raise FormulaInputError("F2.10: every row must have the same number of cells.")
    return [sum(row) for row in m], [sum(column) for column in zip(*m, strict=True)]


def goal_attainment(actual: Number, target: Number) -> tuple[float | None, Number]:
    """Attainment in percent, and the gap (F2.11)."""
    return percent(actual, target), actual - target


_SCORES = (
    seq("w", "Weights (total 1)", "Gewichten (totaal 1)", [0.25, 0.25, 0.1, 0.2, 0.2], 0, 1),
    seq("s", "Scores 1-5", "Scores 1-5", [5, 4, 3, 3, 4], 1, 5),
)
_AXES = (
    num("ma", "Market attractiveness 0-100", "Marktaantrekkelijkheid 0-100", 73.75, 0, 100),
    num("bp", "Business position 0-100", "Concurrentiepositie 0-100", 45.0, 0, 100),
)
_ADVICE_EN = (
    "Which product-market combinations get money? Each axis is low, middle or high at one and two thirds; two highs or "
    "high with middle: invest, in between: select, otherwise harvest."
)
_ADVICE_NL = (
    "Welke productmarktcombinaties krijgen geld? Elke as is laag, midden of hoog bij een en twee derde; twee keer hoog "
    "of hoog met midden: investeren, ertussenin: selecteren, anders oogsten."
)
FORMULAS = (
    Formula(
        "F2.1", "MABA weighted score", "MABA gewogen score", "score = Σ w × s",
        "How attractive is a market, or how strong are we in it? Weighted ratings on a scale of 1 to 5; keep the "
        "evidence beside every rating.",
        "Hoe aantrekkelijk is een markt, of hoe sterk staan wij er? Gewogen beoordelingen van 1 tot 5; bewaar bij elke "
        "beoordeling het bewijs.",
        "MABA analysis", _SCORES, (out("score", "score", "score 1-5"),), maba_score,
    ),
    Formula(
        "F2.1b", "MABA score, 100-point weights", "MABA-score, gewichten tot 100", "score = Σ w × s, Σ w = 100",
        "The same score for those who divide 100 points over the factors and rate each from 0 to 1.",
        "Dezelfde score voor wie 100 punten over de factoren verdeelt en elke factor van 0 tot 1 beoordeelt.",
        "MABA analysis",
        (seq("w", "Weights (total 100)", "Gewichten (totaal 100)", [20, 20, 20, 20, 10, 10], 0, 100),
         seq("s", "Scores 0-1", "Scores 0-1", [0.4, 0.5, 0.4, 0.7, 0.3, 0.7], 0, 1)),
        (out("score", "score", "points 0-100"),), maba_points,
    ),
    Formula(
        "F2.2", "Rescale a score to 0-100", "Score herschalen naar 0-100", "x' = (x − lo) / (hi − lo) × 100",
        "Puts scores of different scales on one axis, so that they can stand in one matrix.",
        "Zet scores van verschillende schalen op één as, zodat ze in één matrix passen.",
        "General", (num("x", "Score", "Score", 3.95), num("lo", "Lowest possible", "Laagst mogelijk", 1),
                    num("hi", "Highest possible", "Hoogst mogelijk", 5)),
        (out("score", "score", "points"),), rescale,
    ),
    Formula(
        "F2.3", "Nine-cell advice", "Advies uit de negencellenmatrix", "level(ma) + level(bp): ≥ 3 invest, 2 select, ≤ 1 harvest",
        _ADVICE_EN, _ADVICE_NL, "GE-McKinsey matrix; cut points by design", _AXES, (out("advice", "advies"),), nine_cell_advice,
    ),
    Formula(
        "F2.3b", "Nine-cell advice, second case", "Advies uit de negencellenmatrix, tweede geval",
        "level(ma) + level(bp): ≥ 3 invest, 2 select, ≤ 1 harvest",
        _ADVICE_EN, _ADVICE_NL, "GE-McKinsey matrix; cut points by design",
        (_AXES[0], num("bp", "Business position 0-100", "Concurrentiepositie 0-100", 20.0, 0, 100)),
        (out("advice", "advies"),), nine_cell_advice,
    ),
    Formula(
        "F2.4", "Pyramid class sizes", "Omvang van de klassen in de klantenpiramide",
        "A = ⌈1 %·n⌉, B to ⌈5 %·n⌉, C to ⌈20 %·n⌉, D the rest",
        "How many customers stand in each layer of the pyramid? Only the numbers are fixed; what each layer brings "
        "must be measured, for it differs per company.",
        "Hoeveel klanten staan in elke laag van de piramide? Alleen de aantallen liggen vast; wat elke laag oplevert "
        "moet worden gemeten, want dat verschilt per bedrijf.",
        "Curry's customer pyramid; rounding by design",
        (num("n", "Customers", "Klanten", 200, 0), seq("cut", "Cuts as shares", "Grenzen als deel", [0.01, 0.05, 0.2], 0, 1)),
        (out("A, B, C, D", "A, B, C, D", "customers"),), pyramid_sizes,
    ),
    Formula(
        "F2.5", "Turnover share of the top", "Omzetaandeel van de top", "share = turnover of the first ⌈q·n⌉ / total",
        "How much do the biggest customers bring? A high share means both focus and dependence.",
        "Hoeveel brengen de grootste klanten op? Een hoog aandeel betekent focus én afhankelijkheid.",
        "20/80 rule", (seq("rev", "Turnover per customer", "Omzet per klant", [500, 200, 100, 60, 40, 30, 25, 20, 15, 10]),
                       part("q", "Top share of customers", "Topdeel van de klanten", 0.2)),
        (out("share", "aandeel", "fraction"),), top_share,
    ),
    Formula(
        "F2.6", "Turnover class of a customer", "Omzetklasse van een klant", "> 100,000 groot; > 50,000 gemiddeld; > 0 klein; 0 potentieel",
        "Which class does a customer fall in by yearly turnover? An alternative to the pyramid where fixed limits suit better.",
        "In welke klasse valt een klant naar jaaromzet? Een alternatief voor de piramide waar vaste grenzen beter passen.",
        "Book, chapter 9", (seq("rev", "Yearly turnover per customer", "Jaaromzet per klant", [100000.01, 100000, 50000.01, 50000, 0], 0),),
        (out("class", "klasse"),), turnover_class,
    ),
    Formula(
        "F2.7", "Profit margin", "Winstmarge", "margin = profit / turnover × 100",
        "Which part of turnover stays as profit? One of the account manager's two figures; never add or average "
        "margins, divide the sums again.",
        "Welk deel van de omzet blijft over als winst? Een van de twee kerncijfers van de accountmanager; tel of middel "
        "marges nooit, maar deel de sommen opnieuw.",
        "Book, chapter 2", (num("profit", "Profit", "Winst", 45000), num("turnover", "Turnover", "Omzet", 300000)),
        (out("margin", "winstmarge", "%"),), profit_margin,
    ),
    Formula(
        "F2.8", "Contacts per yes", "Contacten per ja", "1/p; (1−p)/p; 1 − (1−p)^n",
        "How many contacts does one yes take? Past refusals do not make the next yes more likely; they only show how "
        "much work a target means.",
        "Hoeveel contacten kost één ja? Eerdere nee's maken het volgende ja niet waarschijnlijker; ze laten zien hoeveel "
        "werk een doel betekent.",
        "On S2.32", (part("p", "Chance of a yes", "Kans op ja", 0.2), num("n", "Contacts", "Contacten", 10, 0)),
        (out("contacts per yes", "contacten per ja"), out("no's per yes", "nee's per ja"), out("chance of a yes", "kans op een ja", "probability")),
        contacts_per_yes,
    ),
    Formula(
        "F2.9", "Backward funnel", "Omgekeerde verkooptrechter",
        "customers = target/avg; quotes = customers/win; appointments = quotes/quote; prospects = appointments/appt",
        "How many prospects must go into the funnel to reach a target? Work back through the rates of your own past.",
        "Hoeveel prospects moeten de trechter in om het doel te halen? Reken terug met de percentages uit uw eigen verleden.",
        "Sales funnel calculation",
        (num("target", "Turnover target", "Omzetdoel", 150000, 0), num("avg", "Average order", "Gemiddelde order", 3750, 0),
         part("win", "Quotes won", "Gewonnen offertes", 0.4), part("quote", "Appointments with quote", "Afspraken met offerte", 0.5),
         part("appt", "Prospects with appointment", "Prospects met afspraak", 0.25)),
        (out("customers", "klanten"), out("quotes", "offertes"), out("appointments", "afspraken"), out("prospects", "prospects")),
        backward_funnel,
    ),
    Formula(
        "F2.10", "SWOT confrontation totals", "Totalen van de confrontatiematrix", "row and column sums of cells −2..+2",
        "Which strengths help most, and which opportunities can we grip? Rows are internal items, columns external ones.",
        "Welke sterktes helpen het meest, en welke kansen kunnen we grijpen? Rijen zijn interne punten, kolommen externe.",
        "SWOT confrontation", (table("m", "Cells −2..+2", "Cellen −2..+2", [[2, 1, -1], [0, 2, 1], [-2, 0, -1]]),),
        (out("row totals", "rijtotalen", "points"), out("column totals", "kolomtotalen", "points")), confrontation,
    ),
    Formula(
        "F2.11", "Goal attainment", "Doelrealisatie", "attainment = actual / target × 100; gap = actual − target",
        "How far is the goal? Read it beside the part of the period that has passed, from one quota date to the next.",
        "Hoe ver is het doel? Lees het naast het deel van de periode dat voorbij is, van de ene targetdatum tot de volgende.",
        "General", (num("actual", "Actual", "Realisatie", 285000), num("target", "Target", "Doel", 300000)),
        (out("attainment", "realisatie", "%"), out("gap", "verschil", "EUR")), goal_attainment,
    ),
)  # fmt: skip
