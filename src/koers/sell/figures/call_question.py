"""Which part of the questions of a talk were implication and need-payoff questions (F12.5)?"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koers_analytics.selling.spin import Spin


def spin_of(asked: Mapping[str, int]) -> "Spin":
    """The share from counts per kind of question."""
    from koers_analytics.selling.spin import spin  # noqa: PLC0415 -- analytics

    return spin(asked)
