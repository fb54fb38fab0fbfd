"""Do new leads go to whom the rule names: by territory, by load, in turn?"""

from datetime import UTC, datetime

import pytest
from django.test import Client

from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.models import Territory, User
from koers.organisation.tests.cast import acting
from koers.sell.actions.lead import add_lead
from koers.sell.actions.lead_rule import set_lead_rule
from koers.sell.models import Lead, LeadRule
from koers.sell.tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def rule(cast, **values):
    kept = LeadRule.objects.first() or LeadRule()
    return set_lead_rule(actor=acting(cast.ben), version=kept.version, values=values, at=NOW)


def given(cast, city="", count=1, user=None):
    names = []
    for number in range(count):
        lead = add_lead(
            actor=acting(user or cast.tom), values={"company_name": f"New {city} {Lead.objects.count()} {number}", "city": city}, at=NOW
        )  # fmt: skip
        names.append((lead.owner.full_name.split()[0], lead.proposed_because))
    return names


def test_in_turn_everybody_gets_one_before_anybody_gets_two_whatever_is_open(cast):
    LeadFactory.create_batch(3, owner=cast.cora, status="disqualified")
    rule(cast, turn="turn")
    found = given(cast, count=10)
    assert {because for _name, because in found} == {"whose turn it is"}
    order = [name for name, _because in found]
    assert order == ["Ann", "Ben", "Sam", "Tom", "Cora"] * 2


def test_the_territory_where_most_customers_of_the_town_are_goes_first(cast):
    north, south = Territory.objects.create(name="Noord"), Territory.objects.create(name="Zuid")
    User.objects.filter(pk__in=[cast.ann.pk, cast.sam.pk]).update(territory=north)
    User.objects.filter(pk=cast.cora.pk).update(territory=south)
    CompanyFactory.create_batch(2, city="Breda", territory=south)
    CompanyFactory(city="Breda", territory=north)
    CompanyFactory(city="Assen", territory=north)
    assert given(cast, "Breda") == [("Ann", "fewest open leads (0)")]
    rule(cast, by_territory=True)
    assert given(cast, "breda") == [("Cora", "sells in Zuid; fewest open leads (0)")]
    assert given(cast, " Assen ", count=2) == [
        ("Sam", "sells in Noord; fewest open leads (0)"), ("Ann", "sells in Noord; fewest open leads (1)"),
    ]  # fmt: skip
    assert given(cast, "Nergens")[0][1].startswith("fewest open leads")
    rule(cast, turn="turn")
    assert [name for name, _because in given(cast, "Assen", count=3)] == ["Sam", "Ann", "Sam"]


def test_who_looks_after_the_company_goes_before_any_rule(cast):
    rule(cast, turn="turn", by_territory=True)
    CompanyFactory(name="Kade", owner=cast.sam)
    lead = add_lead(
        actor=acting(cast.tom), values={"company_name": "Kade", "city": "Breda"}, at=NOW
    )
    assert (lead.owner, lead.proposed_because) == (cast.sam, "looks after Kade")


def test_a_territory_whose_seller_one_does_not_see_gives_no_foreign_owner(cast):
    south = Territory.objects.create(name="Zuid")
    User.objects.filter(pk=cast.cora.pk).update(territory=south)
    CompanyFactory(city="Breda", territory=south, owner=cast.ann)
    rule(cast, by_territory=True)
    assert given(cast, "Breda", user=cast.ann)[0][0] != "Cora"


def test_only_who_may_change_rules_sets_it_up_and_the_trail_says_so(cast):
    with pytest.raises(NotAllowedError):
        set_lead_rule(actor=acting(cast.ann), version=1, values={"turn": "turn"}, at=NOW)
    rule(cast, turn="turn")
    assert AuditEntry.objects.get(noun="leadrule", verb="change").changes == {"turn": ["load", "turn"]}  # fmt: skip
    kept = set_lead_rule(actor=acting(cast.ben), version=1, values={"by_territory": True}, at=NOW)
    assert (kept.turn, kept.by_territory) == ("turn", True)
    assert LeadRule.objects.count() == 1


def test_the_page_keeps_the_rule_and_refuses_what_is_no_choice(cast):
    client = Client()
    client.force_login(cast.ben, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/sell/leads/rule/").status_code == 200
    assert client.post("/sell/leads/rule/", {"turn": "dice"}).status_code == 400
    assert client.post("/sell/leads/rule/", {"turn": "turn", "by_territory": "on", "version": "1"}).status_code == 302  # fmt: skip
    kept = LeadRule.objects.get()
    assert (kept.turn, kept.by_territory) == ("turn", True)
    assert "/sell/leads/rule/" in client.get("/sell/leads/").content.decode()
