"""Chapter 1: which formulas describe the sales manager's role and customer equity?"""

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    check_weights,
    num,
    out,
    ratio,
    same_length,
    seq,
    table,
    weighted,
)

STATEMENTS = 20
GRADES = ((80, "Integrated"), (60, "Aligned"), (40, "Defined"), (0, "Undefined"))


def alignment_score(answers: Numbers) -> tuple[Number, str]:
    """Sum of twenty answers from 1 to 5, and the grade of marketing-sales alignment (F1.1)."""
    if len(answers) != STATEMENTS:
        raise FormulaInputError(f"F1.1 needs {STATEMENTS} answers, not {len(answers)}.")
    total = sum(answers)
    return total, next(name for limit, name in GRADES if total >= limit)


def time_shares(hours: Numbers) -> list[float | None]:
    """Share of each task group in all hours (F1.2)."""
    return [ratio(hour, sum(hours)) for hour in hours]


def equity_index(w: Numbers, s: Numbers) -> float:
    """Weighted score over the equity drivers (F1.3); weights total 1."""
    check_weights(w, 1)
    return weighted(w, s)


def switching_clv(
    A: list[Numbers], b0: Numbers, V: Number, m: Number, d: Number, T: Number
) -> float:
    """Discounted value of purchases 0..T when brands are chosen by a switching matrix (F1.4)."""
    if any(len(row) != len(A) for row in A) or len(b0) != len(A):
        raise FormulaInputError("F1.4: A must be square and b0 as long as A.")
    chances, value = [float(b) for b in b0], 0.0
    for purchase in range(int(T) + 1):
        value += V * m * chances[0] / (1 + d) ** purchase
        chances = [sum(chances[i] * A[i][j] for i in range(len(A))) for j in range(len(A))]
    return value


def equity_roi(delta_CE: Number, E: Number) -> float | None:
    """Return on an action on an equity driver (F1.5): gain in customer equity less cost, over cost."""
    return ratio(delta_CE - E, E)


def _checked_lengths(w: Numbers, s: Numbers) -> float:
    same_length(w=w, s=s)
    return equity_index(w, s)


FORMULAS = (
    Formula(
        "F1.1", "Marketing-sales alignment score", "Score samenspel marketing en sales",
        "score = sum of 20 answers (1-5)",
        "How well do marketing and sales work together? Add the twenty answers: below 40 undefined, below 60 defined, "
        "below 80 aligned, from 80 integrated. Compare both departments' answers before you trust the mean.",
        "Hoe goed werken marketing en sales samen? Tel de twintig antwoorden op: onder 40 undefined, onder 60 defined, "
        "onder 80 aligned, vanaf 80 integrated. Vergelijk eerst de antwoorden van beide afdelingen met elkaar.",
        "Kotler, Rackham & Krishnaswamy (2006)",
        (seq("answers", "Answers, 1-5", "Antwoorden, 1-5", [4] * 12 + [3] * 8, 1, 5),),
        (out("score", "score", "points"), out("grade", "graad")), alignment_score,
    ),
    Formula(
        "F1.2", "Task time share", "Aandeel van hoofdtaken in de tijd", "share_g = hours_g / total hours",
        "Where does your time go? Hours per main task as a share of all hours; set it beside the plan for the month.",
        "Waar blijft uw tijd? Uren per hoofdtaak als deel van alle uren; leg het naast de planning van de maand.",
        "Design choice on S1.23", (seq("hours", "Hours per task", "Uren per hoofdtaak", [8, 10, 12, 6, 4], 0),),
        (out("shares", "aandelen", "fraction"),), time_shares,
    ),
    Formula(
        "F1.3", "Customer-equity index, customer side", "Index customer equity, klantzijde",
        "index = Σ weight × score",
        "How do customers value us on value, brand and relation equity together? Weights total 1; a change of half a "
        "point on one driver shows where an action pays.",
        "Hoe waarderen klanten ons op value, brand en relation equity samen? De gewichten tellen op tot 1; een half "
        "punt op één driver laat zien waar een actie loont.",
        "Drivers of the book; weights by design",
        (seq("w", "Weights", "Gewichten", [0.5, 0.3, 0.2], 0, 1), seq("s", "Scores 0-10", "Scores 0-10", [7, 6, 8], 0, 10)),
        (out("index", "index", "score 0-10"),), _checked_lengths,
    ),
    Formula(
        "F1.4", "CLV with brand switching", "CLV met merkwisseling", "CLV = Σ (1+d)^-t × V × m × B_t,  B_t = b0 × A^t",
        "What is a customer worth who may switch brands at each purchase? Row 1 of the matrix is our brand: its first "
        "cell is the chance that a buyer of ours buys ours again.",
        "Wat is een klant waard die bij elke aankoop van merk kan wisselen? Rij 1 van de matrix is ons merk: de eerste "
        "cel is de kans dat een koper van ons opnieuw bij ons koopt.",
        "Rust, Lemon & Zeithaml (2004)",
        (
            table("A", "Switching matrix", "Wisselmatrix", [[0.7, 0.3], [0.5, 0.5]]),
            seq("b0", "Brand bought now", "Nu gekocht merk", [1, 0], 0, 1),
            num("V", "Units per purchase", "Stuks per aankoop", 1, 0),
            num("m", "Margin per unit", "Marge per stuk", 100),
            num("d", "Discount rate per purchase", "Disconteringsvoet per aankoop", 0.1, 0),
            num("T", "Last purchase counted", "Laatste getelde aankoop", 2, 0, 1000),
        ),
        (out("lifetime value", "klantwaarde", "EUR"),), switching_clv,
    ),
    Formula(
        "F1.5", "ROI of an equity action", "Rendement van een equity-actie", "ROI = (ΔCE − cost) / cost",
        "Did money spent on a driver of customer equity come back? 0.447 means 44.7 % more value than cost.",
        "Heeft geld voor een driver van customer equity zichzelf terugverdiend? 0,447 betekent 44,7 % meer waarde dan kosten.",
        "Rust, Lemon & Zeithaml (2004)",
        (num("delta_CE", "Gain in customer equity", "Toename customer equity", 101.29),
         num("E", "Cost of the action", "Kosten van de actie", 70.0, 0)),
        (out("ROI", "rendement", "fraction"),), equity_roi,
    ),
)  # fmt: skip
