"""How do talks with customers end, and how many move the sale on (F12.2)?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from koers_analytics.formulas import run_formula
from koers_analytics.selling.proportions import FEW_DEALS, Interval, wilson

ENDINGS = ("order", "advance", "continuation", "no_sale")
NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class CallOutcomes:
    """Talks of one group by how they ended (counts); shares 0-1, None without talks.

    ``calls`` are the talks that took place and of which the ending is known. A customer who was not
    reached, and a talk without an ending, are counted beside them and in no share.
    """

    key: object
    label: str
    counts: Mapping[str, int]
    not_reached: int = 0
    unsaid: int = 0

    @property
    def calls(self) -> int:
        """Talks with an ending: the denominator."""
        return sum(self.counts.values())

    @property
    def moved_on(self) -> int:
        """Orders and advances: the numerator of call success."""
        return self.counts["order"] + self.counts["advance"]

    @property
    def success(self) -> float | None:
        """Call success: (orders + advances) ÷ calls (F12.2)."""
        order, advance, cont, nosale = (self.counts[ending] for ending in ENDINGS)
        percent = run_formula(
            "F12.2", {"order": order, "advance": advance, "cont": cont, "nosale": nosale}
        )
        return None if percent is None else float(percent) / 100

    @property
    def interval(self) -> Interval | None:
        """Where the true call success lies in 95 of 100 such cases (Wilson)."""
        return wilson(self.moved_on, self.calls)

    @property
    def is_few(self) -> bool:
        """Whether chance weighs heavily."""
        return self.calls < FEW_DEALS

    def share(self, ending: str) -> float | None:
        """Which part of the calls ended so."""
        return self.counts[ending] / self.calls if self.calls else None


def call_outcomes(
    rows: Iterable[tuple[object, str, str, int]],
) -> tuple[list[CallOutcomes], CallOutcomes]:
    """Per group, most calls first, and of all together; rows are key, label, ending and count.

    An empty ending means that nobody wrote down how the talk ended. An ending that is not known
    raises ``ValueError``.
    """
    found: dict[object, dict[str, int]] = {}
    labels: dict[object, str] = {}
    total = _none()
    for key, label, ending, count in rows:
        if ending not in total:
            msg = f"unknown ending {ending!r}"
            raise ValueError(msg)
        found.setdefault(key, _none())[ending] += count
        labels[key] = label
        total[ending] += count
    groups = [_made(key, labels[key], counts) for key, counts in found.items()]
    groups.sort(key=lambda each: (-each.calls, each.label))
    return groups, _made(None, "", total)


def _none() -> dict[str, int]:
    return dict.fromkeys((*ENDINGS, NOT_REACHED, ""), 0)


def _made(key: object, label: str, counts: Mapping[str, int]) -> CallOutcomes:
    ended = {ending: counts[ending] for ending in ENDINGS}
    return CallOutcomes(key, label, ended, counts[NOT_REACHED], counts[""])
