"""``koers analyse winrate`` and ``funnel`` print what the figures say."""

import json

import pytest

from koers.config.console import main
from koers.control.tests.deals import make_deals

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals(cast):
    """The pipeline of the deals."""
    return make_deals(cast)


def test_the_commands_print_what_the_figures_say(deals, capsys):
    assert main(["analyse", "winrate", "--by", "sector", "--from", "2026-01-01", "--to", "2027-01-01", "--json"]) == 0  # fmt: skip
    answer = json.loads(capsys.readouterr().out)
    assert [(row["label"], row["rate"]) for row in answer["rows"]] == [("Food", 2 / 3), ("Health", 0)]  # fmt: skip
    assert answer["total"]["won_amount"] == 4000
    assert main(["analyse", "funnel", "--from", "2026-01-01", "--to", "2027-01-01", "--target", "8000", "--json"]) == 0  # fmt: skip
    answer = json.loads(capsys.readouterr().out)
    assert [step["conversion"] for step in answer["steps"]] == [0.8, 2 / 3]
    assert answer["needed"] == [
        {"stage": "won", "deals": 4}, {"stage": "Offer", "deals": 6}, {"stage": "Lead", "deals": 7.5},
    ]  # fmt: skip


def test_an_unknown_division_is_refused_with_those_there_are():
    with pytest.raises(SystemExit, match="seller, team, product"):
        main(["analyse", "winrate", "--by", "weather"])
