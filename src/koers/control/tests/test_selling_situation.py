"""Does the win rate tell buying situations and selling roles apart, in words?"""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

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


def test_the_role_mix_is_each_roles_part_of_the_amount_won_and_opens_its_deals(cast, client):
    won, lost = StageFactory(kind="won", name="Won"), StageFactory(kind="lost", name="Lost")
    for stage, role, amount, currency in (
        (won, "solution", 300, "EUR"), (won, "solution", 300, "EUR"), (won, "strategic", 200, "EUR"), (won, "", None, "EUR"),
        (won, "strategic", 999, "USD"), (lost, "integrated", 500, "EUR"),
    ):  # fmt: skip
        OpportunityFactory(
            owner=cast.ann, stage=stage, stage_kind=stage.kind, closed_on=date(2026, 11, 20), selling_role=role, currency=currency,
            amount=None if amount is None else Decimal(amount),
        )  # fmt: skip
    rates = win_rates_of(actor=acting(cast.ann), period=None, by="role")
    parts = {row.label: rates.share_of_won(row) for row in rates.rows}
    assert parts == {"Solution selling": 0.75, "Strategic selling": 0.25, "": 0.0, "Integrated selling": 0.0}  # fmt: skip
    assert sum(parts.values()) == 1
    client.force_login(cast.ann)
    page = client.get(reverse("control:selling"), {"by": "role", "from": "2026-01-01", "to": "2026-12-31"})  # fmt: skip
    (url,) = [each["part_url"] for each in page.context["rows"] if each["label"] == "Solution selling"]  # fmt: skip
    panel = client.get(url).context["panel"]
    assert (panel.value, panel.rows_count) == ("75.0%", 2)
    assert [value for _label, value in panel.parts] == ["€600.00", "€800.00"]
    assert client.get(panel.rows_url).context["page"].total == 2


def test_without_a_won_amount_there_is_no_mix(cast):
    lost = StageFactory(kind="lost", name="Lost")
    OpportunityFactory(owner=cast.ann, stage=lost, stage_kind="lost", closed_on=date(2026, 11, 20), selling_role="solution")  # fmt: skip
    rates = win_rates_of(actor=acting(cast.ann), period=None, by="role")
    assert [rates.share_of_won(row) for row in rates.rows] == [None]
