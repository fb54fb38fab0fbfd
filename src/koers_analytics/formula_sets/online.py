"""Online store: which formulas measure the online channel and pay its sellers?"""

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    num,
    out,
    percent,
)

BASIS_POINTS = 10_000


def reach(visitors: Number, reach: Number) -> float | None:
    """Website visitors as a percentage of total reach (FO.1)."""
    return percent(visitors, reach)


def response(reactions: Number, sent: Number) -> float | None:
    """Reactions by e-mail as a percentage of addresses sent to (FO.2)."""
    return percent(reactions, sent)


def conversion(sales: Number, reactions: Number) -> float | None:
    """Realised sales as a percentage of reactions (FO.3), not of visits."""
    return percent(sales, reactions)


def checkout_abandonment(unpaid: Number, orders: Number) -> float | None:
    """Orders placed but in the end not paid, in percent (FO.4); carts do not count."""
    return percent(unpaid, orders)


def seller_payout(price: Number, feebp: Number) -> tuple[int, int]:
    """Fee rounded half up in cents, and the rest for the seller (FO.5)."""
    if price != int(price) or feebp != int(feebp):
        raise FormulaInputError("FO.5: give whole cents and whole basis points (30 % is 3000).")
    fee = (int(price) * int(feebp) + BASIS_POINTS // 2) // BASIS_POINTS
    return fee, int(price) - fee


FORMULAS = (
    Formula(
        "FO.1", "Reach", "Bereik", "website visitors / total reach × 100",
        "Which part of the people we reached came to the website? Visitors are unique per period; reach is typed in per campaign.",
        "Welk deel van de bereikte mensen kwam op de website? Bezoekers zijn uniek per periode; het bereik wordt per campagne ingevoerd.",
        "Book, online performance indicators",
        (num("visitors", "Website visitors", "Websitebezoekers", 4000, 0), num("reach", "Total reach", "Totaal bereik", 50000, 0)),
        (out("reach", "bereik", "%"),), reach,
    ),
    Formula(
        "FO.2", "Response", "Respons", "reactions by e-mail / addresses sent to × 100",
        "Which part of the addresses answered the mailing? One reply or click per address counts once.",
        "Welk deel van de adressen reageerde op de mailing? Eén antwoord of klik per adres telt één keer.",
        "Book, online performance indicators",
        (num("reactions", "Reactions by e-mail", "Reacties via e-mail", 150, 0), num("sent", "Addresses sent to", "Verzendadressen", 2500, 0)),
        (out("response", "respons", "%"),), response,
    ),
    Formula(
        "FO.3", "Conversion", "Conversie", "realised sales / reactions × 100",
        "Which part of the reactions became a sale? The book divides by reactions, not by visits: do not compare with conversion per visit.",
        "Welk deel van de reacties werd een verkoop? Het boek deelt door reacties, niet door bezoeken: vergelijk niet met conversie per bezoek.",
        "Book, online performance indicators",
        (num("sales", "Realised sales", "Gerealiseerde verkopen", 36, 0), num("reactions", "Reactions", "Reacties", 150, 0)),
        (out("conversion", "conversie", "%"),), conversion,
    ),
    Formula(
        "FO.4", "Check-out abandonment rate", "Check-out abandonment rate", "orders not paid / orders placed × 100",
        "Which part of the placed orders was in the end not paid? It starts after the order; abandoned carts are another figure.",
        "Welk deel van de geplaatste bestellingen werd toch niet betaald? Het begint na de bestelling; verlaten winkelwagens zijn een ander cijfer.",
        "Book, online performance indicators",
        (num("unpaid", "Orders not paid", "Niet-betaalde bestellingen", 9, 0), num("orders", "Orders placed", "Geplaatste bestellingen", 45, 0)),
        (out("abandonment", "afhaakpercentage", "%"),), checkout_abandonment,
    ),
    Formula(
        "FO.5", "Seller payout", "Uitbetaling aan de verkoper", "fee = round half up(price × fee rate); net = price − fee",
        "What does the platform keep and what does the seller get? The fee is rounded half up in cents and the seller gets the rest, so both always total the price.",
        "Wat houdt het platform en wat krijgt de verkoper? De vergoeding wordt in centen half naar boven afgerond en de verkoper krijgt de rest, zodat beide samen altijd de prijs zijn.",
        "Design choice",
        (num("price", "Price in cents", "Prijs in centen", 1402, 0), num("feebp", "Fee in basis points", "Vergoeding in basispunten", 3000, 0, 10000)),
        (out("fee", "vergoeding", "cents"), out("net", "netto", "cents")), seller_payout,
    ),
)  # fmt: skip
