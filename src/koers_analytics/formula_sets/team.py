"""Chapter 6: which formulas organise and plan the sales team?"""

import math

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    ceil_exact,
    floor_exact,
    num,
    out,
    part,
    percent,
    ratio,
    same_length,
    seq,
    table,
)

EARTH_RADIUS_KM = 6371.0088


def franke_reps(
    K: Number, B: Number, R: Number, W: Number, G: Number, U: Number, D: Number
) -> tuple[float | None, int | None]:
    """Salespeople needed by Franke's formula, exact and rounded up (F6.1)."""
    reps = ratio(K * B * (R + W + G), U * D)
    return reps, None if reps is None else ceil_exact(reps)


def class_workload(K: Numbers, B: Numbers, cap: Number) -> tuple[Number, float | None]:
    """Visits a year over all classes, and salespeople they take (F6.2)."""
    same_length(K=K, B=B)
    visits = sum(customers * frequency for customers, frequency in zip(K, B, strict=True))
    return visits, ratio(visits, cap)


def visit_task(
    K: Numbers, B: Numbers, u: Numbers, cap: Number
) -> tuple[float, float | None, int | None]:
    """Bewerkingstaak in visit units, and salespeople exact and rounded up (F6.3)."""
    same_length(K=K, B=B, u=u)
    task = math.fsum(k * b * unit for k, b, unit in zip(K, B, u, strict=True))
    reps = ratio(task, cap)
    return task, reps, None if reps is None else ceil_exact(reps)


def visit_capacity(
    t: Number, b: Number, j: Number, K: Number, f: Number
) -> tuple[Number, Number, float | None]:
    """Visits the team can make, visits the customers ask, and utilisation (F6.4)."""
    capacity, load = t * b * j, K * f
    return capacity, load, percent(load, capacity)


def sales_days(work: Number, leave: Number, sick: Number, nonsales: Number) -> Number:
    """Days left for selling (F6.5)."""
    days = work - leave - sick - nonsales
    if days < 0:
        raise FormulaInputError("F6.5: more days are taken off than there are working days.")
    return days


def affordable_reps(
    turnover: Number, pct: Number, cost: Number
) -> tuple[Number, float | None, int | None]:
    """Budget for salespeople, and how many it pays, exact and rounded down (F6.6)."""
    budget = turnover * pct
    reps = ratio(budget, cost)
    return budget, reps, None if reps is None else floor_exact(reps)


def marginal_reps(contrib: Numbers, cost: Number) -> int:
    """Salespeople to hire: go on while the next brings more than he or she costs (F6.7)."""
    for hired, contribution in enumerate(contrib):
        if contribution <= cost:
            return hired
    return len(contrib)


def territory_balance(load: Numbers) -> tuple[float | None, float | None]:
    """Overload of the heaviest territory, and spread (F6.8)."""
    mean = math.fsum(load) / len(load)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in load) / len(load))
    return ratio(max(load) - mean, mean), ratio(deviation, mean)


def call_response(s0: Number, smax: Number, g: Number, d: Number, x: Numbers) -> list[float | None]:
    """Sales at each number of calls on an S-shaped curve (F6.9)."""
    shares = [ratio(float(calls) ** g, d + float(calls) ** g) for calls in x]
    return [None if share is None else s0 + (smax - s0) * share for share in shares]


def allocate_calls(resp: list[Numbers], B: Number) -> tuple[list[int], Number]:
    """Visits per customer and their total contribution (F6.10).

    The first column is the contribution without a visit. Each next visit goes where it adds
    most; exact when every row adds less with each visit, and it stops when none adds anything.
    """
    visits = [0] * len(resp)
    for _ in range(int(B)):
        gains = [
            (row[made + 1] - row[made], -place)
            for place, (row, made) in enumerate(zip(resp, visits, strict=True))
            if made + 1 < len(row)
        ]
        gain, place = max(gains, default=(0, 0))
        if gain <= 0:
            break
        visits[-place] += 1
    return visits, sum(row[made] for row, made in zip(resp, visits, strict=True))


def great_circle(a: Number, b: Number, c: Number, d: Number) -> float:
    """Kilometres between two points given in degrees (F6.11), by the haversine formula."""
    north, south = math.radians(a), math.radians(c)
    lift = math.sin((south - north) / 2) ** 2
    turn = math.sin(math.radians(d - b) / 2) ** 2
    chord = lift + math.cos(north) * math.cos(south) * turn
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def tiered_pay(base: Number, sales: Number, t: Number, c1: Number, c2: Number) -> Number:
    """Basic pay plus commission at two rates (F6.12)."""
    return base + c1 * min(sales, t) + c2 * max(0, sales - t)


