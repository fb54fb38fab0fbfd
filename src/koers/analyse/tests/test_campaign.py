"""Does a campaign give everybody work, leave the control group alone, and tell whether it helped?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.campaign import (
    CampaignRefusedError,
    CampaignValues,
    drawn,
    start_campaign,
    stop_campaign,
)
from koers.analyse.actions.facts import refresh_now
from koers.analyse.figures.campaign import candidates, effect_of
from koers.analyse.models import Campaign, CampaignMember
from koers.analyse.queries.campaign import campaign_for, campaigns_visible_to, unreachable
from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.core.data_versions import mark_changed
from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry, DataVersion
from koers.customers.models import Consent
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import finish_activity
from koers.sell.models import Activity
from koers.sell.tests.factories import sale

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")
pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)
VALUES = CampaignValues(
    name="Call them", source="phase:start", kind="call", subject="How is it?", due_on=TODAY + timedelta(days=7),
    measure_days=30, control_share=Decimal("0.25"),
)  # fmt: skip


@pytest.fixture
def customers(cast):
    """Eight of Ann, one of Cora; all bought for the first time a month ago."""
    product = ProductFactory(group=ProductGroupFactory())
    made = [CompanyFactory(name=f"Company {n} B.V.", owner=cast.ann) for n in range(8)]
    other = CompanyFactory(name="Elsewhere B.V.", owner=cast.cora)
    for company in (*made, other):
        sale(company, TODAY - timedelta(days=30), "1000", seller=company.owner, product=product)
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    return made, other


def start(user, companies, values=VALUES):
    return start_campaign(actor=acting(user), values=values, company_ids=[c.pk for c in companies], today=TODAY, at=timezone.now())  # fmt: skip


def test_three_quarters_get_the_activity_and_a_quarter_none(cast, customers):
    campaign = start(cast.ben, customers[0])
    members = CampaignMember.objects.filter(campaign=campaign)
    assert members.count() == 8
    assert members.filter(is_control=True, activity=None).count() == 2
    work = Activity.objects.filter(pk__in=members.values("activity"))
    assert {(a.owner_id, a.kind, a.subject, a.day, a.status) for a in work} == {
        (cast.ann.pk, "call", "How is it?", VALUES.due_on, "planned")
    }
    assert work.count() == AuditEntry.objects.filter(noun="activity", verb="create").count() == 6
    assert AuditEntry.objects.filter(noun="campaign", verb="create").count() == 1


def test_who_may_not_be_called_is_left_out_before_the_draw_and_who_may_takes_part(cast, customers):
    companies = customers[0]
    silent, asked = ContactFactory(company=companies[0]), ContactFactory(company=companies[1])
    for contact, said in ((silent, "objected"), (asked, "given")):
        Consent.objects.create(contact=contact, said=said, channel="phone", said_on=TODAY, proof="Letter", made_at=timezone.now())  # fmt: skip
    reasons = unreachable(actor=acting(cast.ben), company_ids=[c.pk for c in companies], kind="call", on=TODAY)  # fmt: skip
    assert [(reason[:11], count) for reason, count in reasons] == [("No: objects", 1)]
    campaign = start(cast.ben, companies, replace(VALUES, control_share=Decimal(0)))
    members = CampaignMember.objects.filter(campaign=campaign)
    assert set(members.values_list("company", flat=True)) == {c.pk for c in companies[1:]}
    spoken = Activity.contacts.through.objects.values_list("activity__company", "contact")
    assert list(spoken) == [(companies[1].pk, asked.pk)]
    with pytest.raises(CampaignRefusedError):
        start(cast.ben, companies[:1])
    visit = start(cast.ben, companies, replace(VALUES, kind="visit"))
    assert visit.members.count() == 8


def test_the_draw_is_the_same_each_time_and_holds_the_share():
    keys = list(range(1000))
    assert drawn(keys, Decimal("0.2"), salt="a") == drawn(keys[::-1], Decimal("0.2"), salt="a")
    assert len(drawn(keys, Decimal("0.2"), salt="a")) == 200
    assert drawn(keys, Decimal("0.2"), salt="a") != drawn(keys, Decimal("0.2"), salt="b")


def test_a_customer_one_may_not_see_stops_the_whole_campaign(cast, customers):
    made, other = customers
    with pytest.raises(NotFoundError):
        start(cast.ann, [*made, other])
    assert not Campaign.objects.exists()
    assert not Activity.objects.exists()
    with pytest.raises(NotAllowedError):
        start(cast.mia, made)


def test_what_makes_no_sense_is_refused(cast, customers):
    import dataclasses

    with pytest.raises(CampaignRefusedError, match="no customer"):
        start(cast.ben, [])
    late = dataclasses.replace(VALUES, due_on=TODAY - timedelta(days=1))
    with pytest.raises(CampaignRefusedError, match="passed"):
        start(cast.ben, customers[0], late)
    with pytest.raises(CampaignRefusedError, match="half"):
        start(cast.ben, customers[0], dataclasses.replace(VALUES, control_share=Decimal("0.6")))


def test_stopping_cancels_what_is_planned_and_keeps_what_was_done(cast, customers):
    campaign = start(cast.ben, customers[0])
    first = campaign.members.filter(is_control=False).first().activity
    finish_activity(actor=acting(cast.ann), activity_id=first.pk, outcome="order", at=timezone.now())  # fmt: skip
    with pytest.raises(StaleVersionError):
        Campaign.objects.filter(pk=campaign.pk).update(version=5, stopped_at=None, name="x")
        stop_campaign(actor=acting(cast.ben), campaign_id=campaign.pk, version=1, at=timezone.now())
    assert stop_campaign(actor=acting(cast.ben), campaign_id=campaign.pk, version=5, at=timezone.now()) == 5  # fmt: skip
    assert sorted(Activity.objects.values_list("status", flat=True)) == ["cancelled"] * 5 + ["done"]
    with pytest.raises(CampaignRefusedError, match="already"):
        stop_campaign(actor=acting(cast.ben), campaign_id=campaign.pk, version=6, at=timezone.now())


def test_only_people_who_see_the_maker_see_the_campaign(cast, customers):
    campaign = start(cast.ben, customers[0])
    for user in (cast.ben, cast.tom, cast.dirk, cast.ann):
        assert campaign_for(actor=acting(user), campaign_id=campaign.pk).treated == 6
    assert not campaigns_visible_to(acting(cast.cora)).exists()
    with pytest.raises(NotFoundError):
        campaign_for(actor=acting(cast.cora), campaign_id=campaign.pk)


def test_the_effect_is_measured_from_the_start(cast, customers):
    campaign = start(cast.ben, customers[0])
    assert effect_of(campaign, today=TODAY) is None
    for member in campaign.members.filter(is_control=False):
        sale(member.company, TODAY, "1500", seller=cast.ann)
    mark_changed(f"order_line:{TODAY:%Y-%m}")
    refresh_now(today=TODAY + timedelta(days=1), at=timezone.now())
    found = effect_of(campaign, today=TODAY + timedelta(days=10))
    assert (found.treated, found.control, found.difference) == (6, 2, 1500.0)
    later = effect_of(campaign, today=TODAY + timedelta(days=300))
    assert (later.end - later.start).days == 30
    assert later.difference == 1500.0


def test_candidates_are_those_of_the_list_that_one_may_see(cast, customers):
    made, _other = customers
    found = candidates(actor=acting(cast.ann), source="phase:start")
    assert sorted(found) == [company.pk for company in made]
    for source in ("phase:odd", "next:odd", "odd", ""):
        with pytest.raises(NotFoundError):
            candidates(actor=acting(cast.ann), source=source)


def test_the_screen_starts_shows_and_stops_it(client, cast, customers):
    client.force_login(cast.ben)
    url = reverse("analyse:campaign_create", args=["phase:start"])
    form = client.get(url).context["form"]
    assert (form.initial["customers"], form.initial["control"]) == (8, 20)
    day = timezone.localdate() + timedelta(days=3)
    data = {"name": "Call", "customers": 5, "kind": "call", "subject": "Hello", "due_on": day.isoformat(), "control": 40, "measure_days": 30}  # fmt: skip
    late = client.post(url, data | {"due_on": "2020-01-01"})
    assert late.status_code == 400
    assert "due_on" in late.context["form"].errors
    answer = client.post(url, data, follow=True)
    context = answer.context
    assert (context["campaign"].treated, context["campaign"].control, context["page"].total) == (3, 2, 5)  # fmt: skip
    panel = client.get(reverse("analyse:campaign_figure", args=[context["campaign"].pk])).context["panel"]  # fmt: skip
    assert panel.value is None
    client.post(reverse("analyse:campaign_stop", args=[context["campaign"].pk]), {"version": 1})
    assert set(Activity.objects.values_list("status", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_fixed_number_of_queries(client, cast, customers, count, django_assert_num_queries):  # fmt: skip
    made, _other = customers
    for _each in range(count):
        start(cast.ben, made)
    client.force_login(cast.ben)
    client.get(reverse("analyse:campaign_list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("analyse:campaign_list"))


LIST_QUERIES = 7
