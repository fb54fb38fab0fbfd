"""Is the share of implication and need-payoff questions what the example says?"""

import pytest

from koers_analytics.selling.spin import spin


def test_the_example_of_the_formula():
    found = spin({"S": 6, "P": 5, "I": 5, "N": 4})
    assert (found.strong, found.total, found.share) == (9, 20, pytest.approx(0.45))


def test_what_was_not_asked_counts_for_nothing_and_nothing_has_no_share():
    assert spin({"I": 2}).share == 1
    assert spin({"S": 3}).share == 0
    assert spin({}).share is None


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown"):
        spin({"X": 1})
