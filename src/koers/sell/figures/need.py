"""How well does our answer fit what the customer wants?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from koers.sell.models import Need
from koers.sell.models.need import PARTS_MET

if TYPE_CHECKING:
    from koers_analytics.selling.fit import Fit


def fit_of(needs: Sequence[Need]) -> "Fit":
    """The fit over needs, wishes and expectations together."""
    from koers_analytics.selling.fit import fit  # noqa: PLC0415 -- analytics

    return fit([(each.importance, PARTS_MET[each.status]) for each in needs])  # type: ignore[index]
