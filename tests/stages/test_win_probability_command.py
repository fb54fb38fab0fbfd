"""``koers analyse win-probability`` says whether the past can tell which deals will be won."""

import json
import random
from datetime import date, timedelta

import pytest

from koers.config.console import main
from koers.control.tests.deals import make_deals
from koers.customers.tests.factories import CompanyFactory
from koers.sell.models import Opportunity
from koers.sell.tests.factories import PipelineFactory, StageFactory

pytestmark = pytest.mark.django_db


def test_few_deals_are_said_to_be_too_few(cast, capsys):
    make_deals(cast)
    assert main(["analyse", "win-probability", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["auc"], answer["chances"]) == ("too few deals", None, [])
    assert answer["used"].startswith("the probability of the stage")


def test_a_signal_gives_each_open_deal_a_chance_and_names_what_was_left_out(cast, capsys):
    pipeline, dice = PipelineFactory(name="Projects"), random.Random(8)
    stages = {kind: StageFactory(pipeline=pipeline, name=kind, kind=kind) for kind in ("open", "won", "lost")}  # fmt: skip
    companies = {industry: CompanyFactory(industry=industry, owner=cast.ann) for industry in ("Food", "Health")}  # fmt: skip
    deals = []
    for place in range(640):
        industry = dice.choice(("Food", "Health"))
        won = dice.random() < (0.85 if industry == "Food" else 0.25)
        kind = "open" if place >= 600 else "won" if won else "lost"
        day = date(2025, 1, 1) + timedelta(days=place // 2)
        deals.append(
            Opportunity(
                name=f"{industry} {place}", company=companies[industry], owner=cast.ann, stage=stages[kind], stage_kind=kind,
                currency="EUR", opened_on=day, closed_on=None if kind == "open" else day + timedelta(days=9),
                lost_reason="Price" if kind == "lost" else "",
            )
        )  # fmt: skip
    Opportunity.objects.bulk_create(deals)
    assert main(["analyse", "win-probability", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["used"]) == ("signal", "the learned chance")
    reasons = {each["column"]: each["reason"] for each in answer["excluded"]}
    assert reasons["lost reason"].startswith("filled in only after the result")
    names = dict(Opportunity.objects.values_list("pk", "name"))
    chances = [(names[each["opportunity"]].split()[0], each["chance"]) for each in answer["chances"]]  # fmt: skip
    assert len(chances) == 40
    assert min(chance for name, chance in chances if name == "Food") > 0.6
    assert max(chance for name, chance in chances if name == "Health") < 0.5


def test_the_table_says_the_verdict_first(cast, capsys):
    make_deals(cast)
    assert main(["analyse", "win-probability"]) == 0
    assert capsys.readouterr().out.startswith("Too few deals: learned from 3 deals")


def test_a_division_is_refused(cast):
    with pytest.raises(SystemExit, match="do not go with it"):
        main(["analyse", "win-probability", "--by", "seller"])
