"""Which records does the table of routes and roles talk about? Ann's, and their twins of Cora."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Model
from django.utils import timezone
from tests.routes.slices import gather

from koers.analyse.actions.customer_value import value_now
from koers.analyse.actions.facts import refresh_now
from koers.analyse.models import Campaign
from koers.catalogue.models import PriceList, Product
from koers.catalogue.tests.factories import (
    ProductCostFactory,
    ProductFactory,
    ProductGroupFactory,
)
from koers.control.models import ActionItem
from koers.core.actor import Channel, system_actor
from koers.core.models import DataVersion, ImportRun, Job, SavedView
from koers.core.periods import add_months
from koers.customers.actions.merge import merge_records
from koers.customers.models import Company, Consent, Contact, Merge, Wallet
from koers.customers.models.site import Site
from koers.customers.tests import factories
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.actions.api_token import make_token
from koers.organisation.actions.webhook import add_webhook
from koers.organisation.models import ApiToken, Pairing, User, Webhook
from koers.organisation.tests.cast import Cast, acting, make_cast
from koers.plan.models import (
    Budget,
    BudgetPart,
    EconomicDecision,
    ForecastPoint,
    ForecastRun,
    ForecastSeries,
    Target,
    VisitException,
    VisitNormSet,
)
from koers.plan.tests.factories import TargetFactory
from koers.sell.actions.quote import QuoteValues, make_quote
from koers.sell.models import Activity, BuyingCentreMember, Lead, Opportunity, Order, Quote
from koers.sell.queries.pricing import LineWish
from koers.sell.tests.factories import LeadFactory, OpportunityFactory, sale
from koers.serve.models import Feedback, FeedbackRequest

CANARY = Decimal("987654.3210")
HOOK = "https://receiver.example/in"
PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate", "wallet")


@dataclass(frozen=True)
class Belongings:
    """One account manager's records of each kind."""

    company: Company
    site: Site
    gone_site: Site
    order: Order
    contact: Contact
    opportunity: Opportunity
    lead: Lead
    activity: Activity
    quote: Quote
    target: Target
    view: SavedView
    job: Job
    twin: Company
    contact_twin: Contact
    merge: Merge
    token: ApiToken
    log_in: UserSession
    forecast: ForecastPoint
    budget_part: BudgetPart
    campaign: Campaign
    member: BuyingCentreMember
    gone_member: BuyingCentreMember
    feedback: Feedback
    gone_feedback: Feedback
    asked: FeedbackRequest
    item: ActionItem
    wallet: Wallet
    gone_wallet: Wallet
    decision: EconomicDecision
    consent: Consent
    gone_consent: Consent
    more: dict[str, Any]


@dataclass(frozen=True)
class World:
    """The cast, the product all share, and the twin belongings."""

    cast: Cast
    product: Product
    ann: Belongings
    cora: Belongings
    run: ImportRun
    deleted: Company
    deleted_contact: Contact

    def arguments(self, own: Belongings) -> dict[str, Any]:
        """Values for the parameters in addresses."""
        return {
            "decision_id": own.decision.pk, "calculator": "discount", "answer": "extra_units",
            **gather("arguments", own),
            "company_id": own.company.pk, "order_id": own.order.pk, "contact_id": own.contact.pk,
            "opportunity_id": own.opportunity.pk, "activity_id": own.activity.pk, "quote_id": own.quote.pk, "price_list_id": PriceList.objects.get().pk, "target_id": own.target.pk, "view_id": own.view.pk, "job_id": own.job.pk,
            "twin_id": own.twin.pk, "contact_twin_id": own.contact_twin.pk, "merge_id": own.merge.pk,
            "product_id": self.product.pk, "user_id": self.cast.sam.pk, "pairing_id": Pairing.objects.get().pk,
            "run_id": self.run.pk, "phase": "start", "name": "turnover", "formula_id": "F2.4", "secret": "guess", "effect": "price", "headline": "equity", "campaign_id": own.campaign.pk, "member_id": own.member.pk, "source": "phase:start", "figure": "win_rate",
            "forecast_id": own.forecast.series.run_id, "point_id": own.forecast.pk, "budget_id": own.budget_part.budget_id, "part_id": own.budget_part.pk,
            "site_id": own.site.pk, "stage_id": own.opportunity.stage_id, "pipeline_id": own.opportunity.stage.pipeline_id, "lead_id": own.lead.pk, "token_id": own.token.pk, "log_in_id": own.log_in.pk, "method": "franke", "feedback_id": own.feedback.pk, "request_id": own.asked.pk, "token": "guess", "measure": "nps",
            "item_id": own.item.pk, "wallet_id": own.wallet.pk, "consent_id": own.consent.pk, "norm_set_id": VisitNormSet.objects.get().pk, "webhook_id": Webhook.objects.get().pk,
            "kind": "contact", "person_id": own.contact.pk,
            "situation": "new_task", "role": "solution",
        }  # fmt: skip


