"""Does the Postma board show each seller's chain from the facts, and where it leaks?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.models import DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.sell.models import Activity
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/control/postma/"


@pytest.fixture
def sold(cast):
    """Ann: 2 days, 4 visits, 2 orders of 1,000 at 60 % cost. Cora: 2 days, 2 visits, 2 orders of 500 at 60 %."""
    day = timezone.localdate() - timedelta(days=40)
    for owner, visits, amount in ((cast.ann, 2, "1000"), (cast.cora, 1, "500")):
        company = CompanyFactory(owner=owner)
        for back in (0, 1):
            when = day - timedelta(days=back)
            for _visit in range(visits):
                Activity.objects.create(kind="visit", status="done", subject="Visit", company=company, owner=owner, day=when)  # fmt: skip
            sale(company, when, amount, cost=str(Decimal(amount) * Decimal("0.6")), seller=owner)
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=timezone.localdate(), at=timezone.now())
    return cast


def board(client, **asked):
    answer = client.get(PAGE, asked)
    return {each["row"].person.full_name: each["row"] for each in answer.context["rows"]}


def test_each_seller_has_a_chain_and_the_mean_is_re_divided(sold, client):
    client.force_login(sold.tom)
    rows = board(client)
    ann, cora = rows["Ann de Boer"], rows["Cora Visser"]
    assert [float(each) for each in ann.chain.factors] == [2, 2, 0.5, 1000, 0.4]
    assert [float(each) for each in cora.chain.factors] == [2, 1, 1, 500, 0.4]
    assert [float(each) for each in ann.reference.factors] == pytest.approx([2, 1.5, 4 / 6, 750, 0.4])  # fmt: skip
    assert (ann.gap.actual, cora.gap.actual, ann.gap.reference) == (800, 400, 600)
    for row in (ann, cora):
        assert sum(leak.effect for leak in row.gap.leaks) == row.gap.total
    assert cora.gap.worst.factor == "visits_a_day" or cora.gap.worst.factor == "order"
    effects = {leak.factor: leak.effect for leak in cora.gap.leaks}
    assert (effects["days"], effects["share"]) == (0, 0)
    assert effects["orders_a_visit"] > 0


def test_the_comparison_is_the_team_the_year_before_or_a_norm(sold, client):
    client.force_login(sold.tom)
    assert board(client, against="team")["Ann de Boer"].gap.total == 0
    assert board(client, against="before")["Ann de Boer"].gap is None
    norm = {"against": "norm", "days": "2", "visits_a_day": "2", "orders_a_visit": "1", "order": "1000", "share": "40"}  # fmt: skip
    gap = board(client, **norm)["Ann de Boer"].gap
    assert {leak.factor: leak.effect for leak in gap.leaks if leak.effect} == {"orders_a_visit": -800}  # fmt: skip
    start = client.get(PAGE, {"against": "norm", "team": sold.north.pk})
    assert start.status_code == 200
    assert start.context["norm"].factors() == [2, 2, Decimal("0.5"), 1000, Decimal("0.4")]
    wrong = client.get(PAGE, norm | {"share": "140", "order": "much"})
    assert wrong.status_code == 400
    assert set(wrong.context["norm"].errors) == {"share", "order"}
    assert client.get(PAGE, {"against": "moon"}).status_code == 400


def test_a_norm_that_starts_at_a_broken_mean_can_be_used_at_once(sold, client):
    company = CompanyFactory(owner=sold.ann)
    Activity.objects.create(kind="visit", status="done", subject="Visit", company=company, owner=sold.ann, day=timezone.localdate())  # fmt: skip
    Activity.objects.create(kind="visit", status="done", subject="Visit", company=company, owner=sold.ann, day=timezone.localdate() - timedelta(days=9))  # fmt: skip
    client.force_login(sold.tom)
    answer = client.get(PAGE, {"against": "norm"})
    assert answer.status_code == 200
    assert answer.context["norm"].factors()[0] == Decimal("2.5")


def test_every_figure_opens_with_the_same_number(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE)
    for each in answer.context["rows"]:
        cells = [(value, url) for _label, value, _index, url in each["factors"]]
        cells += [each["contribution"], each["result"], each["gap"]]
        for value, url in cells:
            assert client.get(url).context["panel"].value == value
        page = client.get(each["url"])
        assert page.context["drawing"].steps[0].value == each["row"].gap.reference  # fmt: skip
        for line in page.context["tree"]:
            panel = client.get(line["url"]).context["panel"]
            if "cost" not in line["label"]:
                assert panel.value == line["value"]
    ann = sold.ann.pk
    assert "leaks most" in client.get(f"{PAGE}{sold.cora.pk}/").context["sentence"]
    assert client.get(f"{PAGE}{ann}/figures/moon/").status_code == 404
    assert client.get(f"{PAGE}{sold.sam.pk}/").status_code == 404


def test_the_board_sorts_and_the_rows_are_those_of_the_reader(sold, client):
    client.force_login(sold.tom)
    assert list(board(client, sort="-contribution")) == ["Ann de Boer", "Cora Visser"]
    assert list(board(client, sort="gap")) == ["Cora Visser", "Ann de Boer"]
    client.force_login(sold.ben)
    assert list(board(client)) == ["Ann de Boer"]
    assert client.get(f"{PAGE}{sold.cora.pk}/").status_code == 404
    allowed = set()
    for role, user in sold.of_role.items():
        client.force_login(user)
        if client.get(PAGE).status_code == 200:
            allowed.add(role)
    assert allowed == {"administrator", "management_team", "sales_manager"}
