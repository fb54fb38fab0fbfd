"""Chapter 4: which formulas make and judge a sales forecast?"""

import math
from collections.abc import Sequence

from koers_analytics.formula_sets.base import (
    Formula,
    FormulaInputError,
    Number,
    Numbers,
    num,
    out,
    part,
    percent,
    ratio,
    same_length,
    seq,
    weighted,
)

QUARTERS = 4
TWO_YEARS = 8


def trend(y: Numbers, k: Number) -> tuple[float | None, float | None, float | None]:
    """Least-squares line through periods 1..n, and its value in period k (F4.1)."""
    line = _line(y)
    if line is None:
        return None, None, None
    start, slope = line
    return start, slope, start + slope * k


def compound_growth(
    first: Number, last: Number, periods: Number
) -> tuple[float | None, float | None]:
    """Growth per period between two values, and the next value (F4.2)."""
    if first == 0 or periods == 0:
        return None, None
    growth = float(last / first) ** (1 / periods) - 1
    return growth, last * (1 + growth)


def smoothed(alpha: Number, actual: Number, old: Number) -> Number:
    """New forecast by exponential smoothing (F4.3)."""
    return alpha * actual + (1 - alpha) * old


def seasonal_indices(q: Numbers) -> list[float | None]:
    """Index per quarter from centred moving averages, totalling 4 (F4.4); series starts in Q1."""
    if len(q) < TWO_YEARS:
        raise FormulaInputError(f"Give at least {TWO_YEARS} quarters, not {len(q)}.")
    ratios: list[list[float]] = [[] for _ in range(QUARTERS)]
    for i in range(2, len(q) - 2):
        centred = (q[i - 2] / 2 + q[i - 1] + q[i] + q[i + 1] + q[i + 2] / 2) / QUARTERS
        if centred == 0:
            return [None] * QUARTERS
        ratios[i % QUARTERS].append(q[i] / centred)
    means = [math.fsum(group) / len(group) for group in ratios]
    return [ratio(QUARTERS * mean, math.fsum(means)) for mean in means]


def seasonal_forecast(q: Numbers) -> list[float | None]:
    """Trend times season for the next four quarters (F4.5)."""
    usable = [index for index in seasonal_indices(q) if index]
    line = None
    if len(usable) == QUARTERS:
        line = _line([value / usable[i % QUARTERS] for i, value in enumerate(q)])
    if line is None:
        return [None] * QUARTERS
    start, slope = line
    following = range(len(q), len(q) + QUARTERS)
    return [(start + slope * (i + 1)) * usable[i % QUARTERS] for i in following]


def reseasonalised(t: Numbers, ix: Numbers) -> list[float]:
    """Trend values times their indices, in two decimals as published (F4.5b)."""
    same_length(t=t, ix=ix)
    return [math.floor(round(value * index * 100, 6) + 0.5) / 100 for value, index in zip(t, ix, strict=True)]  # fmt: skip


def forecast_errors(A: Numbers, F: Numbers) -> tuple[float | None, ...]:
    """MAD, MAPE, WAPE, bias, tracking signal and RMSE (F4.6); MAPE is None when an actual is 0."""
    count = same_length(A=A, F=F)
    errors = [actual - forecast for actual, forecast in zip(A, F, strict=True)]
    absolute = math.fsum(abs(error) for error in errors)
    mad = absolute / count
    mape = None
    if all(A):
        mape = math.fsum(abs(e / a) for e, a in zip(errors, A, strict=True)) / count * 100
    total = math.fsum(errors)
    rmse = math.sqrt(math.fsum(float(error) ** 2 for error in errors) / count)
    return mad, mape, percent(absolute, math.fsum(A)), total / count, ratio(total, mad), rmse


def weighted_pipeline(v: Numbers, p: Numbers) -> float:
    """Sum of value times probability (F4.7)."""
    return weighted(v, p)


def sales_force_composite(est: Numbers, f: Numbers) -> float:
    """Sum of estimates, each times its maker's bias factor (F4.8)."""
    return weighted(est, f)


def market_build_up(buyers: Number, units: Number, price: Number, share: Number) -> Number:
    """Buyers times units times price times our share (F4.9)."""
    return buyers * units * price * share


def delphi_round(x: Numbers) -> tuple[float, float, float | None]:
    """Median, interquartile range and their ratio (F4.10), with inclusive quartiles."""
    ordered = sorted(x)
    median = _quantile(ordered, 0.5)
    spread = _quantile(ordered, 0.75) - _quantile(ordered, 0.25)
    return median, spread, ratio(spread, median)


def three_point(a: Number, m: Number, b: Number) -> tuple[float, float]:
    """Mean and standard deviation from lowest, likely and highest (F4.11)."""
    if not a <= m <= b:
        raise FormulaInputError("F4.11: give lowest, most likely and highest in rising order.")
    return (a + 4 * m + b) / 6, (b - a) / 6


