"""Chapter 8: which formulas plan and judge a trade fair?"""

from koers_analytics.formula_sets.base import (
    Formula,
    Number,
    Numbers,
    ceil_exact,
    check_weights,
    num,
    out,
    part,
    ratio,
    same_length,
    seq,
    weighted,
)

SPACE_TO_BUDGET = 3


def stand_leads(staff: Number, days: Number, hours: Number, rate: Number) -> Number:
    """Leads that a stand crew can handle (F8.1)."""
    return staff * days * hours * rate


def staff_for_goal(
    goal: Number, days: Number, hours: Number, rate: Number
) -> tuple[float | None, int | None]:
    """Stand staff a goal takes, exact and rounded up (F8.2)."""
    staff = ratio(goal, days * hours * rate)
    return staff, None if staff is None else ceil_exact(staff)


def valuable_visitors(att: Number, profile: Number, aif: Number) -> Number:
    """Visitors of the right profile who care about our product (F8.3)."""
    return att * profile * aif


def staff_from_attendance(
    att: Number, i: Number, v: Number, h: Number, per: Number
) -> tuple[Number, float | None, float | None]:
    """Stand visitors, visitors per hour, and stand staff at once (F8.4)."""
    visitors = att * i * v
    hourly = ratio(visitors, h)
    return visitors, hourly, None if hourly is None else ratio(hourly, per)


def fair_budget(area: Number, price: Number) -> Number:
    """Budget of three times the price of the space (F8.5)."""
    return area * price * SPACE_TO_BUDGET


def fair_costs(
    cost: Number, contacts: Number, leads: Number, orders: Number
) -> tuple[float | None, float | None, float | None]:
    """Cost per contact, per lead and per order (F8.6)."""
    return ratio(cost, contacts), ratio(cost, leads), ratio(cost, orders)


def fair_roi(orders: Number, avg: Number, cm: Number, cost: Number) -> float | None:
    """Contribution of the orders less cost, over cost (F8.7)."""
    return ratio(orders * avg * cm - cost, cost)


def return_on_objectives(w: Numbers, att: Numbers) -> float:
    """Weighted attainment of the goals, each counted to 1 at most (F8.8); weights total 1."""
    same_length(w=w, att=att)
    check_weights(w, 1)
    return weighted(w, [min(reached, 1) for reached in att])


