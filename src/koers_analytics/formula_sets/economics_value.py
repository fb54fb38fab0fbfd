"""Chapter 9: which formulas value customers and sales projects?"""

import math

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    num,
    out,
    part,
    ratio,
    seq,
)

LOWEST, HIGHEST = 1, 5
RECENCY_DAYS = (30, 90, 180, 365)
FREQUENCY = (12, 6, 3, 2)
MONEY = (100_000, 50_000, 10_000, 0)
MOST_EXPONENT = 700


def customer_base(n0: Number, r: Number, years: Number) -> list[float]:
    """Customers left after 0, 1, … years (F9.9)."""
    return [n0 * float(r) ** year for year in range(int(years) + 1)]


def base_with_referral(n0: Number, r: Number, ref: Number) -> Number:
    """Customers next year, with those who come by word of mouth (F9.10)."""
    return n0 * (r + ref)


def base_value(n: Number, r: Number, m: Number) -> float | None:
    """Customers times mean life times yearly profit, undiscounted (F9.11)."""
    return ratio(n * m, 1 - r)


def endless_clv(m: Number, r: Number, i: Number) -> tuple[float | None, float | None]:
    """Lifetime value without end: first profit next year, and first profit now (F9.12)."""
    divisor = 1 + i - r
    return ratio(m * r, divisor), ratio(m * (1 + i), divisor)


def customer_equity(
    n: Number, m: Number, r: Number, i: Number, years: Number
) -> tuple[float, float]:
    """Lifetime value over some years, first profit now, and over all customers (F9.13)."""
    value = math.fsum(m * (r / (1 + i)) ** year for year in range(int(years)))
    return value, n * value


def rfm_score(days: Number, freq: Number, money: Number) -> tuple[int, int, int]:
    """Recency, frequency and money from 1 to 5 in the default bands (F9.14)."""
    return (
        LOWEST + sum(days <= limit for limit in RECENCY_DAYS),
        LOWEST + sum(freq >= limit for limit in FREQUENCY),
        LOWEST + sum(money > limit for limit in MONEY),
    )


def net_present_value(I: Number, cf: Numbers, i: Number) -> float:  # noqa: E741 -- the key in the data
    """Discounted cash flows less the investment (F9.19); the first flow comes after a year."""
    return math.fsum(flow / (1 + i) ** year for year, flow in enumerate(cf, 1)) - I


def bgnbd(
    r: Number, al: Number, a: Number, b: Number, x: Number, tx: Number, T: Number, t: Number
) -> tuple[float | None, float | None]:
    """Chance that a buyer is still active, and purchases to expect in t (F9.20)."""
    if tx > T:
        raise FormulaInputError("F9.20: the last purchase (tx) cannot lie after the end (T).")
    if b + x <= 1 or al + tx == 0:
        return (1.0 if x == 0 else None), None
    alive = 1.0
    if x > 0 and a > 0:
        gone = math.log(a / (b + x - 1)) + (r + x) * math.log((al + T) / (al + tx))
        alive = 1 / (1 + math.exp(min(gone, MOST_EXPONENT)))
    if a == 1:
        return alive, None
    from scipy.special import hyp2f1  # noqa: PLC0415 -- slow import

    end = al + T + t
    gauss = float(hyp2f1(r + x, b + x, a + b + x - 1, t / end))
    expected = (a + b + x - 1) / (a - 1) * (1 - ((al + T) / end) ** (r + x) * gauss) * alive
    return alive, expected


