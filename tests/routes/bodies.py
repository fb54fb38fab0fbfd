"""What would a browser post to each form of the table of routes and roles?"""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.routes.slices import gather
from tests.routes.world import HOOK, Belongings, World

from koers.core.periods import add_months


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
        **gather("bodies", world, own, today),
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