_HOURS = (
    num("days", "Fair days", "Beursdagen", 3, 0),
    num("hours", "Effective hours a day", "Effectieve uren per dag", 6, 0, 24),
    num("rate", "Contacts per hour", "Contacten per uur", 3, 0),
)
FORMULAS = (
    Formula(
        "F8.1", "Leads from stand staff", "Leads van de standbemanning", "leads = staff × days × hours × contacts/hour",
        "How many leads can the crew of the stand handle? More visitors than this walk on; fewer means people standing idle.",
        "Hoeveel leads kan de standbemanning aan? Komen er meer bezoekers, dan lopen zij door; bij minder staat men stil.",
        "Trade-fair practice", (num("staff", "Stand staff", "Standbemanning", 3, 0), *_HOURS), (out("leads", "leads", "leads"),), stand_leads,
    ),
    Formula(
        "F8.2", "Stand staff for a lead goal", "Standbemanning voor een leaddoel", "staff = ⌈goal / (days × hours × rate)⌉",
        "How many people must be on the stand to reach the goal? Round up, and plan breaks on top.",
        "Hoeveel mensen moeten er op de stand staan om het doel te halen? Rond naar boven af en plan pauzes erbij.",
        "Trade-fair practice", (num("goal", "Leads wanted", "Gewenste leads", 200, 0), *_HOURS),
        (out("needed", "nodig", "staff"), out("rounded up", "naar boven afgerond", "staff")), staff_for_goal,
    ),
    Formula(
        "F8.3", "High-value stand visitors", "Waardevolle standbezoekers", "attendance × profile share × audience interest factor",
        "How many visitors of the fair matter to us? Sixteen per cent is the usual audience interest; replace it by your own figure after the first fair.",
        "Hoeveel beursbezoekers zijn voor ons van belang? Zestien procent is de gebruikelijke interesse; vervang die na de eerste beurs door uw eigen cijfer.",
        "Audience interest factor",
        (num("att", "Attendance", "Beursbezoekers", 20000, 0), part("profile", "Share of our profile", "Deel met ons profiel", 0.08),
         part("aif", "Audience interest factor", "Interessefactor", 0.16)),
        (out("visitors", "bezoekers", "visitors"),), valuable_visitors,
    ),
    Formula(
        "F8.4", "Staff from attendance", "Bemanning uit bezoekersaantal", "visitors = attendance × interest × visit; / hours; / visitors per staff-hour",
        "How many people does the expected attendance ask on the stand? The figure is an average over the hours; the peak asks more.",
        "Hoeveel mensen vraagt het verwachte bezoek op de stand? Het cijfer is een gemiddelde over de uren; de piek vraagt er meer.",
        "Trade-fair practice",
        (num("att", "Attendance", "Beursbezoekers", 10000, 0), part("i", "Interested share", "Deel met interesse", 0.16),
         part("v", "Share visiting the stand", "Deel dat de stand bezoekt", 0.45), num("h", "Opening hours", "Openingsuren", 24, 0),
         num("per", "Visitors per staff-hour", "Bezoekers per medewerker per uur", 5, 0)),
        (out("visitors", "bezoekers", "visitors"), out("per hour", "per uur", "visitors/hour"), out("staff", "bemanning", "staff")),
        staff_from_attendance,
    ),
    Formula(
        "F8.5", "Fair budget, rule of three", "Beursbudget, vuistregel van drie", "budget ≈ area × price × 3",
        "What will the whole fair cost about? Space is roughly a third; replace the rule by quotes as they come in.",
        "Wat kost de hele beurs ongeveer? De ruimte is ruwweg een derde; vervang de vuistregel door offertes zodra die er zijn.",
        "Trade-fair practice",
        (num("area", "Area", "Oppervlakte", 200, 0), num("price", "Price per unit of area", "Prijs per oppervlakte-eenheid", 25, 0)),
        (out("budget", "budget", "currency of the price"),), fair_budget,
    ),
    Formula(
        "F8.6", "Cost per contact, lead and order", "Kosten per contact, lead en order", "cost / contacts; cost / leads; cost / orders",
        "What did each result of the fair cost? Compare with the cost of a visit, and wait for late orders before judging the last one.",
        "Wat kostte elk resultaat van de beurs? Vergelijk met de kosten van een bezoek, en wacht met het laatste cijfer op late orders.",
        "General",
        (num("cost", "Cost of the fair", "Kosten van de beurs", 15000, 0), num("contacts", "Contacts", "Contacten", 162, 0),
         num("leads", "Leads", "Leads", 60, 0), num("orders", "Orders", "Orders", 12, 0)),
        (out("per contact", "per contact", "EUR"), out("per lead", "per lead", "EUR"), out("per order", "per order", "EUR")), fair_costs,
    ),
    Formula(
        "F8.7", "Return on a fair", "Rendement van een beurs (ROI)", "ROI = (orders × average × contribution ratio − cost) / cost",
        "Did the fair earn its money back? Margin counts, not turnover; orders are credited to the fair that brought the first contact.",
        "Heeft de beurs zichzelf terugverdiend? Marge telt, niet omzet; orders horen bij de beurs van het eerste contact.",
        "Return on investment; margin by design",
        (num("orders", "Orders", "Orders", 12, 0), num("avg", "Average order", "Gemiddelde order", 4000, 0),
         part("cm", "Contribution ratio", "Dekkingsbijdrage als deel", 0.35), num("cost", "Cost of the fair", "Kosten van de beurs", 15000, 0)),
        (out("ROI", "rendement", "fraction"),), fair_roi,
    ),
    Formula(
        "F8.8", "Return on objectives", "Return on objectives (ROO)", "ROO = Σ weight × min(actual / goal, 1)",
        "How far were the fair's goals reached, those without money too? A goal counts for 1 at most, so excess on one cannot hide failure on another.",
        "In hoeverre zijn de beursdoelen gehaald, ook die zonder geld? Een doel telt hooguit voor 1, zodat een uitschieter geen mislukking verbergt.",
        "Return on objectives; cap by design",
        (seq("w", "Weights (total 1)", "Gewichten (totaal 1)", [0.5, 0.3, 0.2], 0, 1),
         seq("att", "Attainment, actual over goal", "Realisatie gedeeld door doel", [0.81, 1.2, 0.5], 0)),
        (out("ROO", "ROO", "fraction"),), return_on_objectives,
    ),
)  # fmt: skip