_RATE = num("i", "Discount rate", "Disconteringsvoet", 0.1, 0)
_BASE = num("n0", "Customers now", "Klanten nu", 800, 0)
_KEPT = part("r", "Retention per year", "Klantbehoud per jaar", 0.7)
FORMULAS = (
    Formula(
        "F9.9", "Customer base over the years", "Klantenbestand door de jaren", "customers_k = n × r^k",
        "What becomes of today's customers when we win no new ones? With 30 % loss a year a quarter is left after four years.",
        "Wat blijft er over van de klanten van nu als we geen nieuwe winnen? Bij 30 % verlies per jaar is na vier jaar een kwart over.",
        "Book, chapter 9", (_BASE, _KEPT, num("years", "Years", "Jaren", 4, 0, 1000)), (out("customers per year", "klanten per jaar", "customers"),),
        customer_base,
    ),
    Formula(
        "F9.10", "Customer base with referral", "Klantenbestand met aanbevelingen", "next = n × (retention + referral)",
        "How many customers do we have next year without selling? New customers by word of mouth make up for part of the loss.",
        "Hoeveel klanten hebben we volgend jaar zonder te verkopen? Nieuwe klanten door mond-tot-mondreclame vangen een deel van het verlies op.",
        "Book, chapter 9", (_BASE, _KEPT, num("ref", "Referral rate", "Aanbevelingspercentage als deel", 0.05, 0)),
        (out("customers next year", "klanten volgend jaar", "customers"),), base_with_referral,
    ),
    Formula(
        "F9.11", "Value of the customer base", "Waarde van het klantenbestand", "value = n·m / (1 − r)",
        "What are all customers worth, roughly? Number times mean life times yearly profit, without interest: use it as a first figure only.",
        "Wat zijn alle klanten ruwweg waard? Aantal maal gemiddelde duur maal jaarwinst, zonder rente: gebruik het alleen als eerste cijfer.",
        "Book, chapter 9: three dimensions of CLV",
        (num("n", "Customers", "Klanten", 800, 0), _KEPT, num("m", "Yearly profit per customer", "Jaarwinst per klant", 200)),
        (out("value", "waarde", "EUR"),), base_value,
    ),
    Formula(
        "F9.12", "CLV without end", "Klantwaarde (CLV) zonder einde", "m·r / (1 + i − r), or m(1 + i) / (1 + i − r)",
        "What is a customer worth who may stay for ever? Say with the figure whether the first profit comes next year or now: the difference is one year's profit.",
        "Wat is een klant waard die altijd kan blijven? Vermeld of de eerste winst volgend jaar komt of nu: het verschil is één jaarwinst.",
        "Margin multiplier",
        (num("m", "Yearly profit", "Jaarwinst", 100), part("r", "Retention per year", "Klantbehoud per jaar", 0.8), _RATE),
        (out("first profit next year", "eerste winst volgend jaar", "EUR"), out("first profit now", "eerste winst nu", "EUR")), endless_clv,
    ),
    Formula(
        "F9.13", "CLV over years and customer equity", "CLV over jaren en customer equity", "CLV = Σ m·r^k / (1 + i)^k, k = 0..T−1; equity = n × CLV",
        "What are one customer and the whole base worth over a number of years? For customers with contracts and known renewals.",
        "Wat zijn één klant en het hele bestand over een aantal jaren waard? Voor klanten met contracten en bekende verlengingen.",
        "Customer equity",
        (num("n", "Customers", "Klanten", 800, 0), num("m", "Yearly profit per customer", "Jaarwinst per klant", 200), _KEPT, _RATE,
         num("years", "Years", "Jaren", 5, 0, 1000)),
        (out("lifetime value", "klantwaarde", "EUR"), out("customer equity", "customer equity", "EUR")), customer_equity,
    ),
    Formula(
        "F9.14", "RFM score", "RFM-score", "R ≤ 30/90/180/365 days; F ≥ 12/6/3/2; M > 100k/50k/10k/0",
        "How recent, frequent and large are a customer's purchases? Five bands each, 5 is best; the default bands can be set to suit the trade.",
        "Hoe recent, vaak en groot koopt een klant? Vijf klassen per dimensie, 5 is het best; de standaardgrenzen zijn aan de branche aan te passen.",
        "Book, chapter 9; bands by design",
        (num("days", "Days since last purchase", "Dagen sinds laatste aankoop", 45, 0), num("freq", "Orders in the past year", "Orders in het afgelopen jaar", 7, 0),
         num("money", "Turnover in the past year", "Omzet in het afgelopen jaar", 62000)),
        (out("R", "R", "1-5"), out("F", "F", "1-5"), out("M", "M", "1-5")), rfm_score,
    ),
)  # fmt: skip
LATER = (
    Formula(
        "F9.19", "Net present value of a sales project", "Netto contante waarde van een salesproject", "NPV = −I + Σ CF / (1 + i)^t",
        "Does an investment in sales earn more than the money costs? Below zero it does not, however large the later flows look.",
        "Verdient een investering in verkoop meer dan het geld kost? Onder nul niet, hoe groot de latere kasstromen ook lijken.",
        "General",
        (num("I", "Investment", "Investering", 10000, 0), seq("cf", "Cash flow per year", "Kasstroom per jaar", [4000, 4000, 4000]), _RATE),
        (out("NPV", "netto contante waarde", "EUR"),), net_present_value,
    ),
    Formula(
        "F9.20", "BG/NBD: active chance and expected purchases", "BG/NBD: kans op activiteit en verwachte aankopen",
        "P = 1 / (1 + a/(b+x−1) · ((α+T)/(α+tx))^(r+x)); E[Y(t)] with ₂F₁",
        "Is a buyer without a contract still a customer, and how often will he or she buy? For online buyers, because nobody tells that he or she has left.",
        "Is een koper zonder contract nog klant, en hoe vaak zal hij of zij kopen? Voor online kopers, want niemand meldt dat hij of zij vertrokken is.",
        "Fader, Hardie & Lee (2005)",
        (num("r", "Parameter r", "Parameter r", 0.243, 0, 1000), num("al", "Parameter α", "Parameter α", 4.414, 0, 1e6),
         num("a", "Parameter a", "Parameter a", 0.793, 0, 1000), num("b", "Parameter b", "Parameter b", 2.426, 0, 1000),
         num("x", "Repeat purchases", "Herhalingsaankopen", 2, 0, 100000), num("tx", "Week of the last purchase", "Week van de laatste aankoop", 30.43, 0, 1e6),
         num("T", "Weeks observed", "Waargenomen weken", 38.86, 0, 1e6), num("t", "Weeks ahead", "Weken vooruit", 39, 0, 1e6)),
        (out("chance to be active", "kans op activiteit", "probability"), out("expected purchases", "verwachte aankopen", "purchases")), bgnbd,
    ),
)  # fmt: skip
