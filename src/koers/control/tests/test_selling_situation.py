"""Does the win rate tell buying situations and selling roles apart, in words?"""

from datetime import date

import pytest

from koers.control.figures.selling import win_rates_of
from koers.organisation.tests.cast import acting
from koers.sell.tests.factories import OpportunityFactory, StageFactory

pytestmark = pytest.mark.django_db


def test_the_win_rate_divides_by_situation_and_role(cast):
    won, lost = StageFactory(kind="won", name="Won"), StageFactory(kind="lost", name="Lost")
    for stage, situation in ((won, "straight"), (won, "straight"), (lost, "straight"), (lost, "new_task"), (lost, "")):  # fmt: skip
        OpportunityFactory(
            owner=cast.ann, stage=stage, stage_kind=stage.kind, closed_on=date(2026, 11, 24), buying_situation=situation, selling_role="solution",
        )  # fmt: skip
    actor = acting(cast.ann)
    rates = win_rates_of(actor=actor, period=None, by="situation")
    found = sorted((row.label, row.won, row.lost) for row in rates.rows)
    assert found == [("", 0, 1), ("New task", 0, 1), ("Straight rebuy", 2, 1)]
    rates = win_rates_of(actor=actor, period=None, by="role")
    assert [(row.label, row.won, row.lost) for row in rates.rows] == [("Solution selling", 2, 3)]
