"""How is the win probability learned from history printed on the command line?"""

import argparse
from typing import Any

from koers.config.commands.output import plain, say

Answer = tuple[list[str], list[list[object]], object]
FALLBACK = "the probability of the stage; where nobody gave one, the base rate"


def win_probability(args: argparse.Namespace) -> Answer:
    """Learn on the earlier deals, judge on the later ones, and say whether it may be used."""
    from koers.control.figures.win_probability import learned_from  # noqa: PLC0415 -- after set-up
    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up

    if args.by or args.start or args.end:
        raise SystemExit("koers analyse win-probability: --by, --from and --to do not go with it.")
    found = learned_from(actor=system_actor(Channel.COMMAND))
    whole: dict[str, Any] = plain(found)  # type: ignore[assignment]
    chances = sorted(found.chances.items(), key=lambda item: (-item[1], item[0]))
    whole["chances"] = [{"opportunity": key, "chance": chance} for key, chance in chances]
    whole["used"] = "the learned chance" if found.verdict == "signal" else FALLBACK
    if not args.json:
        _tell(found)
    rows: list[list[object]] = [
        [each.deals, *(round(share * 100, 1) for share in (each.predicted, each.won, each.interval.low, each.interval.high))]
        for each in found.calibration
    ]  # fmt: skip
    return ["deals", "predicted %", "won %", "from %", "to %"], rows, whole


def _tell(found: Any) -> None:
    say(f"{found.verdict.capitalize()}: learned from {found.learned_from:,} deals, judged on {found.judged_on:,} decided later.")  # fmt: skip
    if found.auc is not None:
        auc, gain = found.auc_interval, found.gain_interval
        say(f"AUC {found.auc:.3f} ({auc.low:.3f} to {auc.high:.3f}); 0.5 is tossing a coin.")
        say(
            f"Brier score {found.brier:.4f}, base rate {found.brier_base:.4f}; gain {gain.low:.4f} to {gain.high:.4f}."
        )
    if found.verdict != "signal":
        say(f"Not used: {FALLBACK} stays ({_percent(found.base_rate)}).")
    for each in found.excluded:
        say(f"Left out: {each.column} ({each.reason}).")
    say(f"Learned from: {', '.join(found.columns)}.")


def _percent(share: float | None) -> str:
    return "no decided deals yet" if share is None else f"base rate {share * 100:.2f} %"
