"""Which records does the table of routes and roles talk about? Ann's, and their twins of Cora."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from tests.routes.goals import factor_of, goal_bodies, goal_of

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
    Goal,
    KeySuccessFactor,
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
    goal: Goal
    gone_goal: Goal
    factor: KeySuccessFactor
    gone_factor: KeySuccessFactor


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
            "goal_id": own.goal.pk, "factor_id": own.factor.pk,
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
        goal=goal_of(owner, today),
        gone_goal=goal_of(owner, today, deleted_at=now),
        factor=factor_of(owner, today),
        gone_factor=factor_of(owner, today, deleted_at=now),
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


def bodies(world: World, own: Belongings) -> dict[str, dict[str, Any]]:
    """What a browser would post to each form, rightly filled in."""
    cast, today = world.cast, timezone.localdate()
    later = add_months(today, 5)
    site = {"kind": "delivery", "street": "Kade 4", "postcode": "2611 AB", "city": "Delft", "country": "NL", "version": own.site.version}  # fmt: skip
    wallet = {"amount": "1000", "currency": "EUR", "day": today.isoformat(), "source": "customer"}
    company = {"name": "New name", "city": "Delft", "country": "NL", "owner": own.company.owner_id, "version": own.company.version}  # fmt: skip
    contact = {"last_name": "Jansen", "first_name": "Jo", "version": own.contact.version}
    product = {"code": "NEW-1", "name": "Valve", "kind": "goods", "list_price": "12.50", "is_active": "on"}  # fmt: skip
    person = {"full_name": "Sam Jansen", "email": "sam@example.org", "role": "salesperson", "team": cast.north.pk, "is_active": "on", "version": cast.sam.version}  # fmt: skip
    target = {"person": own.target.person_id, "period_start": later.isoformat(), "last_day": add_months(later, 3).isoformat(), "amount": "5000"}  # fmt: skip
    file = SimpleUploadedFile("companies.csv", b"name,city\nAcme,Ede\n", content_type="text/csv")
    activity = {"kind": "visit", "subject": "Visit", "company": f"#{own.company.pk}", "day": today.isoformat(), "owner": own.company.owner_id}  # fmt: skip
    lines = {"line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", "line-0-product": world.product.code, "line-0-quantity": "2"}  # fmt: skip
    norms = {
        "travel_minutes": "30",
        "waiting_minutes": "5",
        "visits_A": "9",
        "minutes_A": "50",
        "weekdays_A": ["1", "2"],
    }
    order = lines | {"company": f"#{own.company.pk}", "ordered_on": today.isoformat()}
    quote = lines | {"company": f"#{own.company.pk}", "quoted_on": today.isoformat(), "valid_until": today.isoformat(), "language": "en"}  # fmt: skip
    return {
        "organisation:webhook_list": {"name": "Shop", "url": HOOK, "nouns": ["order"]},
        "sell:member_create": {"contact": own.contact_twin.pk, "influence": "3", "stance": "0"},
        "sell:member_edit": {"influence": "4", "stance": "1", "version": own.member.version},
        "sell:member_move": {"stage": "2"},
        "sell:selling_template_edit": {"steps": "Listen", "channel": "visit", "centre_depth": "full"},
        "sell:lead_rule_edit": {"turn": "turn"},
        "sell:approach_edit": {"situation": "new_task", "situation_because": "New", "role": "integrated", "role_because": "New"},
        "sell:order_create": order,
        "sell:company_reorder": order,
        "sell:quote_create": quote,
        "sell:quote_edit": quote | {"version": own.quote.version},
        "sell:quote_move": {"step": "submit"},
        "catalogue:price_list_create": {"name": "Others", "valid_from": today.isoformat()},
        "catalogue:price_list_detail": {"product": world.product.code, "from_quantity": "1", "price": "9"},
        "catalogue:discount_policy": {"sales_manager": "30", "account_manager": "10", "salesperson": "5", "inside_sales": "5"},
        "sell:activity_create": activity,
        "sell:activity_edit": activity | {"version": own.activity.version},
        "sell:activity_log": activity | {"outcome": "order"},
        "sell:activity_finish": {"outcome": "order"},
        "sell:activity_view_save": {"name": "again", "query": "kind=visit"},
        "customers:company_create": company | {"confirmed": "on"},
        "customers:company_edit": company,
        "customers:contact_create": contact,
        "customers:contact_edit": contact,
        "customers:consent_create": {"said": "given", "channel": "phone", "purpose": "offers", "said_on": today.isoformat(), "proof": "Fair"},
        "customers:site_create": site,
        "customers:site_edit": site,
        "plan:economic_decision_create": {"name": "Five per cent", "decision": "No more", "decided_by": world.cast.ann.pk, "decided_on": today.isoformat(), "review_on": (today + timedelta(days=90)).isoformat()},
        "plan:economic_decision_review": {"outcome": "It worked"},
        "customers:wallet_create": wallet,
        "customers:wallet_edit": wallet | {"version": own.wallet.version},
        "customers:company_reassign_preview": {"id": [own.company.pk], "owner_id": own.company.owner_id},
        "customers:company_reassign": {"id": [own.company.pk], "owner_id": own.company.owner_id},
        "customers:view_save": {"name": "again", "query": "class=B"},
        "catalogue:product_create": product,
        "catalogue:product_edit": product | {"code": world.product.code},
        "catalogue:product_detail": {"valid_from": today.isoformat(), "cost": "61"},
        "plan:visit_exception": {"visits": "4", "reason": "Near", "starts_on": today.isoformat(), "version": "1"},
        "plan:visit_norm_create": norms | {"starts_on": later.isoformat()},
        "plan:visit_norm_edit": norms | {"starts_on": today.isoformat(), "version": "1"},
        "plan:target_create": target,
        "plan:target_edit": target,
        **goal_bodies(own.goal, own.factor, today, later),
        "plan:budget_create": {"name": "Next", "division": "group", "first_month": later.replace(day=1).isoformat()},
        "plan:budget_spread": {"rule": "equal", "amount": "100"},
        "plan:budget_move": {"step": "submit"},
        "plan:budget_copy": {"name": "Again"},
        "plan:budget_part": {f"amount-{add_months(today.replace(day=1), 2).isoformat()}": "8"},
        "plan:budget_propose": {"amount": "9"},
        "plan:forecast_create": {"division": "seller", "first_month": today.replace(day=1).isoformat(), "horizon": "6"},
        "plan:forecast_override": {"value": "7", "reason": "Fair"},
        "plan:target_copy": {"period_start": later.isoformat(), "last_day": add_months(later, 3).isoformat(), "growth": "5"},
        "organisation:user_create": person | {"email": "new@example.org", "password": "tR7!wq9#zLpKx"},
        "organisation:user_edit": person,
        "organisation:team_list": {"inside_rep": cast.ina.pk, "account_manager": cast.sam.pk},
        "organisation:settings": {"name": "Vermeer", "base_currency": "EUR", "version": 1},
        "analyse:campaign_create": {"name": "Call", "customers": 1, "kind": "visit", "subject": "Hello", "due_on": later.isoformat(), "control": "0", "measure_days": 30},
        "analyse:campaign_stop": {"version": 1},
        "analyse:rule_set": {"kind": "lifecycle", "lifecycle-start_months": 6, "lifecycle-growth_above": 5, "lifecycle-decline_below": -5,
                             "lifecycle-flat_quarters": 2, "lifecycle-lost_months": 12, "lifecycle-wallet_fall": 5, "lifecycle-wallet_months": 24},
        "control:action_item_edit": {"title": "Visit", "owner": own.company.owner_id, "due_on": today.isoformat(), "version": own.item.version},
        "control:action_item_create": {"title": "Visit", "owner": own.company.owner_id, "due_on": today.isoformat()},
        "control:action_item_decide": {"result": "Order", "status": "done"},
        "home:import_create": {"file": file, "kind": "companies", "source": "file"},
    }  # fmt: skip


def fingerprints(model_tables: list[type[Model]]) -> dict[str, int]:
    """A hash per table over all its rows."""
    return {
        model._meta.db_table: hash(tuple(model._base_manager.order_by("pk").values_list()))
        if not any(field.get_internal_type() == "JSONField" for field in model._meta.fields)
        else hash(repr(list(model._base_manager.order_by("pk").values_list())))
        for model in model_tables
    }
