"""Is an action on a driver computed, kept, decided on, and refused where it cannot be?"""

import io
import random
from decimal import Decimal
from math import exp

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.equity_action import (
    change_equity_action,
    decide_equity_action,
    keep_equity_action,
)
from koers.analyse.figures.equity_action import COLUMNS, ActionRefusedError, outcome_of
from koers.analyse.models import EquityAction
from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry
from koers.organisation.tests.cast import acting

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TYPED = {
    "name": "Faster delivery", "driver": "value", "cost": "20,000", "change_low": "0.3", "change_likely": "0.5", "change_high": "1", "effect_low": "1",
    "effect_likely": "2", "effect_high": "4", "stay": "80", "win": "10", "customers": "500", "margin": "400", "frequency": "4", "discount": "10", "years": "5",
}  # fmt: skip


def values(**more):
    plain = {
        "name": "Faster delivery", "driver": "value", "segment": None, "cost": Decimal(20_000), "learned": None, "stay": Decimal("0.8"), "win": Decimal("0.1"),
        "change_low": Decimal("0.3"), "change_likely": Decimal("0.5"), "change_high": Decimal(1), "effect_low": Decimal("0.01"), "effect_likely": Decimal("0.02"),
        "effect_high": Decimal("0.04"), "customers": 500, "others": 0, "margin": Decimal(400), "frequency": Decimal(4), "discount": Decimal("0.1"), "years": 5,
    }  # fmt: skip
    return plain | more


def keep(user, **more):
    return keep_equity_action(actor=acting(user), values=values(**more), at=timezone.now())


def survey(rows=400, seed=5):
    """A file of choices that value drives by 0.9 per point and inertia by 1."""
    dice, lines = random.Random(seed), [";".join(COLUMNS)]  # noqa: S311 -- reproducible, not secret
    for _row in range(rows):
        scores = [dice.uniform(3, 9) for _score in range(6)]
        last = dice.randint(0, 1)
        utility = 0.9 * (scores[0] - scores[3]) + (1 if last == 0 else -1)
        chosen = "us" if dice.random() < 1 / (1 + exp(-utility)) else "Acme"
        lines.append(";".join(["us" if last == 0 else "Acme", chosen, *(f"{score:.1f}".replace(".", ",") for score in scores)]))  # fmt: skip
    return "\n".join(lines)


def test_the_outcome_is_kept_with_its_inputs_and_follows_a_change(cast):
    made = keep(cast.tom)
    outcome = outcome_of(values())
    assert (float(made.roi), float(made.chance_pays)) == (pytest.approx(outcome.roi, abs=1e-4), pytest.approx(outcome.chance_pays, abs=1e-4))  # fmt: skip
    assert made.gain == Decimal(repr(outcome.gain)).quantize(Decimal("0.01"))
    dear = change_equity_action(actor=acting(cast.tom), action_id=made.pk, version=1, values=values(cost=Decimal(40_000)), at=timezone.now())  # fmt: skip
    assert float(dear.roi) == pytest.approx((outcome.gain - 40_000) / 40_000, abs=1e-4)
    assert set(AuditEntry.objects.latest("id").changes) == {"roi", "roi_low", "roi_high", "chance_pays"}  # fmt: skip


def test_what_was_decided_on_keeps_its_inputs_until_it_is_considered_again(cast):
    made, maker, now = keep(cast.tom), acting(cast.tom), timezone.now()
    decide = {"actor": maker, "action_id": made.pk, "at": now}
    with pytest.raises(ActionRefusedError, match="Say what"):
        decide_equity_action(**decide, version=1, status="chosen", decision=" ")
    chosen = decide_equity_action(**decide, version=1, status="chosen", decision="Go.")
    assert (chosen.status, chosen.decided_on) == ("chosen", timezone.localdate(now))
    with pytest.raises(ActionRefusedError, match="decided on"):
        change_equity_action(actor=maker, action_id=made.pk, version=2, values=values(), at=now)
    again = decide_equity_action(**decide, version=2, status="considered", decision="")
    assert (again.decided_on, again.decision) == (None, "")


@pytest.mark.parametrize(
    ("more", "why"),
    [({"cost": Decimal(0)}, "cost"), ({"change_low": Decimal(2)}, "order"), ({"effect_high": Decimal(0)}, "order"), ({"effect_low": None}, "order")],
)  # fmt: skip
def test_an_action_that_cannot_be_computed_is_refused(cast, more, why):
    with pytest.raises(ActionRefusedError, match=why):
        keep(cast.tom, **more)


