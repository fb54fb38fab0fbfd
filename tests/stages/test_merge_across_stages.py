"""Do orders, chances and visits follow a merge, and do the figures follow them?"""

from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from koers.core.models import DataVersion
from koers.customers.actions.merge import merge_records, undo_merge
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.models import Activity, Opportunity, Order
from koers.sell.tests.factories import OpportunityFactory, sale

NOW = timezone.now()
LEFT_OUT = {"core.AuditEntry", "customers.Merge", "core.DataVersion"}


def picture():
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in LEFT_OUT
    }


def test_orders_chances_and_visits_follow_the_company_and_come_back(cast):
    kept, gone = CompanyFactory.create_batch(2, owner=cast.ann)
    day = timezone.localdate() - timedelta(days=40)
    order = sale(gone, day, "1000000", seller=cast.ann)
    chance = OpportunityFactory(company=gone, owner=cast.ann)
    before = picture()
    part = DataVersion.objects.get(part=f"order_line:{day:%Y-%m}").number
    made = merge_records(actor=acting(cast.ben), noun="company", kept_id=kept.pk, gone_id=gone.pk, take=(), at=NOW)  # fmt: skip
    assert Order.objects.get(pk=order.pk).company_id == kept.pk
    assert Opportunity.objects.get(pk=chance.pk).company_id == kept.pk
    assert DataVersion.objects.get(part=f"order_line:{day:%Y-%m}").number == part + 1
    undo_merge(actor=acting(cast.ben), merge_id=made.pk, at=NOW)
    assert DataVersion.objects.get(part=f"order_line:{day:%Y-%m}").number == part + 2
    assert picture() == before


def test_a_visit_both_contacts_were_at_is_linked_once_and_twice_again_after_undo(cast):
    company = CompanyFactory(owner=cast.ann)
    kept, gone = ContactFactory.create_batch(2, company=company)
    both, one = (
        Activity.objects.create(kind="visit", subject=subject, company=company, owner=cast.ann, day=NOW.date())
        for subject in ("both", "one")
    )  # fmt: skip
    both.contacts.set([kept, gone])
    one.contacts.set([gone])
    before = picture()
    made = merge_records(actor=acting(cast.ben), noun="contact", kept_id=kept.pk, gone_id=gone.pk, take=(), at=NOW)  # fmt: skip
    assert list(Activity.objects.filter(contacts=kept).order_by("pk")) == [both, one]
    undo_merge(actor=acting(cast.ben), merge_id=made.pk, at=NOW)
    assert picture() == before
