"""Does a survey held elsewhere come in once, with every refused row named, and out again?"""

import pytest
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.models import ImportRun
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.serve.models import Feedback

pytestmark = pytest.mark.django_db


def test_a_survey_file_comes_in_once_and_goes_out_again(tmp_path):
    company = CompanyFactory(name="Kade")
    contact = ContactFactory(company=company, email="kim@kade.example")
    file = tmp_path / "survey.csv"
    file.write_text(
        "company;email;date;NPS score;service;comment\nKade;KIM@kade.example;02-11-2026;9;8;Fine\n"
        "Kade;;03-11-2026;11;;\nNobody;;03-11-2026;5;;\nKade;;04-11-2026;;;\n", encoding="utf-8",
    )  # fmt: skip

    def bring_in():
        chosen = Choices(source="survey", date_order="dmy")
        return run_import(actor=system_actor(Channel.COMMAND), at=timezone.now(), kind="feedback", files=[file], choices=chosen).steps[0]  # fmt: skip

    first, again = bring_in(), bring_in()
    assert (first.created, first.rejected) == (1, 3)
    assert sorted(first.reasons) == ["no_answer", "score_out_of_range", "unknown_reference"]
    assert (again.created, again.unchanged) == (0, 1)
    assert Feedback.objects.values_list("company_id", "contact_id", "nps", "theme_service", "comment", "channel").get() == (company.pk, contact.pk, 9, 8, "Fine", "import")  # fmt: skip
    revert_import(actor=system_actor(Channel.COMMAND), run_id=ImportRun.objects.earliest("pk").pk, at=timezone.now())  # fmt: skip
    assert not Feedback.objects.exists()