def test_only_who_sets_rules_keeps_an_action_and_only_who_leads_and_sees_cost_reads_it(client, cast):  # fmt: skip
    with pytest.raises(NotAllowedError):
        keep(cast.ann)
    url = reverse("analyse:equity_action_detail", args=[keep(cast.tom).pk])
    seen = {}
    for name in ("tom", "dirk", "ann", "mia"):
        if (user := getattr(cast, name, None)) is not None:
            client.force_login(user, BACKEND)
            seen[name] = (client.get(url).status_code, client.post(url, {"status": "rejected", "decision": "No."}).status_code)  # fmt: skip
    assert seen["tom"] == (200, 302)
    assert (seen["dirk"], seen["ann"]) == ((200, 403), (403, 403))


def test_the_screen_keeps_what_was_typed_names_what_is_wrong_and_opens_every_figure(client, cast):
    client.force_login(cast.tom, BACKEND)
    new = reverse("analyse:equity_action_create")
    assert client.get(new).status_code == 200
    wrong = client.post(new, TYPED | {"effect_low": "", "change_likely": "3", "stay": "120"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"effect_low", "change_likely", "stay"})  # fmt: skip
    assert b"Faster delivery" in wrong.content
    detail = client.post(new, TYPED).url
    made = EquityAction.objects.get()
    assert (made.stay, made.effect_likely, made.cost) == (Decimal("0.8"), Decimal("0.02"), Decimal(20_000))  # fmt: skip
    page = client.get(detail)
    assert [rate for rate, *_rest in page.context["rates"]] == [0.05, 0.075, 0.1, 0.125, 0.15]
    assert b"your own estimate, not measured" in page.content
    figure = reverse("analyse:equity_action_figure", args=[made.pk])
    panels = {of: client.get(f"{figure}?of={of}").context["panel"].value for of in ("roi", "gain", "chance")}  # fmt: skip
    assert panels["roi"] == f"{made.roi * 100:,.1f}%"
    assert panels["gain"] == f"€{made.gain:,.2f}"
    assert client.get(f"{figure}?of=roi&rate=x").status_code == 404
    edit = reverse("analyse:equity_action_edit", args=[made.pk])
    assert client.post(edit, TYPED | {"version": "1", "cost": "10000"}).status_code == 302
    stale = client.post(edit, TYPED | {"version": "1", "cost": "15000"})
    assert (stale.status_code, b"15000" in stale.content) == (409, True)
    assert client.post(detail, {"remove": "1"}).status_code == 302
    assert not EquityAction.objects.exists()


def test_choices_from_a_survey_take_the_place_of_the_own_estimate(client, cast):
    client.force_login(cast.tom, BACKEND)
    new, own = reverse("analyse:equity_action_create"), ("effect_low", "effect_likely", "effect_high", "stay", "win")  # fmt: skip
    typed = {name: value for name, value in TYPED.items() if name not in own}

    def post(text):
        return client.post(new, typed | {"choices": io.BytesIO(text.encode())})

    few = post(survey(20))
    assert (few.status_code, list(few.context["form"].errors)) == (400, ["choices"])
    assert "20 choices" in str(few.context["form"].errors["choices"])
    short = post("last;next\nus;us").context["form"].errors["choices"]
    assert short == ["These columns are missing: " + ", ".join(COLUMNS[2:]) + "."]
    bad = post("\n".join([";".join(COLUMNS), "us;us;1;1;1;1;1;1", "us;us;11;1;1;1;1;1"]))
    assert bad.context["form"].errors["choices"] == ["Row 3: “11” is no score from 0 to 10."]
    detail = post(survey()).url
    made = EquityAction.objects.get()
    assert (made.effect_likely, made.learned["choices"]) == (None, 400)
    weights = [(value - true) / error for (_word, value, error), true in zip(client.get(detail).context["learned"], (1, 0.9, 0, 0), strict=True)]  # fmt: skip
    assert max(map(abs, weights)) < 4
    assert made.roi_low < made.roi < made.roi_high
    assert b"400 survey choices" in client.get(detail).content
    edit = reverse("analyse:equity_action_edit", args=[made.pk])
    assert client.post(edit, TYPED | {"version": str(made.version), "forget": "on"}).status_code == 302  # fmt: skip
    made.refresh_from_db()
    assert (made.learned, made.effect_likely) == (None, Decimal("0.02"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_ranked_by_return_in_as_many_questions_for_one_row_as_for_three(
    client, cast, rows, django_assert_num_queries
):
    for number in range(rows):
        keep(cast.tom, cost=Decimal(10_000 * (number + 1)), name=f"Action {number}")
    client.force_login(cast.tom, BACKEND)
    client.get(reverse("analyse:equity_action_list"))
    with django_assert_num_queries(7):
        page = client.get(reverse("analyse:equity_action_list"))
    assert [row.name for row, _bar in page.context["rows"]] == [f"Action {n}" for n in range(rows)]