def belongings(owner: User, product: Product, today: date) -> Belongings:
    """A company with an order, a contact, a chance, a target, a view and a job."""
    company = CompanyFactory(name=f"Company of {owner.full_name}", owner=owner, city="Utrecht")
    now = timezone.now()
    twin, third = CompanyFactory.create_batch(2, name=f"Twin of {owner.full_name}", owner=owner)
    contact = ContactFactory(company=company, last_name=f"Contact of {owner.full_name}")
    deal = OpportunityFactory(company=company, owner=owner, name=f"Chance of {owner}")
    gone = ContactFactory(company=company, last_name=f"Left the centre of {owner.full_name}")
    return Belongings(
        company=company,
        site=factories.SiteFactory(company=company, street=f"Street of {owner.full_name} 1"),
        gone_site=factories.SiteFactory(company=company, deleted_at=now),
        twin=twin,
        contact_twin=ContactFactory(company=company, last_name=f"Twin of {owner.full_name}"),
        merge=merge_records(
            actor=system_actor(Channel.COMMAND),
            noun="company",
            kept_id=twin.pk,
            gone_id=third.pk,
            take=(),
            at=now,
        ),
        order=sale(
            company,
            today - timedelta(days=40),
            "2000000",
            cost=str(CANARY),
            seller=owner,
            product=product,
            number=f"ORD-{owner.pk}",
        ),
        contact=contact,
        opportunity=deal,
        member=BuyingCentreMember.objects.create(opportunity=deal, contact=contact),
        gone_member=BuyingCentreMember.objects.create(
            opportunity=deal, contact=gone, removed_at=now
        ),
        feedback=Feedback.objects.create(
            company=company, day=today, nps=9, comment=f"Opinion on {owner.full_name}"
        ),
        gone_feedback=Feedback.objects.create(company=company, day=today, nps=1, deleted_at=now),
        asked=FeedbackRequest.objects.create(
            company=company, made_at=now, valid_until=today + timedelta(days=30)
        ),
        wallet=Wallet.objects.create(
            company=company, day=today, amount=9, currency="EUR", source="report"
        ),
        gone_wallet=Wallet.objects.create(
            company=company, day=today, amount=8, currency="EUR", source="report", deleted_at=now
        ),
        consent=consent_of(contact),
        gone_consent=consent_of(contact, deleted_at=now),
        more=gather("belongings", owner, company, product, today),
        lead=LeadFactory(company_name=f"Lead of {owner}", owner=owner, cost=Decimal(50)),
        activity=Activity.objects.create(
            kind="visit", subject=f"Visit of {owner}", company=company, owner=owner, day=today
        ),
        quote=make_quote(
            actor=acting(owner),
            company_id=company.pk,
            wishes=[LineWish(product, Decimal(1))],
            at=now,
            values=QuoteValues(
                quoted_on=today, valid_until=today + timedelta(days=30), language="en"
            ),
        ),
        target=TargetFactory(
            person=owner,
            period_start=today - timedelta(days=50),
            period_end=today + timedelta(days=40),
        ),
        view=SavedView.objects.create(
            page="customers:company_list", name="mine", query="class=A", owner=owner
        ),
        job=Job.objects.create(task="refresh_facts", asked_by=owner, asked_at=now),
        forecast=forecast_of(owner, add_months(today.replace(day=1), 2)),
        campaign=Campaign.objects.create(
            name=f"Campaign of {owner}",
            source="phase:start",
            kind="call",
            subject="Hello",
            due_on=today,
            started_on=today - timedelta(days=9),
            measure_days=30,
            control_share=0,
            made_by=owner,
        ),
        budget_part=budget_of(owner, add_months(today.replace(day=1), 2)),
        item=ActionItem.objects.create(
            title=f"Action of {owner}",
            owner=owner,
            due_on=today,
            made_at=now,
            made_by=owner,
            made_by_name=str(owner),
        ),
        decision=EconomicDecision.objects.create(
            name=f"Decision of {owner}",
            calculator="discount",
            period_name="12m",
            period_start=add_months(today, -12),
            period_end=today,
            inputs={
                key: {"value": "0.1", "fact": None} for key in ("turnover", "share", "discount")
            },
            results={"extra_units": None},
            currency="EUR",
            facts_as_of=today,
            decision="None",
            decided_by=owner,
            decided_on=today - timedelta(days=9),
            review_on=today,
            made_at=now,
            made_by=owner,
            made_by_name=str(owner),
        ),
        log_in=UserSession.objects.create(
            user=owner, ip="192.0.2.7", user_agent="Elsewhere", session_key=f"of {owner.pk}"
        ),
        token=make_token(actor=acting(owner), name="test", scope="read", days=30, at=now)[0],
    )