def _line(y: Numbers) -> tuple[float, float] | None:
    mean_t, mean_y = (len(y) + 1) / 2, math.fsum(y) / len(y)
    width = math.fsum((t - mean_t) ** 2 for t in range(1, len(y) + 1))
    if width == 0:
        return None
    slope = math.fsum((t - mean_t) * (value - mean_y) for t, value in enumerate(y, 1)) / width
    return mean_y - slope * mean_t, slope


def _quantile(ordered: Sequence[Number], share: float) -> float:
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


_QUARTERS = seq(
    "q", "Actuals per quarter, from a Q1", "Realisatie per kwartaal, vanaf een Q1", [80, 120, 100, 140, 90, 130, 110, 150], 0
)  # fmt: skip
FORMULAS = (
    Formula(
        "F4.1", "Least-squares trend", "Trendlijn (kleinste kwadraten)", "b = Σ(t−t̄)(y−ȳ) / Σ(t−t̄)²; a = ȳ − b·t̄; ŷ = a + b·k",
        "Where does a straight line through the past lead? Fit for series without season; test it on the last fifth first.",
        "Waar leidt een rechte lijn door het verleden naartoe? Geschikt voor reeksen zonder seizoen; toets eerst op het laatste "
        "vijfde deel.",
        "General",
        (seq("y", "Actuals per period", "Realisatie per periode", [100, 110, 125, 135, 150]),
         num("k", "Period to forecast", "Te voorspellen periode", 6)),
        (out("start a", "begin a"), out("slope b", "helling b", "per period"), out("forecast", "prognose", "units")), trend,
    ),
    Formula(
        "F4.2", "Compound growth", "Samengestelde groei", "g = (last / first)^(1/periods) − 1; next = last × (1 + g)",
        "What was the growth per period, and what comes next if it holds? For short series with fewer than six points.",
        "Hoe groot was de groei per periode, en wat volgt als die aanhoudt? Voor korte reeksen met minder dan zes punten.",
        "General",
        (num("first", "First value", "Eerste waarde", 100, 0), num("last", "Last value", "Laatste waarde", 150, 0),
         num("periods", "Periods between", "Perioden ertussen", 4, 0)),
        (out("growth", "groei", "fraction"), out("next", "volgende", "units")), compound_growth,
    ),
    Formula(
        "F4.3", "Exponential smoothing", "Exponentiële demping", "F' = α × actual + (1 − α) × F",
        "How does the latest actual change the forecast? A high α follows quickly and is nervous, a low one is slow and calm.",
        "Hoe verandert de laatste realisatie de prognose? Een hoge α volgt snel en is onrustig, een lage is traag en rustig.",
        "General",
        (part("alpha", "Smoothing factor α", "Dempingsfactor α", 0.3), num("actual", "Latest actual", "Laatste realisatie", 120),
         num("old", "Old forecast", "Oude prognose", 100)),
        (out("new forecast", "nieuwe prognose", "units"),), smoothed,
    ),
    Formula(
        "F4.4", "Seasonal indices", "Seizoensindices", "actual / centred moving average; mean per quarter; × 4 / Σ",
        "Which quarters lie above or below the year's mean? The four indices total 4; two full years are the least.",
        "Welke kwartalen liggen boven of onder het jaargemiddelde? De vier indices tellen op tot 4; twee volle jaren zijn het minimum.",
        "Ratio to moving average", (_QUARTERS,), (out("Q1-Q4", "Q1-Q4", "index, sum 4"),), seasonal_indices,
    ),
    Formula(
        "F4.5", "Trend × season forecast", "Prognose uit trend × seizoen", "deseasonalise; fit the trend; × index",
        "What will the next four quarters bring when trend and season hold? Show it beside the same quarter of last year.",
        "Wat brengen de komende vier kwartalen als trend en seizoen aanhouden? Zet het naast hetzelfde kwartaal van vorig jaar.",
        "Classical decomposition", (_QUARTERS,), (out("next four quarters", "komende vier kwartalen", "units"),), seasonal_forecast,
    ),
    Formula(
        "F4.5b", "Put the season back", "Seizoen terugbrengen", "forecast = trend × index, in two decimals",
        "The last step of the seasonal forecast by itself. The indices of this published example total 3.973; normalise your own to 4.",
        "De laatste stap van de seizoensprognose apart. De indices van dit gepubliceerde voorbeeld tellen op tot 3,973; breng uw "
        "eigen indices op 4.",
        "Published retail example",
        (seq("t", "Trend per quarter", "Trend per kwartaal", [47.4085, 48.171, 48.9336, 49.6961]),
         seq("ix", "Seasonal index", "Seizoensindex", [0.589, 0.656, 0.826, 1.902], 0)),
        (out("forecast", "prognose", "M USD"),), reseasonalised,
    ),
    Formula(
        "F4.6", "Forecast errors", "Prognosefouten",
        "e = A − F; MAD = mean |e|; MAPE = mean |e/A|; WAPE = Σ|e|/ΣA; bias = mean e; tracking signal = Σe/MAD; RMSE",
        "How good was the forecast, and does it lean? A negative bias means forecast too high; MAPE says nothing when an actual is 0, "
        "so use WAPE there.",
        "Hoe goed was de prognose, en helt zij over? Een negatieve bias betekent te hoog voorspeld; MAPE zegt niets als een "
        "realisatie 0 is, gebruik dan WAPE.",
        "General; tracking signal of forecast control",
        (seq("A", "Actuals", "Realisatie", [100, 120, 90]), seq("F", "Forecasts", "Prognoses", [110, 115, 100])),
        (out("MAD", "MAD", "units"), out("MAPE", "MAPE", "%"), out("WAPE", "WAPE", "%"), out("bias", "bias", "units"),
         out("tracking signal", "tracking signal", "ratio"), out("RMSE", "RMSE", "units")),
        forecast_errors,
    ),
    Formula(
        "F4.7", "Weighted pipeline", "Gewogen pijplijn", "Σ value × probability",
        "What may the open opportunities bring? Each counts for its chance; with few deals the outcome is all or nothing.",
        "Wat kunnen de open kansen opbrengen? Elke kans telt mee naar waarschijnlijkheid; bij weinig deals is de uitkomst alles of niets.",
        "Pipeline management",
        (seq("v", "Value per opportunity", "Waarde per kans", [50000, 20000, 100000], 0),
         seq("p", "Probability", "Waarschijnlijkheid", [0.6, 0.9, 0.2], 0, 1)),
        (out("weighted pipeline", "gewogen pijplijn", "EUR"),), weighted_pipeline,
    ),
    Formula(
        "F4.8", "Sales-force composite", "Schattingen van het salesteam", "Σ estimate × bias factor",
        "What do the salespeople's own estimates add up to? The bias factor is a person's mean of past actual over estimate.",
        "Waar tellen de schattingen van de verkopers toe op? De correctiefactor is iemands gemiddelde van realisatie gedeeld door "
        "schatting in het verleden.",
        "General",
        (seq("est", "Estimates", "Schattingen", [200000, 150000], 0), seq("f", "Bias factors", "Correctiefactoren", [0.9, 1.1], 0)),
        (out("composite", "totaal", "EUR"),), sales_force_composite,
    ),
    Formula(
        "F4.9", "Market build-up", "Marktopbouw (kettingmethode)", "buyers × units × price × our share",
        "What can we sell in a market, built up from its buyers? Check every link: a small error in each multiplies.",
        "Wat kunnen wij in een markt verkopen, opgebouwd vanuit de kopers? Controleer elke schakel: kleine fouten vermenigvuldigen zich.",
        "Chain-ratio method",
        (num("buyers", "Buyers", "Kopers", 4000, 0), num("units", "Units per buyer a year", "Stuks per koper per jaar", 2.5, 0),
         num("price", "Price", "Prijs", 80, 0), part("share", "Our share", "Ons aandeel", 0.12)),
        (out("sales potential", "verkooppotentieel", "EUR/yr"),), market_build_up,
    ),
    Formula(
        "F4.10", "Delphi round", "Delphi-ronde", "median; IQR (inclusive quartiles); IQR / median",
        "Do the experts agree? Stop asking when the middle half spans no more than a tenth of the median.",
        "Zijn de deskundigen het eens? Stop met vragen als de middelste helft hooguit een tiende van de mediaan beslaat.",
        "Delphi method; stop rule by design", (seq("x", "Estimates of the experts", "Schattingen van de deskundigen", [90, 100, 105, 110, 140]),),
        (out("median", "mediaan", "units"), out("IQR", "kwartielafstand", "units"), out("ratio", "verhouding", "fraction")), delphi_round,
    ),
    Formula(
        "F4.11", "Three-point estimate", "Driepuntsschatting", "mean = (a + 4m + b) / 6; sd = (b − a) / 6",
        "What is a fair estimate when low, likely and high are known, and how sure is it? Far apart means: ask on.",
        "Wat is een eerlijke schatting bij laag, waarschijnlijk en hoog, en hoe zeker is die? Liggen ze ver uiteen, vraag dan door.",
        "PERT", (num("a", "Lowest", "Laagst", 120), num("m", "Most likely", "Meest waarschijnlijk", 150), num("b", "Highest", "Hoogst", 210)),
        (out("mean", "gemiddelde", "units"), out("standard deviation", "standaardafwijking", "units")), three_point,
    ),
)  # fmt: skip
