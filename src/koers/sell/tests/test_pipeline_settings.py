"""Can pipelines and stages be set up, and does what deals rest on stay?"""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from koers.core.errors import NotAllowedError, StaleVersionError
from koers.organisation.tests.cast import acting
from koers.sell.actions.pipeline import (
    PipelineRefusedError,
    add_pipeline,
    add_stage,
    change_pipeline,
    change_stage,
    remove_stage,
    shift_stage,
)
from koers.sell.models import Pipeline, Stage
from koers.sell.tests.factories import OpportunityFactory

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
NEW = {"name": "Proof", "probability": Decimal("0.6"), "expected_days": 10, "forecast_category": "best_case", "required_fields": ["amount"]}  # fmt: skip


@pytest.fixture
def pipeline(cast):
    return add_pipeline(actor=acting(cast.tom), name="Projects", at=NOW)


def kinds(pipeline):
    return [(stage.name, stage.kind) for stage in pipeline.stages.all()]


def test_a_new_pipeline_has_open_stages_then_won_and_lost(pipeline):
    assert [kind for _name, kind in kinds(pipeline)] == ["open"] * 4 + ["won", "lost"]


def test_a_new_stage_stands_before_the_decided_ones(cast, pipeline):
    made = add_stage(actor=acting(cast.tom), pipeline_id=pipeline.pk, values=NEW, at=NOW)
    assert [name for name, _kind in kinds(pipeline)][4:] == ["Proof", "Won", "Lost"]
    assert list(pipeline.stages.values_list("position", flat=True)) == list(range(7))
    shift_stage(actor=acting(cast.tom), stage_id=made.pk, step=1, at=NOW)
    assert [name for name, _kind in kinds(pipeline)][4] == "Proof"
    shift_stage(actor=acting(cast.tom), stage_id=made.pk, step=-1, at=NOW)
    assert [name for name, _kind in kinds(pipeline)][3:5] == ["Proof", "Negotiation"]


def test_names_are_given_once(cast, pipeline):
    with pytest.raises(PipelineRefusedError, match="pipeline of this name"):
        add_pipeline(actor=acting(cast.tom), name="Projects", at=NOW)
    with pytest.raises(PipelineRefusedError, match="stage of this name"):
        add_stage(actor=acting(cast.tom), pipeline_id=pipeline.pk, values=NEW | {"name": "Offer"}, at=NOW)  # fmt: skip
    assert (Pipeline.objects.count(), pipeline.stages.count()) == (1, 6)


def test_a_decided_stage_keeps_its_certainty(cast, pipeline):
    won = pipeline.stages.get(kind="won")
    changed = change_stage(actor=acting(cast.tom), stage_id=won.pk, version=won.version, values=NEW, at=NOW)  # fmt: skip
    assert (changed.name, changed.probability, changed.required_fields) == ("Proof", Decimal(1), [])


def test_two_people_who_change_the_same_field_see_both_values(cast, pipeline):
    stage = pipeline.stages.first()
    change_stage(actor=acting(cast.tom), stage_id=stage.pk, version=1, values=NEW, at=NOW)
    with pytest.raises(StaleVersionError):
        change_stage(actor=acting(cast.tom), stage_id=stage.pk, version=1, values=NEW | {"expected_days": 5}, at=NOW)  # fmt: skip


def test_a_stage_deals_are_in_stays_and_so_do_the_last_open_and_the_decided(cast, pipeline):
    used, free, *others = pipeline.stages.filter(kind="open")
    OpportunityFactory(stage=used)
    with pytest.raises(PipelineRefusedError, match="are or were"):
        remove_stage(actor=acting(cast.tom), stage_id=used.pk, at=NOW)
    for stage in (free, *others):
        remove_stage(actor=acting(cast.tom), stage_id=stage.pk, at=NOW)
    for stage in (used, pipeline.stages.get(kind="won")):
        with pytest.raises(PipelineRefusedError, match="keeps an open stage"):
            remove_stage(actor=acting(cast.tom), stage_id=stage.pk, at=NOW)
    assert Stage.objects.count() == 3


def test_only_who_may_edit_rules_sets_up_pipelines(cast, pipeline):
    with pytest.raises(NotAllowedError):
        change_pipeline(actor=acting(cast.ann), pipeline_id=pipeline.pk, version=1, values={"name": "x"}, at=NOW)  # fmt: skip
    assert Pipeline.objects.get().name == "Projects"


def test_the_pages_make_change_and_refuse(cast, pipeline):
    client = Client()
    client.force_login(cast.tom, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/sell/pipelines/new/", {"name": "Projects"}).status_code == 400
    client.post("/sell/pipelines/new/", {"name": "Service"})
    client.post(f"/sell/pipelines/{pipeline.pk}/", {"name": "Kitchens", "contact_norm_days": "14"})
    assert list(Pipeline.objects.values_list("name", "contact_norm_days")) == [("Kitchens", 14), ("Service", 21)]  # fmt: skip
    stage = pipeline.stages.first()
    data = {"name": "First talk", "probability": "12.5", "expected_days": "9", "forecast_category": "pipeline", "required_fields": ["company", "amount"]}  # fmt: skip
    client.post(f"/sell/stages/{stage.pk}/", data)
    stage.refresh_from_db()
    assert (stage.name, stage.probability, stage.required_fields) == ("First talk", Decimal("0.125"), ["company", "amount"])  # fmt: skip
    page = client.get("/sell/pipelines/").content.decode()
    assert "Customer, Amount" in page
    client.post(f"/sell/stages/{stage.pk}/shift/", {"step": "down"})
    assert pipeline.stages.all()[1].name == "First talk"
    client.post(f"/sell/stages/{stage.pk}/remove/")
    assert pipeline.stages.count() == 5
