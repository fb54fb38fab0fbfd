"""Does the screen count the talks one sees by their ending, and open to exactly those talks?"""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from koers.control.queries.call_outcome import endings_of, talks_of, without_commitment
from koers.core.periods import Period
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.models import Activity, CallQuestion

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
ASKED = {"from": "2026-01-01", "to": "2026-12-31"}
PROMISE = {"commitment": "Asks", "commitment_on": date(2026, 5, 9), "commitment_by": "Jo"}


@pytest.fixture
def talks(cast):
    """Ann and Sam at Ann's customer, Cora at her own; what is no talk, not done or not of the year stays out."""
    own, other = CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.cora)
    rows = (
        (own, cast.ann, "visit", "order", "2026-03-01", "done"), (own, cast.ann, "call", "advance", "2026-12-31", "done"),
        (own, cast.ann, "meeting", "no_sale", "2026-01-01", "done"), (own, cast.ann, "call", "not_reached", "2026-03-02", "done"),
        (own, cast.sam, "visit", "", "2026-03-03", "done"), (own, None, "visit", "continuation", "2026-03-03", "done"),
        (other, cast.cora, "visit", "order", "2026-03-03", "done"), (own, cast.ann, "mail", "order", "2026-03-03", "done"),
        (own, cast.ann, "visit", "order", "2025-12-31", "done"), (own, cast.ann, "visit", "order", "2026-03-03", "planned"),
    )  # fmt: skip
    for company, owner, kind, outcome, day, status in rows:
        Activity.objects.create(
            company=company, owner=owner, kind=kind, outcome=outcome, day=day, status=status, subject="x"
        )  # fmt: skip
    return own


def test_talks_done_in_the_period_are_counted_per_seller_for_who_sees_the_customer(talks, cast):
    found = sorted(endings_of(talks_of(acting(cast.ann), period=YEAR, choices={})), key=str)
    ann, sam = cast.ann.pk, cast.sam.pk
    assert found == sorted(
        [(ann, "Ann de Boer", "order", 1), (ann, "Ann de Boer", "advance", 1), (ann, "Ann de Boer", "no_sale", 1),
         (ann, "Ann de Boer", "not_reached", 1), (sam, "Sam Jansen", "", 1), (None, "", "continuation", 1)], key=str,
    )  # fmt: skip
    south = talks_of(acting(cast.tom), period=YEAR, choices={"team": cast.south.pk})
    assert endings_of(south) == [(cast.cora.pk, "Cora Visser", "order", 1)]
    everything = talks_of(acting(cast.tom), period=YEAR, choices={})
    assert without_commitment(everything) == 1
    Activity.objects.filter(outcome="advance").update(**PROMISE)
    assert without_commitment(everything) == 0


def test_each_figure_opens_and_its_rows_are_as_many_as_it_says(
    talks, cast, client, django_assert_max_num_queries
):
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(16):
        page = client.get(reverse("control:call_outcome_list"), ASKED)
    total = page.context["total"]
    assert (total.calls, total.success, total.not_reached, total.unsaid) == (4, 0.5, 1, 1)
    assert [row["label"] for row in page.context["rows"]] == [
        "Ann de Boer",
        "(unknown)",
        "Sam Jansen",
    ]
    for row in [*page.context["rows"], page.context["total_row"]]:
        figures = [(count, url) for _label, _part, count, url in row["shares"]]
        for count, url in [*figures, (row["found"].moved_on, row["success_url"])]:
            panel = client.get(url).context["panel"]
            assert panel.rows_count == count
            assert client.get(panel.rows_url).context["page"].total == count, panel.rows_url
        for _label, count, url in row["rest"]:
            assert client.get(url).context["page"].total == count, url
    panel = client.get(page.context["success_url"]).context["panel"]
    assert (panel.formula_id, panel.value, panel.parts[0][1], panel.parts[1][1]) == ("F12.2", "50.0%", "2", "4")  # fmt: skip
    assert dict(parse_qsl(urlsplit(panel.rows_url).query))["outcome"] == "moved_on"
    figure = reverse("control:call_outcome_figure")
    for wrong in ({"ending": "lunch"}, {"key": str(cast.cora.pk)}, {"key": "x"}):
        assert client.get(figure, ASKED | wrong).status_code == 400
    chosen = client.get(reverse("control:call_outcome_list"), ASKED | {"team": cast.north.pk})
    listed = client.get(client.get(chosen.context["success_url"]).context["panel"].rows_url)
    assert listed.context["page"].total == chosen.context["total"].moved_on == 2


def test_the_share_of_strong_questions_counts_what_was_asked_in_these_talks(talks, cast, client):
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    first, second = Activity.objects.filter(owner=cast.ann, kind="call", status="done").order_by(
        "pk"
    )
    for talk, kind, was_asked in ((first, "I", True), (first, "S", True), (first, "N", False), (second, "P", True), (second, "N", True)):  # fmt: skip
        CallQuestion.objects.create(activity=talk, kind=kind, text="?", was_asked=was_asked)
    page = client.get(reverse("control:call_outcome_list"), ASKED)
    assert (page.context["spin"].strong, page.context["spin"].total) == (2, 4)
    panel = client.get(page.context["spin_url"]).context["panel"]
    assert (panel.formula_id, panel.value, panel.rows_count) == ("F12.5", "50.0%", 2)
    assert client.get(panel.rows_url).context["page"].total == 2
