"""Do sales days follow from the calendar and what was said, and keep absences the visit calendar free?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.periods import Period
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.seller_year import add_absence, remove_absence, set_seller_year
from koers.plan.figures.seller_year import capacities_of, overload
from koers.plan.figures.visit_calendar import WorkingDay, calendar_of, holidays_in
from koers.plan.models import Absence, SellerYear

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
URL = "/plan/sales-days/"
VALUES = {"weekdays": "1245", "hours_a_day": Decimal("7.5"), "leave_days": 20, "sick_days": 4, "other_days": 6}  # fmt: skip


@pytest.fixture
def sellers(cast):
    """Ann, Sam and Cora own a customer each."""
    for person in (cast.ann, cast.sam, cast.cora):
        CompanyFactory(owner=person, customer_class="A")
    return cast


def away(cast, person, starts_on, days, kind="leave", by="tom"):
    return add_absence(
        actor=acting(getattr(cast, by)), person_id=getattr(cast, person).pk, kind=kind, starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days), at=NOW,
    )  # fmt: skip


def test_sales_days_are_working_days_less_holidays_and_days_off(sellers):
    ann = sellers.ann.pk
    usual = capacities_of([ann], 2026)[ann]
    # 261 weekdays in 2026; New Year, Good Friday, Easter Monday, King's Day, Ascension, Whit Monday, Christmas Day.
    assert (usual.found.weekdays, usual.found.holidays, usual.found.days) == (261, 7, 261 - 7 - 52)
    assert usual.hours == 202 * 8
    set_seller_year(actor=acting(sellers.tom), person_id=ann, year=2026, values=VALUES, version=None, at=NOW)  # fmt: skip
    away(sellers, "ann", date(2026, 7, 6), 35)
    found = capacities_of([ann], 2026)[ann]
    # Four days a week: five weeks away are 20 days of leave, as many as expected.
    assert (found.found.dated["leave"], found.found.taken["leave"]) == (20, 20)
    assert found.hours == found.found.days * 7.5
    assert capacities_of([ann], 2027)[ann].said.pk is None


def test_nothing_is_proposed_on_days_away(sellers):
    period = Period(date(TODAY.year + 1, 1, 1), date(TODAY.year + 1, 4, 1))
    first = date(TODAY.year + 1, 2, 1)
    away(sellers, "ann", first, 7, "sickness")
    calendar = calendar_of(actor=acting(sellers.ann), seller=sellers.ann, period=period, today=TODAY, hours=WorkingDay(510, 480))  # fmt: skip
    closed = {first + timedelta(days=number) for number in range(7)}
    assert not closed & set(calendar.plan.load)
    assert set(calendar.plan.load) == {period.start + timedelta(days=number) for number in range(period.days)} - closed - set(holidays_in(period))  # fmt: skip
    # Others on the calendar see that somebody is away, never why.
    assert {calendar.holidays[day] for day in closed} == {"Away"}


def test_a_seller_says_ones_own_days_and_a_manager_those_of_the_team(sellers):
    for by, person, allowed in (("ann", "ann", None), ("ben", "ann", None), ("adam", "cora", None), ("ann", "sam", NotFoundError),
                                ("ben", "cora", NotFoundError), ("dirk", "ann", NotAllowedError), ("ina", "ann", NotAllowedError)):  # fmt: skip
        if allowed is None:
            away(sellers, person, TODAY, 1, by=by)
            continue
        with pytest.raises(allowed):
            away(sellers, person, TODAY, 1, by=by)
        with pytest.raises(allowed):
            set_seller_year(actor=acting(getattr(sellers, by)), person_id=getattr(sellers, person).pk, year=2026, values=VALUES, version=None, at=NOW)  # fmt: skip
    assert Absence.objects.count() == 3
    with pytest.raises(NotFoundError):
        remove_absence(actor=acting(sellers.ben), absence_id=Absence.objects.get(person=sellers.cora).pk, at=NOW)  # fmt: skip
    for starts_on, days in ((TODAY, 0), (TODAY, 400), (date(1990, 1, 1), 3)):
        with pytest.raises(RuleError):
            away(sellers, "ann", starts_on, days)


def test_the_page_shows_those_one_leads_and_a_seller_oneself(sellers, client):
    away(sellers, "sam", TODAY, 1)
    for name, rows, absences in (("tom", 3, 1), ("ben", 2, 1), ("ann", 1, 0), ("dirk", 3, 1)):
        client.force_login(getattr(sellers, name))
        page = client.get(URL)
        assert (name, len(page.context["rows"]), len(page.context["page"].rows)) == (name, rows, absences)  # fmt: skip
    client.force_login(sellers.tom)
    values = {name: client.get(f"{URL}figures/{name}/").context["panel"] for name in ("days", "hours", "use", "overload", "level")}  # fmt: skip
    assert values["days"].value == str(round(sum(capacities_of([sellers.ann.pk], TODAY.year)[sellers.ann.pk].found.days for _seller in range(3))))  # fmt: skip
    assert [len(panel.rows) for panel in values.values()] == [3] * 5
    assert client.get(f"{URL}figures/moon/").status_code == 404
    client.force_login(sellers.ann)
    assert client.get(f"{URL}figures/days/", {"seller": sellers.sam.pk}).status_code == 404
    assert client.get(URL, {"year": "x"}).status_code == 400
    assert overload([0.5, 1.0, 1.5]) == pytest.approx(0.5)


def test_days_and_absences_are_entered_on_the_page_and_removal_is_undone(sellers, client):
    client.force_login(sellers.ann)
    ann = sellers.ann.pk
    typed = {"step": "years", f"leave_days-{ann}": "20", f"sick_days-{ann}": "5", f"other_days-{ann}": "9", f"hours_a_day-{ann}": "7.5", f"weekdays-{ann}": ["1", "2"]}  # fmt: skip
    wrong = client.post(URL, typed | {f"hours_a_day-{ann}": "30"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, [f"hours_a_day-{ann}"])
    assert client.post(URL, typed).status_code == 302
    assert SellerYear.objects.values_list("person", "year", "weekdays", "hours_a_day").get() == (ann, TODAY.year, "12", Decimal("7.5"))  # fmt: skip
    day = {"step": "away", "person": ann, "kind": "leave", "starts_on": TODAY.isoformat(), "last_day": TODAY.isoformat()}  # fmt: skip
    assert client.post(URL, day | {"person": sellers.sam.pk}).status_code == 400
    client.post(URL, day)
    found = Absence.objects.get()
    page = client.post(URL, {"step": "remove", "absence": found.pk}, follow=True)
    assert not Absence.objects.exists()
    undo = [each.extra_tags for each in page.context["messages"] if each.extra_tags]
    client.post(undo[-1])
    again = Absence.objects.get()
    assert (again.person, again.kind, again.starts_on, again.ends_on) == (sellers.ann, "leave", TODAY, TODAY + timedelta(days=1))  # fmt: skip


def test_the_page_asks_as_much_for_one_seller_as_for_three(cast, client):
    client.force_login(cast.tom)
    counts = []
    for people in ((cast.ann,), (cast.sam, cast.cora)):
        for person in people:
            CompanyFactory(owner=person, customer_class="A")
            away(cast, person.full_name.split()[0].lower(), TODAY, 1)
        counts.append(queries_of(client, URL))
    assert counts[0] == counts[1]
