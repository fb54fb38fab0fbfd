"""Chapter 5: which formulas measure the relationship with customers?"""

from koers_analytics.formula_sets.base import (
    Formula,
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

PROMOTER, DETRACTOR = 9, 6


def retention(S: Number, N: Number, E: Number) -> tuple[float | None, float | None]:
    """Share of starting customers still there, and churn (F5.1)."""
    kept = ratio(E - N, S)
    return kept, None if kept is None else ratio(S - (E - N), S)


def mean_life(r: Number) -> float | None:
    """Years a customer stays on average (F5.2)."""
    return ratio(1, 1 - r)


def customers_to_replace(sales: Numbers, r: Numbers) -> list[float]:
    """Customers each group loses in a year (F5.3)."""
    same_length(sales=sales, r=r)
    return [count * (1 - kept) for count, kept in zip(sales, r, strict=True)]


def net_promoter(scores: Numbers) -> float | None:
    """Percentage giving 9-10 less percentage giving 0-6 (F5.4)."""
    promoters = sum(score >= PROMOTER for score in scores)
    return percent(promoters - sum(score <= DETRACTOR for score in scores), len(scores))


def satisfaction_index(w: Numbers, s: Numbers) -> float:
    """Sum of importance times score (F5.5); weights total 1."""
    same_length(w=w, s=s)
    check_weights(w, 1)
    return weighted(w, s)


def share_of_wallet(ours: Number, total: Number) -> float | None:
    """Our sales as a percentage of what the customer buys of our kind (F5.6)."""
    return percent(ours, total)


def repeat_rate(repeat: Number, all: Number) -> float | None:  # noqa: A002 -- the key in the data
    """Customers who bought again as a percentage of all (F5.7)."""
    return percent(repeat, all)


FORMULAS = (
    Formula(
        "F5.1", "Retention rate and churn", "Klantbehoud en klantverloop", "retention = (E − N) / S; churn = 1 − retention",
        "How many of the customers we began with are still ours? Take the new ones off the end count; look at cohorts too, for this "
        "figure hides who stayed.",
        "Hoeveel klanten van het begin zijn er nog? Trek de nieuwe klanten van de eindstand af; bekijk ook cohorten, want dit cijfer "
        "verbergt wie er bleef.",
        "Customer retention rate",
        (num("S", "Customers at the start", "Klanten aan het begin", 100, 0), num("N", "New customers", "Nieuwe klanten", 20, 0),
         num("E", "Customers at the end", "Klanten aan het eind", 110, 0)),
        (out("retention", "klantbehoud", "fraction"), out("churn", "klantverloop", "fraction")), retention,
    ),
    Formula(
        "F5.2", "Mean customer life", "Gemiddelde klantduur", "life = 1 / (1 − r)",
        "How many years does a customer stay? Small gains in retention lengthen life more the higher retention already is.",
        "Hoeveel jaar blijft een klant? Een kleine stijging van het klantbehoud verlengt de duur meer naarmate het behoud hoger is.",
        "General", (part("r", "Retention per year", "Klantbehoud per jaar", 0.8),), (out("mean life", "gemiddelde duur", "years"),), mean_life,
    ),
    Formula(
        "F5.3", "Customers to replace", "Te vervangen klanten", "replace = customers × (1 − r)",
        "How many customers must be won each year only to stand still? It shows what low loyalty costs in selling.",
        "Hoeveel klanten moet u elk jaar winnen om stil te staan? Het laat zien wat lage loyaliteit aan verkoopwerk kost.",
        "Article based on the book's 4th edition",
        (seq("sales", "Customers per group", "Klanten per groep", [60000, 10000], 0), seq("r", "Retention", "Klantbehoud", [0.8, 0.45], 0, 1)),
        (out("to replace", "te vervangen", "customers"),), customers_to_replace,
    ),
    Formula(
        "F5.4", "Net promoter score", "Net promoter score", "NPS = % scoring 9-10 − % scoring 0-6",
        "Do more customers recommend us than warn against us? Runs from −100 to +100; with few answers it jumps.",
        "Bevelen meer klanten ons aan dan af? Loopt van −100 tot +100; bij weinig antwoorden springt het cijfer.",
        "Reichheld (2003)", (seq("scores", "Scores 0-10", "Scores 0-10", [10, 10, 9, 8, 8, 8, 7, 7, 6, 3], 0, 10),),
        (out("NPS", "NPS", "points"),), net_promoter,
    ),
    Formula(
        "F5.5", "Weighted satisfaction index", "Gewogen tevredenheidsindex", "index = Σ importance × score",
        "How satisfied are customers on what matters to them? Importance weights total 1; act on heavy aspects with low scores.",
        "Hoe tevreden zijn klanten over wat zij belangrijk vinden? De gewichten tellen op tot 1; pak zware aspecten met lage scores aan.",
        "General",
        (seq("w", "Importance (total 1)", "Belang (totaal 1)", [0.4, 0.35, 0.25], 0, 1), seq("s", "Scores 0-10", "Scores 0-10", [8, 7, 6], 0, 10)),
        (out("index", "index", "score 0-10"),), satisfaction_index,
    ),
    Formula(
        "F5.6", "Share of wallet", "Share of wallet (klantaandeel)", "our sales / customer's purchases of our kind × 100",
        "Which part of what a customer could buy from us does it buy from us? The total is an estimate: note its date and source.",
        "Welk deel van wat een klant bij ons kan kopen, koopt hij bij ons? Het totaal is een schatting: noteer datum en bron.",
        "General",
        (num("ours", "Our sales to the customer", "Onze omzet bij de klant", 60000, 0),
         num("total", "Its total purchases", "Zijn totale inkopen", 240000, 0)),
        (out("share", "aandeel", "%"),), share_of_wallet,
    ),
    Formula(
        "F5.7", "Repeat-customer rate", "Herhalingsaankopen", "customers with a repeat purchase / customers × 100",
        "How many customers come back for more? Compare equal periods: a longer one gives more time to return.",
        "Hoeveel klanten komen terug? Vergelijk gelijke perioden: een langere geeft meer tijd om terug te keren.",
        "Repeat purchase rate",
        (num("repeat", "Customers who bought again", "Klanten met herhalingsaankoop", 340, 0), num("all", "All customers", "Alle klanten", 500, 0)),
        (out("repeat rate", "herhalingspercentage", "%"),), repeat_rate,
    ),
)  # fmt: skip
