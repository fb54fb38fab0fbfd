"""A learned win probability is used only where it beats the base rate on later deals."""

import random
from datetime import date, timedelta

import pytest

from koers_analytics.selling.win_probability import (
    Deal,
    area_under_curve,
    calibration,
    learn,
    split_by_day,
    usable_columns,
)

START = date(2025, 1, 1)


def history(count, chance_of, *, seed, still=40):
    dice = random.Random(seed)  # noqa: S311 -- invented deals
    deals = []
    for key in range(count + still):
        known = {"source": dice.choice(["fair", "web", "call"]), "seller": dice.choice("abcdef"), "amount": dice.uniform(100, 9000)}  # fmt: skip
        won = None if key >= count else dice.random() < chance_of(known)
        known["order"] = {True: "yes", False: None, None: None}[won]
        known["reason"] = "price" if won is False else None
        day = None if won is None else START + timedelta(days=key // 4)
        deals.append(Deal(key, won, day, known))
    return deals


def test_the_area_and_its_interval_are_those_worked_by_hand():
    # pairs: .9>.5, .9>.1, .4<.5, .4>.1; variances of the placements (1, ½) and (½, 1) are ⅛ each
    auc, interval = area_under_curve([True, True, False, False], [0.9, 0.4, 0.5, 0.1], level=0.5)
    assert auc == 0.75
    assert interval.low == pytest.approx(0.75 - 0.6744898 * 0.125**0.5)
    assert area_under_curve([True, True, False, False], [0.5] * 4)[0] == 0.5


def test_signal_is_found_where_the_source_decides():
    found = learn(history(1200, lambda known: 0.8 if known["source"] == "fair" else 0.3, seed=1))
    assert found.verdict == "signal"
    assert found.auc_interval.low < 0.73 < found.auc_interval.high
    assert found.brier < found.brier_base
    by_source = {}
    for deal in history(1200, lambda known: 0.8 if known["source"] == "fair" else 0.3, seed=1):
        if deal.won is None:
            by_source.setdefault(deal.known["source"], []).append(found.chances[deal.key])
    assert min(by_source["fair"]) > max(by_source["web"] + by_source["call"])
    assert min(by_source["fair"]) > 0.65


def test_columns_filled_in_after_the_result_are_left_out_and_named():
    found = learn(history(400, lambda known: 0.5, seed=2))
    assert [each.column for each in found.excluded] == ["order", "reason"]
    assert all("after the result" in each.reason for each in found.excluded)
    assert found.columns == ("amount", "seller", "source")


def test_noise_is_not_taken_for_signal():
    verdicts = [learn(history(400, lambda known: 0.6, seed=seed)).verdict for seed in range(12)]
    assert verdicts.count("signal") <= 1
    assert learn(history(400, lambda known: 0.6, seed=3)).chances == {}


def test_few_deals_are_said_to_be_too_few():
    found = learn(history(150, lambda known: 0.5, seed=4))
    assert (found.verdict, found.auc, found.chances) == ("too few deals", None, {})
    assert learn([]).base_rate is None


def test_a_day_is_never_divided_and_the_later_deals_judge():
    deals = [deal for deal in history(403, lambda known: 0.5, seed=5) if deal.won is not None]
    first, later = split_by_day(deals)
    assert len(first) + len(later) == 403
    assert max(deal.decided_on for deal in first) < min(deal.decided_on for deal in later)


def test_calibration_holds_every_deal_once_and_equal_chances_together():
    chances = [0.2] * 30 + [0.6] * 70
    won = [True] * 6 + [False] * 24 + [True] * 42 + [False] * 28
    found = calibration(won, chances)
    assert [(each.deals, each.predicted, each.won) for each in found] == [
        (30, pytest.approx(0.2), 0.2), (70, pytest.approx(0.6), 0.6),
    ]  # fmt: skip


def test_a_column_open_deals_lack_is_left_out():
    deals = [Deal(key, key % 2 == 0, START, {"invoice": str(key % 3 + 1)}) for key in range(60)]
    still = [Deal(key, None, None, {"invoice": None}) for key in range(60, 90)]
    kept, excluded = usable_columns(deals, still)
    assert (kept, excluded[0].column) == ([], "invoice")
    assert "open deals do not have it" in excluded[0].reason
