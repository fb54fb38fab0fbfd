"""Does the size of the field force start from our own numbers, and does every figure open?"""

from datetime import date

import pytest
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.models import DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.plan.queries.seller import field_sellers
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/plan/size/"
CUSTOMERS = {"customers_A": 600, "customers_B": 0, "customers_C": 0, "customers_D": 0}
BOOK = CUSTOMERS | {
    "visits_A": 10, "minutes_A": 45, "travel_minutes": 30, "waiting_minutes": 15, "visits_a_day": 5, "turnover": 4000000, "sales_share": 5,
}  # fmt: skip


@pytest.fixture
def sold(cast):
    """A hundred customers of Ann bought for 100 to 10,000; turnover 505,000."""
    for place in range(1, 101):
        sale(CompanyFactory(owner=cast.ann), date(2026, 6, 2), str(100 * place), seller=cast.ann)
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=timezone.localdate(), at=timezone.now())
    return cast


def rows(answer):
    return {size.method: (size.exact, size.heads) for _label, size, _url, _why in answer.context["sizes"]}  # fmt: skip


def test_the_page_starts_from_customers_per_class_and_turnover(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE)
    form = answer.context["form"]
    assert [form.cleaned_data[f"customers_{name}"] for name in "ABCD"] == [1, 4, 15, 80]
    assert form.cleaned_data["turnover"] == 505_000
    assert answer.context["visits"] == 24 + 48 + 90 + 160


def test_the_book_example_typed_in_gives_the_book_answers(sold, client):
    client.force_login(sold.tom)
    found = rows(client.get(PAGE, BOOK))
    assert {name: found[name] for name in ("franke", "workload", "percentage")} == {
        "franke": (5.625, 6), "workload": (6.0, 6), "percentage": (2.5, 2),
    }  # fmt: skip


def test_sensitivity_raises_one_input_and_nothing_else(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE, BOOK | {"vary": "turnover"})
    heads = [[size.heads for size, _url in cells] for _label, cells in answer.context["effects"]]
    assert heads[0] == [6, 6, 6, 6, 6]
    assert heads[3] == [2, 2, 2, 2, 3]


def test_every_figure_of_the_page_opens_with_the_same_number(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE, BOOK | {"vary": "visits"})
    cells = [cell for _label, line in answer.context["effects"] for cell in line]
    cells += [(size, url) for _label, size, url, _why in answer.context["sizes"]]
    for size, url in cells:
        panel = client.get(url).context["panel"]
        assert panel.value == (None if size.heads is None else str(size.heads))
        assert panel.formula_id == size.formula_id
    for name in ("days", "visits", "utilisation"):
        assert client.get(answer.context["asked"].url(name)).status_code == 200


def test_wrong_input_is_named_at_its_field_and_nothing_is_computed(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE, {"leave_days": "300", "visits_A": "many", "hours_a_day": "25"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"working_days", "visits_A", "hours_a_day"}
    assert "sizes" not in answer.context
    assert client.get(PAGE + "figures/franke/", {"visits_A": "many"}).status_code == 400
    assert client.get(PAGE, {"vary": "moon"}).status_code == 400
    assert client.get(PAGE + "figures/franke/", {"step": "7"}).status_code == 400
    assert client.get(PAGE + "figures/moon/").status_code == 404


def test_an_input_at_its_edge_gives_no_answer_rather_than_an_error(sold, client):
    client.force_login(sold.tom)
    edge = {"working_days": "70", "vary": "working_days", "seller_cost": "0"}
    answer = client.get(PAGE, edge)
    assert [size.heads is None for size, _url in answer.context["effects"][0][1]] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert answer.context["effects"][3][1][0][0].heads is None
    nothing = {f"customers_{name}": "0" for name in "ABCD"} | {
        "hours_a_day": "0",
        "visits_a_day": "0",
    }
    assert client.get(PAGE, nothing).status_code == 200


def test_a_business_unit_is_computed_from_its_own_customers(sold, client):
    client.force_login(sold.tom)
    answer = client.get(PAGE, {"sbu": "999"})
    assert (answer.context["visits"], answer.context["form"].cleaned_data["turnover"]) == (0, 0)
    assert "used" not in answer.context
    assert client.get(PAGE + "figures/utilisation/", {"sbu": "999"}).status_code == 404


def test_sellers_now_are_those_of_the_field_whom_one_sees(cast):
    assert field_sellers(acting(cast.tom)) == 3
    assert field_sellers(acting(cast.ben)) == 2


def test_only_who_leads_people_sees_it(sold, client):
    allowed = {}
    for role, user in sold.of_role.items():
        client.force_login(user)
        allowed[role] = client.get(PAGE + "figures/days/").status_code
    assert {role for role, status in allowed.items() if status == 200} == {"administrator", "management_team", "sales_manager"}  # fmt: skip
