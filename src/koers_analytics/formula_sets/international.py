"""Chapter 13: which formulas carry selling abroad?"""

from koers_analytics.formula_sets.base import Formula, Number, num, out, percent


def landed_cost(exw: Number, freight: Number, ins: Number, duty: Number) -> Number:
    """Cost of goods at the customer's border with duty paid (F13.1)."""
    return (exw + freight + ins) * (1 + duty)


def margin_at_rate(
    price_fx: Number, rate: Number, cost: Number
) -> tuple[Number, Number, float | None]:
    """Price in our own currency, margin, and margin in percent (F13.2)."""
    price = price_fx * rate
    return price, price - cost, percent(price - cost, price)


FORMULAS = (
    Formula(
        "F13.1", "Landed cost", "Kostprijs op bestemming", "cost = (EXW + freight + insurance) × (1 + duty)",
        "What do the goods cost when they have arrived? Compare offers on this figure and not on the price at the factory gate.",
        "Wat kosten de goederen als zij zijn aangekomen? Vergelijk aanbiedingen op dit cijfer en niet op de prijs af fabriek.",
        "General",
        (num("exw", "Price ex works", "Prijs af fabriek", 1000, 0), num("freight", "Freight", "Vracht", 120, 0), num("ins", "Insurance", "Verzekering", 11.2, 0),
         num("duty", "Import duty as a share", "Invoerrecht als deel", 0.05, 0)),
        (out("landed cost", "kostprijs op bestemming", "EUR"),), landed_cost,
    ),
    Formula(
        "F13.2", "Margin at a changed rate", "Marge bij een andere koers", "price = price_fx × rate; margin = price − cost; margin / price × 100",
        "What is left of the margin when the exchange rate moves? Try the worst rate before you quote in a foreign currency.",
        "Wat blijft er van de marge over als de wisselkoers verandert? Reken de slechtste koers door voordat u in vreemde valuta offreert.",
        "General",
        (num("price_fx", "Price in foreign currency", "Prijs in vreemde valuta", 1200, 0), num("rate", "Rate to our currency", "Koers naar onze valuta", 0.9, 0),
         num("cost", "Cost", "Kostprijs", 900, 0)),
        (out("price", "prijs", "EUR"), out("margin", "marge", "EUR"), out("margin", "marge", "%")), margin_at_rate,
    ),
)  # fmt: skip
