"""Chapters 10 to 12: which formulas serve leading, coaching and selling skills?"""

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Input,
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

STYLES = {
    "SLT": {(0, 0): "S1", (0, 1): "S2", (1, 0): "S3", (1, 1): "S4"},
    "SLII": {(0, 1): "S1", (0, 0): "S2", (1, 0): "S3", (1, 1): "S4"},
}


def leadership_style(able: Number, willing: Number, version: str) -> str:
    """Style that suits readiness for one task (F10.1); the two versions order the levels apart."""
    style = STYLES[version].get((int(able), int(willing)))
    if style is None or {able, willing} - {0, 1}:
        raise FormulaInputError("F10.1: able and willing are 0 (no) or 1 (yes).")
    return style


def motivation(E: Number, I: Number, V: Number) -> Number:  # noqa: E741 -- the key in the data
    """Expectancy times instrumentality times valence (F10.2)."""
    return E * I * V


def style_match(match: Number, total: Number) -> float | None:
    """Talks held in the advised style, in percent (F10.3)."""
    return percent(match, total)


def staff_turnover(leavers: Number, avg: Number) -> float | None:
    """Leavers as a percentage of average staff (F10.4)."""
    return percent(leavers, avg)


def competence_gap(w: Numbers, norm: Numbers, act: Numbers) -> float:
    """Weighted shortfall against the norm (F11.1); a surplus does not make up for a gap."""
    same_length(w=w, norm=norm, act=act)
    check_weights(w, 1)
    return weighted(w, [max(0, asked - found) for asked, found in zip(norm, act, strict=True)])


def learning_gain(pre: Number, post: Number, max: Number) -> float | None:  # noqa: A002 -- the key in the data
    """Part of what could be learned that was learned (F11.2)."""
    return ratio(post - pre, max - pre)


def training_roi(benefit: Number, cost: Number) -> float | None:
    """Benefit less cost as a percentage of cost (F11.3)."""
    return percent(benefit - cost, cost)


def hit_rate(won: Number, tried: Number) -> float | None:
    """Deals won as a percentage of attempts (F12.1)."""
    return percent(won, tried)


def call_success(order: Number, advance: Number, cont: Number, nosale: Number) -> float | None:
    """Orders and advances as a percentage of calls (F12.2)."""
    return percent(order + advance, order + advance + cont + nosale)


def sales_velocity(n: Number, win: Number, value: Number, days: Number) -> float | None:
    """Turnover that the pipeline yields a day (F12.3)."""
    return ratio(n * win * value, days)


def agreement_zone(buyer_max: Number, seller_min: Number) -> Number:
    """Room between both limits; negative means no agreement is possible (F12.4)."""
    return buyer_max - seller_min


def spin_share(S: Number, P: Number, I: Number, N: Number) -> float | None:  # noqa: E741 -- the key in the data
    """Implication and need-payoff questions as a percentage of all (F12.5)."""
    return percent(I + N, S + P + I + N)


