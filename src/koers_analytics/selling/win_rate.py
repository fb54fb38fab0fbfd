"""Which part of the decided deals was won, per group, and does a group really differ (F12.1)?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from koers_analytics.selling.proportions import (
    FEW_DEALS,
    LEVEL,
    Interval,
    chance_of_difference,
    holm,
    jeffreys,
    wilson,
)

SURE_ENOUGH = 0.05
MOSTLY = 0.9
METHODS = {"wilson": wilson, "jeffreys": jeffreys}


@dataclass(frozen=True, slots=True)
class Counted:
    """Deals of a group; amounts are whole ten-thousandths of one currency."""

    key: object
    label: str
    won: int
    lost: int
    open: int = 0
    won_e4: int = 0
    lost_e4: int = 0
    open_e4: int = 0


@dataclass(frozen=True, slots=True)
class WinRate:
    """Won of the decided deals of a group (share 0-1) with its interval.

    ``p_value`` is the chance to see so large a difference from all other groups together though
    there is none, after Holm's correction for looking at all groups; ``differs`` when below 5 %.
    """

    key: object
    label: str
    won: int
    lost: int
    open: int
    won_e4: int
    open_e4: int
    rate: float | None
    interval: Interval | None
    is_few: bool
    p_value: float
    differs: bool

    @property
    def decided(self) -> int:
        """Won and lost."""
        return self.won + self.lost

    @property
    def mean_won_e4(self) -> int | None:
        """Mean amount of a won deal."""
        return self.won_e4 // self.won if self.won else None


@dataclass(frozen=True, slots=True)
class WinRates:
    """A division of all deals; ``after_result`` when the column betrays the result itself."""

    total: WinRate
    rows: tuple[WinRate, ...]
    level: float
    method: str
    after_result: bool

    def share_of_won(self, row: WinRate) -> float | None:
        """Part (0-1) of the amount of all won deals that this group brought in; the parts add up to 1.

        None where nothing was won for an amount. Divided by selling role it is the role mix (S1.11).
        """
        return row.won_e4 / self.total.won_e4 if self.total.won_e4 else None


def win_rates(
    groups: Iterable[Counted],
    *,
    level: float = LEVEL,
    method: str = "wilson",
    unknown: Sequence[object] = (None, ""),
) -> WinRates:
    """Win rate per group and over all, the largest group first; open deals are left out of the rate."""
    found = sorted(groups, key=lambda group: (-(group.won + group.lost), group.label))
    total = _total(found)
    raw = [
        chance_of_difference(
            group.won, group.won + group.lost, total.won - group.won,
            total.won + total.lost - group.won - group.lost,
        )
        for group in found
    ]  # fmt: skip
    rows = tuple(
        _rate(group, p_value, level, method)
        for group, p_value in zip(found, holm(raw), strict=True)
    )
    known = [group for group in found if group.key not in unknown]
    betrays = filled_after_result(_total(known), total)
    return WinRates(_rate(total, 1.0, level, method), rows, level, method, betrays)


def filled_after_result(known: Counted, total: Counted) -> bool:
    """Whether a column is filled in only once the result is known, so that it cannot explain it.

    True when nearly all (90 %) of the decided deals that have it share one result, while less than
    nine in ten of all decided do, and deals still open hardly have it (at most one in ten).
    """
    decided, all_decided = known.won + known.lost, total.won + total.lost
    if not decided or not all_decided:
        return False
    one_sided = max(known.won, known.lost) / decided >= MOSTLY
    normal = max(total.won, total.lost) / all_decided < MOSTLY
    rare_when_open = total.open == 0 or known.open / total.open <= 1 - MOSTLY
    return one_sided and normal and rare_when_open


def _total(groups: Iterable[Counted]) -> Counted:
    rows = list(groups)
    names = ("won", "lost", "open", "won_e4", "lost_e4", "open_e4")
    return Counted(None, "", *(sum(getattr(row, name) for row in rows) for name in names))


def _rate(group: Counted, p_value: float, level: float, method: str) -> WinRate:
    decided = group.won + group.lost
    return WinRate(
        key=group.key,
        label=group.label,
        won=group.won,
        lost=group.lost,
        open=group.open,
        won_e4=group.won_e4,
        open_e4=group.open_e4,
        rate=group.won / decided if decided else None,
        interval=METHODS[method](group.won, decided, level),
        is_few=decided < FEW_DEALS,
        p_value=p_value,
        differs=p_value < SURE_ENOUGH,
    )
