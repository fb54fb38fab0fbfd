"""Do files as well-known systems write them find their fields by themselves?"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.beside import beside

from koers.core.actor import Channel, system_actor
from koers.core.imports.messages import message
from koers.core.models import ImportRun
from koers.customers.models import Company, Contact
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.sell.models import Opportunity, Pipeline, Stage, StageChange

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db]


def bring_in(profile, kind, name, **choices):
    path = beside("crm_exports") / name
    summary = run_import(
        actor=system_actor(Channel.COMMAND), at=timezone.now(), kind=kind, files=[path], profile=profile, choices=Choices(**choices),
    )  # fmt: skip
    return summary.steps[0]


def test_hubspot_deals_come_in_and_a_stage_date_is_not_taken_for_a_product():
    step = bring_in("hubspot", "opportunities", "hubspot_deals_stage_dates_sample.csv")
    assert (step.created, step.rejected, step.mapping.get("date_entered_product_testing")) == (6, 0, None)  # fmt: skip
    deal = Opportunity.objects.get(name="Acumed ApS - Annual License")
    assert (deal.amount, deal.stage_kind, deal.opened_on, deal.closed_on) == (
        Decimal(12000), "won", date(2025, 8, 25), date(2025, 9, 29),
    )  # fmt: skip
    assert Opportunity.objects.get(name="Acumed ApS - Expansion").stage_kind == "open"
    run = ImportRun.objects.get()
    assert run.source.code == "hubspot"
    assert StageChange.objects.get(opportunity=deal).day == date(2025, 9, 29)
    revert_import(actor=system_actor(Channel.COMMAND), run_id=run.pk, at=timezone.now())
    left = (Opportunity, StageChange, Stage, Pipeline)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]


def test_hubspot_contacts_come_in_with_their_company():
    step = bring_in("hubspot", "contacts", "hubspot_style_contacts_sample.csv")
    assert (step.created, step.rejected) == (4, 0)
    found = Contact.objects.get(last_name="Small")
    assert (found.first_name, found.phone, found.job_title, found.company.name) == (
        "Francisco", "416-810-9897x752", "Youth worker", "freeman.net",
    )  # fmt: skip
    again = bring_in("hubspot", "contacts", "hubspot_style_contacts_sample.csv")
    assert (again.unchanged, again.created, again.updated) == (4, 0, 0)


def test_pipedrive_gives_contacts_and_deals_from_one_file():
    name = "pipedrive_official_import_sample_header.csv"
    assert bring_in("pipedrive", "contacts", name).created == 1
    found = Contact.objects.get()
    assert (found.first_name, found.last_name, found.email, found.job_title) == (
        "Tony", "Turner", "tony.turner@moveer.com", "",
    )  # fmt: skip
    assert bring_in("pipedrive", "opportunities", name).created == 1
    deal = Opportunity.objects.get()
    assert (deal.name, deal.amount, deal.company.name) == ("Moveer Deal", Decimal(100), "Moveer Limited")  # fmt: skip
    assert Company.objects.count() == 1


def test_the_day_number_of_a_spreadsheet_is_a_date():
    mapping = {"Activity - Due date": "expected_close_on"}
    bring_in("pipedrive", "opportunities", "pipedrive_official_import_sample_header.csv", mapping=mapping)  # fmt: skip
    assert Opportunity.objects.get().expected_close_on == date(2024, 12, 5)


def test_a_salesforce_header_names_its_fields():
    step = bring_in("salesforce", "opportunities", "salesforce_opportunity_export_header.csv")
    assert (step.created, step.rejected) == (0, 0)
    assert step.mapping == {
        "Id": "external_id", "Name": "name", "AccountId": "company", "OwnerId": "owner", "StageName": "stage", "Amount": "amount",
        "CurrencyIsoCode": "currency", "IsClosed": "is_closed", "IsWon": "is_won", "CreatedDate": "opened_on", "CloseDate": "closed_on",
    }  # fmt: skip


def test_the_short_suitecrm_row_is_refused_with_its_reason():
    step = bring_in("suitecrm", "contacts", "suitecrm8_leads_export_sample.csv")
    assert (step.created, step.rejected, step.reasons) == (1, 1, {"row_width": 1})
    error = step.first_errors[0]
    assert (error["row"], message(error["code"], error["params"], "nl")) == (
        2,
        "Deze rij heeft 4 waarden terwijl de kop er 61 heeft. Controleer op een ontbrekend of extra scheidingsteken.",
    )
    assert ImportRun.objects.get().rejections.get().row["First Name"] == "John"
    assert Contact.objects.get().company.name == "Smith & Sons"


def test_twenty_contacts_come_in_and_a_column_of_no_use_is_left_alone():
    step = bring_in("twenty", "contacts", "twenty_spreadsheet_import_example.csv")
    assert (step.created, step.rejected) == (9, 0)
    assert step.mapping == {"firstname": "first_name", "lastname": "last_name", "email": "email"}


def test_words_where_a_number_belongs_refuse_that_row_alone():
    mapping = {"years": "employees", "email": "name"}
    step = bring_in("twenty", "companies", "twenty_spreadsheet_import_example.csv", mapping=mapping, only_mapped=True)  # fmt: skip
    assert (step.created, step.rejected, step.reasons) == (8, 1, {"not_whole": 1})
    assert (step.first_errors[0]["row"], step.first_errors[0]["value"]) == (7, "I love pizza")
