"""Does the board of drivers set the survey beside our own scores, per segment and over time?"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.equity_score import (
    AssessmentValues,
    ItemScore,
    ScoresRefusedError,
    add_assessment,
    change_assessment,
    remove_assessment,
)
from koers.analyse.figures.equity_driver import board_of
from koers.analyse.models import EquityAssessment
from koers.core.errors import NotAllowedError, StaleVersionError
from koers.core.models import AuditEntry
from koers.core.periods import Period
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.tests.cast import acting
from koers.serve.models import Feedback

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
AT = datetime(2026, 12, 31, 12, tzinfo=timezone.get_default_timezone())


def half(text):
    return Decimal(text)


def values(day, segment=None, **scores):
    return AssessmentValues(segment, day, {name: ItemScore(half(score)) for name, score in scores.items()})  # fmt: skip


@pytest.fixture
def sides(cast):
    """Bakers answered in two quarters and were scored twice; the whole company once."""
    bakers = SegmentFactory(name="Bakers")
    mine = CompanyFactory(name="Mine", owner=cast.ann, segment=bakers)
    far = CompanyFactory(name="Far", owner=cast.cora)
    Feedback.objects.create(company=mine, day=date(2026, 2, 1), value_economic=6, value_functional=8, brand_values=5)  # fmt: skip
    Feedback.objects.create(company=mine, day=date(2026, 5, 1), value_economic=8, relation_benefits=9)  # fmt: skip
    Feedback.objects.create(company=far, day=date(2026, 5, 2), value_economic=1)
    maker = acting(cast.tom)
    for found in (
        values(date(2025, 12, 1), turnover="5", awareness="4"), values(date(2026, 1, 10), bakers, turnover="6"),
        values(date(2026, 5, 20), bakers, turnover="8", scale="7", awareness="5", referrals="9"),
    ):  # fmt: skip
        add_assessment(actor=maker, values=found, at=AT)
    return bakers


def test_both_sides_the_index_and_the_gap_are_those_of_the_segment(cast, sides):
    board = board_of(actor=acting(cast.tom), period=YEAR, segment=sides)
    rows = {row.name: (row.gap.customer, row.gap.supplier, row.gap.gap) for row in board.rows}
    assert rows == {"value": (7.5, 7.5, 0), "brand": (5, 5, 0), "relation": (9, 9, 0)}
    index = 0.5 * 7.5 + 0.3 * 5 + 0.2 * 9
    assert (board.index.customer, board.index.supplier) == (pytest.approx(index), pytest.approx(index))  # fmt: skip
    assert (board.answers, board.assessment.day) == (2, date(2026, 5, 20))


def test_all_customers_are_scored_apart_and_a_seller_sees_the_answers_of_the_own_ones(cast, sides):
    everyone = board_of(actor=acting(cast.tom), period=YEAR, segment=None)
    own = board_of(actor=acting(cast.ann), period=YEAR, segment=None)
    assert (everyone.answers, own.answers) == (3, 2)
    assert everyone.rows[0].gap.customer == (5 + 8) / 2
    assert everyone.rows[0].gap.supplier == own.rows[0].gap.supplier == 5
    segments = [(row.segment, row.answers, row.assessment.day) for row in everyone.segments]
    assert segments == [(sides, 2, date(2026, 5, 20))]


def test_the_history_takes_the_scores_last_known_at_the_end_of_each_quarter(cast, sides):
    found = board_of(actor=acting(cast.tom), period=YEAR, segment=sides).history
    first = (0.5 * 7 + 0.3 * 5) / 0.8
    second = (0.5 * 8 + 0.2 * 9) / 0.7
    later = 0.5 * 7.5 + 0.3 * 5 + 0.2 * 9
    seen = [(each.start, each.gap.customer, each.gap.supplier) for each in found]
    assert seen == [
        (date(2026, 1, 1), pytest.approx(first), 6), (date(2026, 4, 1), pytest.approx(second), pytest.approx(later)),
        (date(2026, 7, 1), None, pytest.approx(later)), (date(2026, 10, 1), None, pytest.approx(later)),
    ]  # fmt: skip


def test_scores_are_written_once_a_day_and_corrected_with_a_trail(cast, sides):
    maker = acting(cast.tom)
    with pytest.raises(ScoresRefusedError, match="already"):
        add_assessment(actor=maker, values=values(date(2026, 1, 10), sides, turnover="7"), at=AT)
    with pytest.raises(ScoresRefusedError, match="future"):
        add_assessment(actor=maker, values=values(date(2027, 1, 10), turnover="7"), at=AT)
    with pytest.raises(NotAllowedError):
        add_assessment(actor=acting(cast.ann), values=values(date(2026, 3, 1), turnover="7"), at=AT)
    found = EquityAssessment.objects.get(day=date(2026, 1, 10))
    wanted = AssessmentValues(
        sides, found.day, {"turnover": ItemScore(half("6.5"), half("1"), "Up")}
    )
    changed = change_assessment(
        actor=maker, assessment_id=found.pk, version=1, values=wanted, at=AT
    )
    assert (changed.version, [(each.item, each.score) for each in changed.scores.all()]) == (2, [("turnover", half("6.5"))])  # fmt: skip
    assert AuditEntry.objects.latest("id").changes == {"scores": ["turnover 6", "turnover 6.5 × 100% (Up)"]}  # fmt: skip
    with pytest.raises(StaleVersionError):
        change_assessment(actor=maker, assessment_id=found.pk, version=1, values=wanted, at=AT)
    remove_assessment(actor=maker, assessment_id=found.pk, at=AT)
    assert not EquityAssessment.objects.filter(pk=found.pk).exists()


def test_the_screens_write_scores_show_drafts_and_open_every_figure(client, cast):
    client.force_login(cast.tom, BACKEND)
    today = timezone.localdate()
    new = reverse("analyse:assessment_create")
    refused = client.post(new, {"day": today.isoformat(), "turnover": "11", "image_weight": "40"})
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"turnover", "image"})  # fmt: skip
    assert b'value="40"' in refused.content
    data = {"day": today.isoformat(), "turnover": "7.5", "turnover_weight": "60", "scale": "5", "scale_weight": "30", "referrals": "8"}  # fmt: skip
    assert client.post(new, data).url == reverse("analyse:drivers")
    made = EquityAssessment.objects.get()
    board = client.get(reverse("analyse:drivers") + f"?from={today - timedelta(days=9)}&to={today}")
    assert (board.context["board"].index.supplier, board.context["has_drafts"]) == (None, True)
    edit = reverse("analyse:assessment_edit", args=[made.pk])
    assert client.post(edit, data | {"version": "1", "scale_weight": "40"}).status_code == 302
    stale = client.post(edit, data | {"version": "1", "scale": "1"})
    assert (stale.status_code, stale.context["form"]["version"].value()) == (409, "2")
    panels = [f"{side}{driver}" for side in ("customer", "supplier", "gap") for driver in ("", "-value", "-brand", "-relation")]  # fmt: skip
    answers = {name: client.get(reverse("analyse:driver_figure", args=[name]) + f"?from={today}&to={today}").context["panel"].value for name in panels}  # fmt: skip
    index = (0.5 * 6.5 + 0.2 * 8) / 0.7
    assert {name: value for name, value in answers.items() if value is not None} == {
        "supplier": f"{index:.2f}", "supplier-value": "6.50", "supplier-relation": "8.00",
    }  # fmt: skip
    assert client.get(reverse("analyse:driver_figure", args=["middle"])).status_code == 404
    assert client.post(edit, {"remove": "1"}).status_code == 302
    assert not EquityAssessment.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_scores_asks_as_many_questions_for_one_row_as_for_three(
    client, cast, rows, django_assert_num_queries
):
    for number in range(rows):
        add_assessment(actor=acting(cast.tom), values=values(date(2026, 1, 1 + number), turnover="5"), at=AT)  # fmt: skip
    client.force_login(cast.tom, BACKEND)
    client.get(reverse("analyse:assessment_list"))
    with django_assert_num_queries(9):
        page = client.get(reverse("analyse:assessment_list"))
    assert len(page.context["lines"]) == rows
