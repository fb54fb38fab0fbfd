"""Do opportunities stand in the stages of a pipeline, with a dated history?"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.imports.kinds import RunContext
from koers.core.imports.plan import ImportPlan
from koers.organisation.tests.cast import acting
from koers.sell.actions.importing_stages import StageBook, write_history
from koers.sell.models import Opportunity, Pipeline, Stage, StageChange
from koers.sell.queries.opportunity import (
    decided_counts,
    history_of,
    opportunities_matching,
    stages_beside,
)
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory

NOW = timezone.now()


def names(actor, q="", **choices):
    return [deal.name for deal in opportunities_matching(actor, q=q, choices=choices)]


def context(*, dry=False):
    return RunContext(
        run_id=None, source_id=0, plan=ImportPlan(kind="opportunities", mapping={}),
        actor=system_actor(Channel.IMPORT), at=NOW, dry=dry, base_currency="EUR",
    )  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "won", "probability": Decimal("0.9")},
        {"kind": "lost", "probability": Decimal("0.1")},
        {"kind": "open", "probability": Decimal("1.1")},
        {"kind": "odd"},
    ],
)
def test_a_decided_stage_has_no_doubt_and_a_probability_is_a_share(db, values):
    with pytest.raises(IntegrityError):
        StageFactory(**values)


def test_a_stage_in_use_stays(db):
    deal = OpportunityFactory()
    with pytest.raises(ProtectedError):
        deal.stage.delete()


def test_the_list_is_filtered_by_pipeline_stage_outcome_and_owner(cast):
    other = StageFactory(pipeline=PipelineFactory(name="Service"), name="Offer")
    won = StageFactory(name="Won", kind="won")
    OpportunityFactory(name="Kitchen", owner=cast.ann)
    OpportunityFactory(name="Contract", owner=cast.ann, stage=other)
    OpportunityFactory(name="Oven", owner=cast.cora, stage=won)
    tom = acting(cast.tom)
    assert sorted(names(tom, pipeline=str(won.pipeline_id))) == ["Kitchen", "Oven"]
    assert names(tom, stage=str(other.pk)) == ["Contract"]
    assert names(tom, kind="won") == ["Oven"]
    assert names(tom, owner=str(cast.cora.pk)) == ["Oven"]
    assert names(tom, q="kit") == ["Kitchen"]
    assert names(acting(cast.ann), kind="won") == []


def test_a_pipeline_that_is_no_such_thing_has_no_opportunities(cast, client):
    client.force_login(cast.ann)
    assert (
        client.get("/sell/opportunities/?pipeline=no_such").status_code == 400
    )  # in words: no such choice
    assert names(acting(cast.ann), pipeline="no_such") == []


def test_won_and_lost_are_counted_in_one_query_without_open_binned_and_hidden_ones(
    cast, django_assert_num_queries
):
    won, lost = StageFactory(name="Won", kind="won"), StageFactory(name="Lost", kind="lost")
    OpportunityFactory.create_batch(3, owner=cast.ann, stage=won)
    OpportunityFactory.create_batch(2, owner=cast.ann, stage=lost)
    OpportunityFactory(owner=cast.ann)
    OpportunityFactory(owner=cast.ann, stage=won, deleted_at=NOW)
    OpportunityFactory(owner=cast.cora, stage=lost)
    for person, expected in ((cast.ann, (3, 2)), (cast.tom, (3, 3))):
        actor = acting(person)
        with django_assert_num_queries(1):
            assert decided_counts(actor) == expected


def test_the_page_shows_the_stages_in_order_and_the_history_latest_first(cast, client):
    last, first = StageFactory(name="Won", kind="won", position=2), StageFactory(name="Need", position=1)  # fmt: skip
    deal = OpportunityFactory(owner=cast.ann, stage=last)
    for stage, day in ((first, None), (last, date(2026, 3, 1))):
        StageChange.objects.create(opportunity=deal, stage=stage, day=day)
    assert stages_beside(deal) == [first, last]
    assert [each.stage for each in history_of(deal)] == [last, first]
    client.force_login(cast.ann)
    page = client.get(f"/sell/opportunities/{deal.pk}/").content.decode()
    assert page.count('<li aria-current="step" class="is-won">') == 1


def test_a_file_finds_stages_whatever_the_capitals_and_makes_the_others(db):
    known = StageFactory(pipeline=PipelineFactory(name="Sales"), name="Signed", kind="won")
    book = StageBook(context())
    assert book.find("SALES", "signed") == (known.pk, "won")
    made, kind = book.find("", "Verloren")
    stage = Stage.objects.get(pk=made)
    assert (kind, stage.pipeline.name, stage.probability) == ("lost", "Imported", Decimal(0))
    assert StageBook(context()).find("imported", "VERLOREN") == (made, "lost")


def test_a_rehearsal_makes_no_stages(db):
    book = StageBook(context(dry=True))
    assert book.find("New", "Won") == book.find("new", "WON")
    assert (Pipeline.objects.count(), Stage.objects.count()) == (0, 0)


def test_history_begins_on_the_day_of_closing_or_unknown_and_grows_only_by_changes(db):
    won = StageFactory(name="Won", kind="won")
    shut = OpportunityFactory(stage=won, closed_on=date(2026, 2, 3), amount=Decimal(500))
    running = OpportunityFactory(amount=Decimal(100))
    ids = [shut.pk, running.pk]
    write_history(context(), ids)
    write_history(context(), ids)
    assert list(StageChange.objects.values_list("opportunity_id", "day", "amount")) == [
        (shut.pk, date(2026, 2, 3), Decimal(500)),
        (running.pk, None, Decimal(100)),
    ]
    Opportunity.objects.filter(pk=running.pk).update(amount=Decimal(120))
    write_history(context(), ids)
    assert [(each.day, each.amount) for each in history_of(running)] == [
        (NOW.date(), Decimal(120)),
        (None, Decimal(100)),
    ]


@pytest.mark.django_db(transaction=True)
def test_stages_that_were_words_become_stages_of_one_pipeline():
    executor = MigrationExecutor(connection)
    final = [("sell", "0006_stage_of_opportunity")]
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("sell", "0003_quote")])
    try:
        old = MigrationExecutor(connection).loader.project_state([("sell", "0003_quote")]).apps
        deal = old.get_model("sell", "Opportunity")
        for stage, kind in (("Offer", "open"), ("Won", "won"), ("Offer", "open")):
            closed = date(2026, 1, 2) if kind == "won" else None
            deal.objects.create(name=stage, stage=stage, stage_kind=kind, currency="EUR", closed_on=closed)  # fmt: skip
        MigrationExecutor(connection).migrate(final)
        new = MigrationExecutor(connection).loader.project_state(final).apps
        deals = new.get_model("sell", "Opportunity").objects.order_by("pk")
        assert [each.stage.name for each in deals] == ["Offer", "Won", "Offer"]
        stages = new.get_model("sell", "Stage").objects.order_by("position")
        assert list(stages.values_list("name", "pipeline__name", "probability")) == [
            ("Offer", "Imported", None),
            ("Won", "Imported", Decimal(1)),
        ]
        changes = new.get_model("sell", "StageChange").objects.order_by("opportunity_id")
        assert [each.day for each in changes] == [None, date(2026, 1, 2), None]
        MigrationExecutor(connection).migrate([("sell", "0003_quote")])
        assert list(deal.objects.order_by("pk").values_list("stage", flat=True)) == ["Offer", "Won", "Offer"]  # fmt: skip
        deal.objects.all().delete()
    finally:
        MigrationExecutor(connection).migrate(latest)
