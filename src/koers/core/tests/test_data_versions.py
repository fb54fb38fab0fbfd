"""Does every change raise the counter of its part, and only of that?"""

from datetime import date

import pytest
from django.db import transaction

from koers.core.data_versions import current_versions, mark_changed, mark_order_lines_changed


def test_the_first_change_of_a_part_counts_one_and_the_next_two(db):
    mark_changed("company")
    assert current_versions() == {"company": "1"}
    mark_changed("company", "company", "person")
    assert current_versions() == {"company": "2", "person": "1"}


def test_order_lines_count_by_the_month_of_their_day(db):
    mark_order_lines_changed([date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)])
    assert current_versions() == {"order_line:2026-01": "1", "order_line:2026-02": "1"}


def test_a_change_that_is_rolled_back_counts_for_nothing(db):
    mark_changed("company")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mark_changed("company")
        raise ZeroDivisionError
    assert current_versions() == {"company": "1"}