def visit_cost(cost: Number, visits: Number, cm: Number) -> tuple[float | None, float | None]:
    """Cost per visit, and the turnover at which a territory pays for itself (F6.13)."""
    return ratio(cost, visits), ratio(cost, cm)


def performance_level(actual: Number, norm: Number) -> float | None:
    """Visits made as a percentage of the norm (F6.14)."""
    return percent(actual, norm)


FORMULAS = (
    Formula(
        "F6.1", "Franke: number of salespeople", "Formule van Franke: aantal verkopers", "N = K × B × (R + W + G) / (U × D)",
        "How many salespeople does the work take? Customers times visits times hours per visit, over the hours one person has a year; "
        "with several classes add the numerators first.",
        "Hoeveel verkopers vraagt het werk? Klanten maal bezoeken maal uren per bezoek, gedeeld door de uren die één verkoper per jaar "
        "heeft; tel bij meer klassen eerst de tellers op.",
        "Formula of Franke, chapter 6",
        (num("K", "Customers", "Klanten", 600, 0), num("B", "Visits a year per customer", "Bezoeken per klant per jaar", 10, 0),
         num("R", "Travel hours per visit", "Reisuren per bezoek", 0.5, 0), num("W", "Waiting hours per visit", "Wachturen per bezoek", 0.25, 0),
         num("G", "Talking hours per visit", "Gespreksuren per bezoek", 0.75, 0), num("U", "Hours a day", "Uren per dag", 8, 0, 24),
         num("D", "Sales days a year", "Verkoopdagen per jaar", 200, 0, 366)),
        (out("needed", "nodig", "reps"), out("rounded up", "naar boven afgerond", "reps")), franke_reps,
    ),
    Formula(
        "F6.2", "Workload per class", "Werklast per klantklasse", "N = Σ K × B / visits per salesperson",
        "How many salespeople when each class of customers has its own visit frequency? Set norms per class before you count heads.",
        "Hoeveel verkopers als elke klantklasse een eigen bezoekfrequentie heeft? Stel eerst normen per klasse vast en tel dan pas mensen.",
        "Talley (1961)",
        (seq("K", "Customers per class", "Klanten per klasse", [1000, 2000], 0), seq("B", "Visits a year", "Bezoeken per jaar", [36, 12], 0),
         num("cap", "Visits per salesperson a year", "Bezoeken per verkoper per jaar", 1000, 0)),
        (out("visits", "bezoeken", "visits/yr"), out("needed", "nodig", "reps")), class_workload,
    ),
    Formula(
        "F6.3", "Selling task with visit units", "Bewerkingstaak met bezoekeenheden", "task = Σ K × B × unit; N = task / capacity",
        "How heavy is the selling task when one visit takes more than another? A visit unit of 1 is the standard visit; task over "
        "capacity gives the number of people.",
        "Hoe zwaar is de bewerkingstaak als het ene bezoek meer vraagt dan het andere? Bezoekeenheid 1 is het standaardbezoek; taak "
        "gedeeld door capaciteit geeft het aantal mensen.",
        "Visit unit method",
        (seq("K", "Customers per class", "Klanten per klasse", [200, 600, 400], 0),
         seq("B", "Visits per 4 weeks", "Bezoeken per 4 weken", [1, 1, 2], 0),
         seq("u", "Visit units", "Bezoekeenheden", [0.8, 1.0, 1.5], 0),
         num("cap", "Capacity per salesperson, units", "Capaciteit per verkoper, eenheden", 160, 0)),
        (out("task", "bewerkingstaak", "units/4 weeks"), out("needed", "nodig", "reps"), out("rounded up", "naar boven afgerond", "reps")),
        visit_task,
    ),
    Formula(
        "F6.4", "Visit capacity and utilisation", "Bezoekcapaciteit en benutting", "capacity = days × visits/day × reps; load = customers × frequency",
        "Can the team make the visits that the plan asks? Above 100 % visits will be dropped; decide which, do not leave it to chance.",
        "Kan het team de bezoeken doen die het plan vraagt? Boven 100 % vallen er bezoeken af; kies zelf welke en laat het niet aan het toeval over.",
        "Visit capacity planning",
        (num("t", "Sales days a year", "Verkoopdagen per jaar", 200, 0), num("b", "Visits a day", "Bezoeken per dag", 5, 0),
         num("j", "Salespeople", "Verkopers", 10, 0), num("K", "Customers", "Klanten", 1000, 0), num("f", "Visit frequency", "Bezoekfrequentie", 8, 0)),
        (out("capacity", "capaciteit", "visits"), out("load", "belasting", "visits"), out("utilisation", "benutting", "%")), visit_capacity,
    ),
    Formula(
        "F6.5", "Available sales days", "Beschikbare verkoopdagen", "days = working − leave − sickness − non-sales",
        "How many days a year are left for selling? Count meetings, training and fairs as non-sales days.",
        "Hoeveel dagen per jaar blijven over voor verkoop? Tel overleg, training en beurzen als niet-verkoopdagen.",
        "Sales calendar",
        (num("work", "Working days", "Werkdagen", 260, 0, 366), num("leave", "Leave and holidays", "Verlof en feestdagen", 33, 0, 366),
         num("sick", "Sickness", "Ziekte", 10, 0, 366), num("nonsales", "Non-sales days", "Niet-verkoopdagen", 17, 0, 366)),
        (out("sales days", "verkoopdagen", "days"),), sales_days,
    ),
    Formula(
        "F6.6", "Percentage-of-sales method", "Percentage-van-de-omzetmethode", "reps = ⌊turnover × % / cost per rep⌋",
        "How many salespeople does a fixed part of turnover pay? It gives fewer people just when turnover falls, so set it beside the workload.",
        "Hoeveel verkopers betaalt een vast deel van de omzet? De methode geeft minder mensen juist als de omzet daalt; leg haar naast de werklast.",
        "Book, chapter 6",
        (num("turnover", "Turnover", "Omzet", 4000000, 0), part("pct", "Part for salespeople", "Deel voor verkopers", 0.05),
         num("cost", "Cost per salesperson", "Kosten per verkoper", 80000, 0)),
        (out("budget", "budget", "EUR"), out("affordable", "betaalbaar", "reps"), out("rounded down", "naar beneden afgerond", "reps")),
        affordable_reps,
    ),
    Formula(
        "F6.7", "Marginal method", "Marginale methode", "add salespeople while marginal contribution > cost",
        "When does one more salesperson no longer pay? Hire as long as the next brings more profit contribution than he or she costs.",
        "Wanneer loont één verkoper meer niet langer? Neem aan zolang de volgende meer winstbijdrage brengt dan hij of zij kost.",
        "Book, chapter 6",
        (seq("contrib", "Contribution of the 1st, 2nd, … person", "Bijdrage van de 1e, 2e, … verkoper", [150000, 120000, 95000, 75000]),
         num("cost", "Cost per salesperson", "Kosten per verkoper", 80000, 0)),
        (out("hire", "aannemen", "reps"),), marginal_reps,
    ),
    Formula(
        "F6.8", "Territory balance", "Balans tussen rayons", "overload = max / mean − 1; spread = sd / mean",
        "Is the work fairly divided over the territories? Overload tells of the heaviest one, spread of all together.",
        "Is het werk eerlijk over de rayons verdeeld? Overbelasting gaat over het zwaarste rayon, spreiding over alle samen.",
        "General", (seq("load", "Workload per territory, hours", "Werklast per rayon, uren", [1400, 1600, 1800], 0),),
        (out("overload", "overbelasting", "fraction"), out("spread", "spreiding", "fraction")), territory_balance,
    ),
    Formula(
        "F6.9", "Call-response curve", "Responscurve van bezoeken", "S(x) = S0 + (Smax − S0) × x^γ / (δ + x^γ)",
        "What do more visits to a customer bring? The curve runs through the salesperson's own estimates and flattens towards the maximum.",
        "Wat leveren meer bezoeken aan een klant op? De curve loopt door de eigen schattingen van de verkoper en vlakt af naar het maximum.",
        "Little (1970), ADBUDG form",
        (num("s0", "Sales without visits", "Omzet zonder bezoeken", 20), num("smax", "Most sales possible", "Hoogst mogelijke omzet", 120),
         num("g", "Shape γ", "Vorm γ", 1, 0, 20), num("d", "Scale δ", "Schaal δ", 4, 0), seq("x", "Visits", "Bezoeken", [0, 4, 6], 0)),
        (out("sales", "omzet", "kEUR"),), call_response,
    ),
    Formula(
        "F6.10", "Incremental call allocation", "Stapsgewijze verdeling van bezoeken", "next visit to the customer with the largest extra contribution",
        "Who gets the visits we have? Each row is a customer, its first cell the contribution without a visit; every next visit goes where it adds most.",
        "Wie krijgt de bezoeken die we hebben? Elke rij is een klant, de eerste cel de bijdrage zonder bezoek; elk volgend bezoek gaat naar "
        "waar het het meest toevoegt.",
        "Lodish (1971), CALLPLAN routine",
        (table("resp", "Contribution at 0, 1, 2 … visits", "Bijdrage bij 0, 1, 2 … bezoeken", [[10, 22, 30, 34], [5, 15, 23, 29]]),
         num("B", "Visits to give", "Te verdelen bezoeken", 4, 0, 10000)),
        (out("visits per customer", "bezoeken per klant", "visits"), out("contribution", "bijdrage", "kEUR")), allocate_calls,
    ),
    Formula(
        "F6.11", "Great-circle distance", "Hemelsbrede afstand", "d = 2R·asin√(sin²(Δφ/2) + cosφ₁cosφ₂sin²(Δλ/2)), R = 6371.0088 km",
        "How far apart are two addresses as the crow flies? Roads are longer; use it to group visits, not to pay mileage.",
        "Hoe ver liggen twee adressen hemelsbreed uit elkaar? Wegen zijn langer; gebruik het om bezoeken te groeperen, niet voor de kilometervergoeding.",
        "Haversine formula",
        (num("a", "Latitude from", "Breedtegraad van", 52.3676, -90, 90), num("b", "Longitude from", "Lengtegraad van", 4.9041, -180, 180),
         num("c", "Latitude to", "Breedtegraad naar", 51.9244, -90, 90), num("d", "Longitude to", "Lengtegraad naar", 4.4777, -180, 180)),
        (out("distance", "afstand", "km"),), great_circle,
    ),
    Formula(
        "F6.12", "Basic pay and tiered commission", "Vast salaris met getrapte provisie", "pay = base + c1·min(sales, t) + c2·max(0, sales − t)",
        "What does a salesperson earn this month? One rate up to the threshold, another above it; try good and bad months before you agree a plan.",
        "Wat verdient een verkoper deze maand? Eén tarief tot de drempel, een ander erboven; reken goede en slechte maanden door voordat u een regeling afspreekt.",
        "General",
        (num("base", "Basic pay", "Vast salaris", 3000, 0), num("sales", "Sales", "Omzet", 50000, 0), num("t", "Threshold", "Drempel", 40000, 0),
         part("c1", "Rate up to the threshold", "Tarief tot de drempel", 0.05), part("c2", "Rate above", "Tarief erboven", 0.08)),
        (out("pay", "beloning", "EUR/month"),), tiered_pay,
    ),
    Formula(
        "F6.13", "Cost per visit and break-even territory", "Kosten per bezoek en break-evenrayon", "cost / visits; cost / contribution ratio",
        "What does a visit cost, and when does a territory pay for itself? Territories below that turnover lose money, which is in principle not acceptable.",
        "Wat kost een bezoek, en wanneer verdient een rayon zichzelf terug? Rayons onder die omzet zijn verliesgevend, en dat is in beginsel niet aanvaardbaar.",
        "General",
        (num("cost", "Yearly cost of a salesperson", "Jaarkosten van een verkoper", 90000, 0), num("visits", "Visits a year", "Bezoeken per jaar", 800, 0),
         part("cm", "Contribution ratio", "Dekkingsbijdrage als deel", 0.25)),
        (out("cost per visit", "kosten per bezoek", "EUR"), out("break-even turnover", "break-evenomzet", "EUR/yr")), visit_cost,
    ),
    Formula(
        "F6.14", "Visit performance level", "Prestatiegraad bezoeken", "level = actual / norm × 100",
        "Are as many visits made as agreed? More visits are no goal in themselves: read it beside orders per visit.",
        "Worden er zoveel bezoeken gedaan als afgesproken? Meer bezoeken zijn geen doel op zich: lees het naast orders per bezoek.",
        "Performance norm", (num("actual", "Actual visits", "Werkelijke bezoeken", 5.5, 0), num("norm", "Norm visits", "Norm bezoeken", 5, 0)),
        (out("level", "prestatiegraad", "%"),), performance_level,
    ),
)  # fmt: skip