def consent_of(contact: Contact, **more: Any) -> Consent:
    """The contact agreed by letter today."""
    now = timezone.now()
    return Consent.objects.create(contact=contact, said="given", channel="all", said_on=now.date(), proof="Letter", made_at=now, **more)  # fmt: skip


def norms_of_today(today: date) -> VisitNormSet:
    """Norms that can still be changed."""
    made = VisitNormSet.objects.create(starts_on=today, made_at=timezone.now(), made_by_name="Tom")
    made.norms.create(customer_class="A", visits=12, minutes=60)
    return made


def budget_of(owner: User, month: date) -> BudgetPart:
    """The owner's part of a draft that nobody here began."""
    budget = Budget.objects.create(name="Budget", division="seller", first_month=month, currency="EUR", made_at=timezone.now(), made_by_name="Tom")  # fmt: skip
    part = BudgetPart.objects.create(budget=budget, key=owner.pk, label=str(owner), cost_share="0.5")  # fmt: skip
    part.cells.create(month=month, turnover=10, cost=5)
    return part


def forecast_of(owner: User, month: date) -> ForecastPoint:
    """A month of the owner's own turnover, in a forecast that nobody here gave."""
    run = ForecastRun.objects.create(
        division="seller", first_month=month, horizon=1, currency="EUR", covers_all=True, made_at=timezone.now(), made_by_name="Tom"
    )  # fmt: skip
    series = ForecastSeries.objects.create(run=run, is_total=False, key=owner.pk, label=str(owner), method="naive")  # fmt: skip
    return ForecastPoint.objects.create(
        series=series, month=month, value=5, low_80=4, high_80=6, low_95=3, high_95=7
    )


def make_world() -> World:
    """Everything in the database, with fresh facts."""
    cast, today = make_cast(), timezone.localdate()
    product = ProductFactory(
        name="Pump", group=ProductGroupFactory(name="Pumps"), list_price=Decimal(2_000_000)
    )
    ProductCostFactory(product=product, cost=CANARY)
    PriceList.objects.create(name="Prices", currency="EUR", valid_from=today)
    norms_of_today(today)
    gather("world", cast, product, today)
    add_webhook(
        actor=acting(cast.adam), name="Planner", url=HOOK, nouns=["company"], at=timezone.now()
    )
    run = ImportRun.objects.create(
        kind="companies",
        file_name="companies.csv",
        created_at=timezone.now(),
        started_by=cast.adam,
        status=ImportRun.Status.DONE,
    )
    world = World(
        cast=cast,
        product=product,
        ann=belongings(cast.ann, product, today),
        cora=belongings(cast.cora, product, today),
        run=run,
        deleted=CompanyFactory(name="Gone", owner=cast.ann, deleted_at=timezone.now()),
        deleted_contact=ContactFactory(
            company=CompanyFactory(name="Left", owner=cast.ann), deleted_at=timezone.now()
        ),
    )
    VisitException.objects.create(
        company=world.ann.company, visits=3, reason="Far away", starts_on=today
    )
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=today, at=timezone.now())
    value_now(today=today, at=timezone.now())
    return world


def fingerprints(model_tables: list[type[Model]]) -> dict[str, int]:
    """A hash per table over all its rows."""
    return {
        model._meta.db_table: hash(tuple(model._base_manager.order_by("pk").values_list()))
        if not any(field.get_internal_type() == "JSONField" for field in model._meta.fields)
        else hash(repr(list(model._base_manager.order_by("pk").values_list())))
        for model in model_tables
    }