FORMULAS = (
    Formula(
        "F10.1", "Readiness to leadership style", "Taakvolwassenheid en leiderschapsstijl", "SLT: (able, willing) 00→S1, 01→S2, 10→S3, 11→S4; SLII: 01→S1, 00→S2",
        "Which style suits this person for this task: instruct, convince, consult or delegate? It is advice per task, never a label on a person; note which version you use.",
        "Welke stijl past bij deze persoon voor deze taak: instrueren, overtuigen, overleggen of delegeren? Het is advies per taak, nooit een etiket; noteer welke versie u gebruikt.",
        "Hersey & Blanchard; mapping general",
        (num("able", "Able: 1 yes, 0 no", "Bekwaam: 1 ja, 0 nee", 0, 0, 1), num("willing", "Willing: 1 yes, 0 no", "Bereid: 1 ja, 0 nee", 1, 0, 1),
         Input("version", "Version", "Versie", "SLT", "text", choices=("SLT", "SLII"))),
        (out("style", "stijl", "style"),), leadership_style,
    ),
    Formula(
        "F10.2", "Motivation product", "Motivatieproduct", "motivation = expectancy × instrumentality × valence",
        "Why does somebody not try harder? If one of the three is near 0, so is motivation: doubt of success, doubt of reward, or a reward nobody wants.",
        "Waarom doet iemand niet meer zijn best? Is een van de drie bijna 0, dan ook de motivatie: twijfel aan succes, aan beloning, of een beloning die niemand wil.",
        "Vroom (1964)",
        (part("E", "Expectancy", "Verwachting", 0.8), part("I", "Instrumentality", "Instrumentaliteit", 0.7), part("V", "Valence", "Valentie", 0.9)),
        (out("motivation", "motivatie", "0-1"),), motivation,
    ),
    Formula(
        "F10.3", "Style-match rate", "Stijlovereenkomst", "talks where used style = advised style / talks × 100",
        "How often does the manager lead in the style that the task asks for? A low rate is a subject for the manager's own coaching.",
        "Hoe vaak leidt de manager in de stijl die de taak vraagt? Een laag percentage is een onderwerp voor de coaching van de manager zelf.",
        "Design choice", (num("match", "Talks that match", "Gesprekken in de geadviseerde stijl", 9, 0), num("total", "All talks", "Alle gesprekken", 12, 0)),
        (out("match", "overeenkomst", "%"),), style_match,
    ),
    Formula(
        "F10.4", "Staff turnover of the team", "Personeelsverloop van het team", "turnover = leavers / average staff × 100",
        "How many salespeople leave in a year? Each leaver costs hiring, training and customers who lose their contact.",
        "Hoeveel verkopers vertrekken er per jaar? Elk vertrek kost werving, training en klanten die hun contact verliezen.",
        "General", (num("leavers", "Leavers in the year", "Vertrekkers in het jaar", 3, 0), num("avg", "Average staff", "Gemiddelde bezetting", 20, 0)),
        (out("turnover", "verloop", "%/yr"),), staff_turnover,
    ),
    Formula(
        "F11.1", "Competence gap index", "Index van competentiekloven", "gap = Σ w × max(0, norm − actual)",
        "Who needs training most, and in what? Strength in one competence does not hide a gap in another; weights total 1.",
        "Wie heeft het meest training nodig, en waarin? Kracht in de ene competentie verbergt geen kloof in de andere; de gewichten tellen op tot 1.",
        "Design choice",
        (seq("w", "Weights (total 1)", "Gewichten (totaal 1)", [0.5, 0.3, 0.2], 0, 1), seq("norm", "Norm level", "Normniveau", [4, 4, 3], 0),
         seq("act", "Actual level", "Werkelijk niveau", [3, 4, 2], 0)),
        (out("gap", "kloof", "levels"),), competence_gap,
    ),
    Formula(
        "F11.2", "Normalised learning gain", "Genormaliseerde leerwinst", "gain = (post − pre) / (max − pre)",
        "How much of what could still be learned was learned? It compares beginners and experts fairly.",
        "Hoeveel van wat nog te leren viel, is geleerd? Zo zijn beginners en ervaren mensen eerlijk te vergelijken.",
        "Hake gain",
        (num("pre", "Score before", "Score vooraf", 50, 0), num("post", "Score after", "Score achteraf", 80, 0), num("max", "Highest possible", "Hoogst mogelijk", 100, 0)),
        (out("gain", "leerwinst", "fraction"),), learning_gain,
    ),
    Formula(
        "F11.3", "Training ROI", "Rendement van training (ROI)", "ROI = (benefit − cost) / cost × 100",
        "Did the course earn back its cost? Count only the benefit that is due to training: compare with a group without it or with the trend.",
        "Heeft de cursus zich terugverdiend? Tel alleen de opbrengst die aan de training te danken is: vergelijk met een groep zonder training of met de trend.",
        "Phillips ROI",
        (num("benefit", "Benefit due to training", "Opbrengst door de training", 35000), num("cost", "Cost", "Kosten", 10000, 0)),
        (out("ROI", "rendement", "%"),), training_roi,
    ),
    Formula(
        "F12.1", "Hit rate", "Scoringspercentage", "hit rate = won / attempts × 100",
        "Which part of the attempts ends in a sale? Read it per phase and product; a very high rate may mean too few attempts.",
        "Welk deel van de pogingen eindigt in een verkoop? Lees het per fase en product; een heel hoog percentage kan op te weinig pogingen wijzen.",
        "Hit rate", (num("won", "Won", "Gewonnen", 75, 0), num("tried", "Attempts", "Pogingen", 100, 0)), (out("hit rate", "scoringspercentage", "%"),), hit_rate,
    ),
    Formula(
        "F12.2", "Call success", "Gesprekssucces", "success = (orders + advances) / calls × 100",
        "How many calls move the sale on? An advance needs an agreed action of the customer; a friendly talk without one is a continuation.",
        "Hoeveel gesprekken brengen de verkoop verder? Een advance vraagt een afgesproken actie van de klant; een prettig gesprek zonder actie is een continuation.",
        "Rackham, SPIN Selling; ratio general",
        (num("order", "Orders", "Orders", 6, 0), num("advance", "Advances", "Advances", 14, 0), num("cont", "Continuations", "Continuations", 16, 0),
         num("nosale", "No-sales", "No-sales", 4, 0)),
        (out("call success", "gesprekssucces", "%"),), call_success,
    ),
    Formula(
        "F12.3", "Sales velocity", "Verkoopsnelheid", "velocity = opportunities × win rate × value / cycle days",
        "How much does the pipeline yield a day? Four levers: more opportunities, a higher win rate, larger deals, a shorter cycle.",
        "Hoeveel levert de pijplijn per dag op? Vier knoppen: meer kansen, hoger winstpercentage, grotere deals, kortere doorlooptijd.",
        "General",
        (num("n", "Opportunities", "Kansen", 50, 0), part("win", "Win rate", "Deel gewonnen", 0.2), num("value", "Average value", "Gemiddelde waarde", 10000, 0),
         num("days", "Cycle, days", "Doorlooptijd, dagen", 60, 0)),
        (out("velocity", "verkoopsnelheid", "EUR/day"),), sales_velocity,
    ),
    Formula(
        "F12.4", "Zone of possible agreement", "Onderhandelingszone (ZOPA)", "zone = buyer's maximum − seller's minimum",
        "Is there room for a deal? A negative figure says no: change the terms or walk away instead of giving in on price.",
        "Is er ruimte voor een akkoord? Een negatief cijfer zegt nee: verander de voorwaarden of stap op in plaats van op prijs toe te geven.",
        "Negotiation theory",
        (num("buyer_max", "Buyer's maximum", "Maximum van de koper", 95, 0), num("seller_min", "Our minimum", "Ons minimum", 80, 0)),
        (out("zone", "zone", "EUR"),), agreement_zone,
    ),
    Formula(
        "F12.5", "Share of implication and need-payoff questions", "Aandeel implicatie- en nutvragen", "(I + N) / (S + P + I + N) × 100",
        "Does the salesperson ask the questions that make a customer want a solution? Many situation questions bore the customer.",
        "Stelt de verkoper de vragen waardoor een klant een oplossing wil? Veel situatievragen vervelen de klant.",
        "SPIN; ratio by design",
        (num("S", "Situation questions", "Situatievragen", 6, 0), num("P", "Problem questions", "Probleemvragen", 5, 0),
         num("I", "Implication questions", "Implicatievragen", 5, 0), num("N", "Need-payoff questions", "Nutvragen", 4, 0)),
        (out("share", "aandeel", "%"),), spin_share,
    ),
)  # fmt: skip
