"""Can two targets of the same scope overlap, and is a clash on one told?"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.tests.factories import ProductGroupFactory
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.organisation.tests.cast import acting
from koers.organisation.tests.factories import TerritoryFactory
from koers.plan.actions.target import (
    TargetRefusedError,
    TargetValues,
    change_target,
    copy_targets,
    remove_target,
    set_target,
)
from koers.plan.models import Target
from koers.plan.tests.factories import TargetFactory

NOW = timezone.now()
FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


def values(person, start=FIRST, end=SECOND, amount="1000", *, territory=None, group=None):
    return TargetValues(person, territory, group, start, end, Decimal(amount))


def set_by(user, *args, **more):
    return set_target(actor=acting(user), values=values(*args, **more), at=NOW)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (FIRST, SECOND),
        (date(2025, 12, 1), date(2026, 1, 2)),
        (date(2026, 3, 31), THIRD),
        (date(2026, 2, 1), date(2026, 2, 2)),
        (date(2025, 1, 1), THIRD),
    ],
)
def test_a_period_that_shares_a_day_with_another_target_is_refused(cast, start, end):
    set_by(cast.ben, cast.ann)
    with pytest.raises(TargetRefusedError):
        set_by(cast.ben, cast.ann, start, end)
    assert Target.objects.count() == 1


def test_periods_that_touch_do_not_overlap_for_a_period_excludes_its_end(cast):
    set_by(cast.ben, cast.ann)
    set_by(cast.ben, cast.ann, SECOND, THIRD)
    assert Target.objects.count() == 2


def test_targets_of_other_scopes_may_overlap(cast):
    set_by(cast.tom, cast.ann)
    set_by(cast.tom, cast.sam)
    set_by(cast.tom, None, territory=TerritoryFactory())
    set_by(cast.tom, None, group=ProductGroupFactory())
    set_by(cast.tom, cast.ann, group=ProductGroupFactory())
    assert Target.objects.count() == 5


def test_a_target_needs_somebody_or_something_it_is_for(cast):
    with pytest.raises(TargetRefusedError):
        set_by(cast.ben, None)


def test_an_empty_period_is_refused(cast):
    with pytest.raises(TargetRefusedError):
        set_by(cast.ben, cast.ann, SECOND, SECOND)


def test_a_manager_sets_targets_of_the_own_tree_only(cast):
    with pytest.raises(NotFoundError):
        set_by(cast.ben, cast.cora)


def test_a_seller_sets_no_targets(cast):
    with pytest.raises(NotAllowedError):
        set_by(cast.ann, cast.ann)


def test_a_target_may_move_within_its_own_period(cast):
    made = set_by(cast.ben, cast.ann)
    change_target(actor=acting(cast.ben), target_id=made.pk, version=1, values=values(cast.ann, date(2026, 2, 1), SECOND), at=NOW)  # fmt: skip
    assert Target.objects.get().period_start == date(2026, 2, 1)


def test_a_removed_target_stays_in_the_audit_trail(cast):
    made = set_by(cast.ben, cast.ann)
    remove_target(actor=acting(cast.ben), target_id=made.pk, at=NOW)
    entry = AuditEntry.objects.filter(verb="delete").get()
    assert (Target.objects.count(), entry.changes) == (0, {"amount": ["1000.0000", None]})


def test_targets_are_carried_over_raised_and_rounded_to_hundreds(cast):
    for person, amount in ((cast.ann, "10000"), (cast.sam, "12345")):
        TargetFactory(person=person, amount=Decimal(amount))
    made = copy_targets(actor=acting(cast.tom), period=(FIRST, SECOND), start=SECOND, end=THIRD, growth=Decimal("0.05"), at=NOW)  # fmt: skip
    found = Target.objects.filter(period_start=SECOND).order_by("amount")
    assert (made, [each.amount for each in found]) == (2, [Decimal(10_500), Decimal(13_000)])


def test_carrying_over_twice_makes_no_second_target(cast):
    TargetFactory(person=cast.ann)
    again = {"period": (FIRST, SECOND), "start": SECOND, "end": THIRD, "growth": Decimal(0), "at": NOW}  # fmt: skip
    assert [copy_targets(actor=acting(cast.tom), **again) for _time in range(2)] == [1, 0]


def test_a_manager_carries_over_the_targets_of_the_own_tree_only(cast):
    for person in (cast.ann, cast.cora):
        TargetFactory(person=person)
    copy_targets(actor=acting(cast.ben), period=(FIRST, SECOND), start=SECOND, end=THIRD, growth=Decimal(0), at=NOW)  # fmt: skip
    assert [each.person for each in Target.objects.filter(period_start=SECOND)] == [cast.ann]


def test_a_clash_on_the_target_form_shows_three_values_and_goes_on(cast, client):
    target = TargetFactory(person=cast.ann, amount=Decimal(1000))
    url = f"/plan/targets/{target.pk}/"
    client.force_login(cast.ben)
    form = client.get(url).context["form"]
    body = {bound.name: bound.value() for bound in form if bound.value() is not None}
    assert client.post(url, body | {"amount": "2000"}).status_code == 302
    clash = client.post(url, body | {"amount": "3000"})
    assert clash.status_code == 409
    assert [(each["name"], each["read"], each["stored"], each["wanted"]) for each in clash.context["clashes"]] == [("amount", Decimal(1000), Decimal(2000), Decimal(3000))]  # fmt: skip
    assert Target.objects.get().amount == 2000
    again = {bound.name: bound.value() for bound in clash.context["form"] if bound.value()}
    assert client.post(url, again | {"keep_amount": "mine"}).status_code == 302
    assert Target.objects.get().amount == 3000
