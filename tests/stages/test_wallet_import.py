"""Does a file of what customers buy a year come in once, with every refused row named, and out again?"""

from datetime import UTC, date, datetime

import pytest

from koers.core.actor import Channel, system_actor
from koers.core.data_versions import current_versions
from koers.core.models import ImportRun
from koers.customers.models import Wallet
from koers.customers.queries.wallet import wallets_of
from koers.customers.tests.factories import CompanyFactory
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.organisation.tests.cast import acting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_purchases_come_in_once_and_go_out_again(tmp_path, cast):
    company = CompanyFactory(name="Kade", owner=cast.ben)
    file = tmp_path / "wallets.csv"
    file.write_text(
        "klant;datum;inkoop;bron\nKade;02-11-2026;240.000,00;aanbesteding\nKade;03-11-2025;200.000,00;\n"
        "Nobody;03-11-2026;5,00;klant\nKade;04-11-2026;0,00;klant\nKade;25-11-2026;9,00;klant\n", encoding="utf-8",
    )  # fmt: skip

    def bring_in():
        chosen = Choices(source="wallets", date_order="dmy")
        return run_import(actor=acting(cast.ben), at=NOW, kind="wallets", files=[file], choices=chosen).steps[0]  # fmt: skip

    first, again = bring_in(), bring_in()
    assert (first.created, first.rejected) == (2, 3)
    assert sorted(first.reasons) == ["day_to_come", "no_purchases", "unknown_reference"]
    assert (again.created, again.unchanged) == (0, 2)
    assert list(Wallet.objects.values_list("company_id", "day", "amount", "currency", "source")) == [
        (company.pk, date(2026, 11, 2), 240_000, "EUR", "tender"), (company.pk, date(2025, 11, 3), 200_000, "EUR", "estimate"),
    ]  # fmt: skip
    assert {each.written_by for each in wallets_of(acting(cast.ben), company)} == {cast.ben}
    assert "wallet" in current_versions()
    revert_import(actor=system_actor(Channel.COMMAND), run_id=ImportRun.objects.earliest("pk").pk, at=NOW)  # fmt: skip
    assert not Wallet.objects.exists()
