"""Does a file of what customers buy a year come in once, with every refused row named, and out again?"""

from datetime import date

import pytest
from django.utils import timezone

from koers.core.actor import Channel, system_actor
from koers.core.data_versions import current_versions
from koers.core.models import ImportRun
from koers.customers.models import Wallet
from koers.customers.tests.factories import CompanyFactory
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import

pytestmark = pytest.mark.django_db


def test_purchases_come_in_once_and_go_out_again(tmp_path):
    company = CompanyFactory(name="Kade")
    file = tmp_path / "wallets.csv"
    file.write_text(
        "klant;datum;inkoop;bron\nKade;02-11-2026;240.000,00;aanbesteding\nKade;03-11-2025;200.000,00;\n"
        "Nobody;03-11-2026;5,00;klant\nKade;04-11-2026;0,00;klant\n", encoding="utf-8",
    )  # fmt: skip

    def bring_in():
        chosen = Choices(source="wallets", date_order="dmy")
        return run_import(actor=system_actor(Channel.COMMAND), at=timezone.now(), kind="wallets", files=[file], choices=chosen).steps[0]  # fmt: skip

    first, again = bring_in(), bring_in()
    assert (first.created, first.rejected) == (2, 2)
    assert sorted(first.reasons) == ["no_purchases", "unknown_reference"]
    assert (again.created, again.unchanged) == (0, 2)
    assert list(Wallet.objects.values_list("company_id", "day", "amount", "currency", "source")) == [
        (company.pk, date(2026, 11, 2), 240_000, "EUR", "tender"), (company.pk, date(2025, 11, 3), 200_000, "EUR", "estimate"),
    ]  # fmt: skip
    assert "wallet" in current_versions()
    revert_import(actor=system_actor(Channel.COMMAND), run_id=ImportRun.objects.earliest("pk").pk, at=timezone.now())  # fmt: skip
    assert not Wallet.objects.exists()
