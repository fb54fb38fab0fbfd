"""Do leads come in once, to the right owner, with every refused row named, and out again?"""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from koers.core.actor import Channel, system_actor
from koers.core.data_versions import current_versions
from koers.core.imports.revert import RevertRefusedError
from koers.core.models import AuditEntry, ImportRun
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.organisation.models import Role
from koers.organisation.tests.cast import acting, person
from koers.sell.actions.lead import change_lead
from koers.sell.models import Lead
from koers.sell.queries.lead_score import score_of
from koers.sell.tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEAD = "Bedrijf;Voornaam;Achternaam;Functie;E-mail;Telefoon;Plaats;Behoefte;Herkomst;Welke beurs;Kosten van deze lead;Ontvangen op;Eigenaar\n"
ROWS = (
    "Kade;Els;Vos;Inkoper;els@kade.example;0201;Breda;Een tweede oven voor de zomer;beurs;Horecava;12,50;02-11-2026;\n"
    ";Jan;Dok;;geen adres;;;;sterren;;;;\n"
    "Zaal;;;;;;;;;;;03-11-2026;Cora Visser\n"
)


def bring_in(cast, path, text, user=None, **choices):
    path.write_text(text, encoding="utf-8")
    chosen = Choices(source="fair", date_order="dmy", **choices)
    return run_import(actor=acting(user or cast.tom), at=NOW, kind="lead", files=[path], choices=chosen).steps[0]  # fmt: skip


def test_leads_come_in_scored_and_go_to_whom_the_rule_names(tmp_path, cast):
    CompanyFactory(name="Kade", owner=cast.sam)
    LeadFactory(owner=cast.ann)
    step = bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    assert (step.created, step.rejected) == (3, 0)
    kade, dok, zaal = Lead.objects.exclude(owner=cast.ann).order_by("pk")
    assert (kade.owner, kade.proposed_because, kade.source, kade.source_detail, kade.cost, kade.currency, kade.received_on) == (
        cast.sam, "looks after Kade", "fair", "Horecava", Decimal("12.5"), "EUR", date(2026, 11, 2),
    )  # fmt: skip
    assert (kade.score, kade.score) == (20 + 25 + 20 + 15 + 10 + 5, score_of(kade))
    assert (dok.last_name, dok.email, dok.source, dok.received_on, dok.status) == (
        "Dok", "", "other", date(2026, 11, 24), "new",
    )  # fmt: skip
    assert dok.proposed_because == "fewest open leads (0)"
    assert dok.owner == cast.ben
    assert (zaal.owner, zaal.proposed_because) == (cast.cora, "")
    assert "lead" in current_versions()


def test_the_open_leads_of_the_file_itself_count_when_leads_are_given_out(tmp_path, cast):
    LeadFactory(owner=cast.ann)
    text = "Bedrijf;Plaats\n" + "".join(f"Onbekend {number};Breda\n" for number in range(9))
    assert bring_in(cast, tmp_path / "leads.csv", text).created == 9
    given = Counter(Lead.objects.values_list("owner__full_name", flat=True))
    assert given == {
        "Ann de Boer": 2,
        "Ben Smit": 2,
        "Cora Visser": 2,
        "Sam Jansen": 2,
        "Tom Prins": 2,
    }


def test_a_file_without_a_single_known_column_is_refused_row_by_row(tmp_path, cast):
    step = bring_in(cast, tmp_path / "leads.csv", "zzz;qqq\n1;2\n3;4\n", only_mapped=True)
    assert (step.created, step.reasons) == (0, {"nameless_lead": 2})


def test_a_contact_with_that_address_tells_the_company(tmp_path, cast):
    firm = CompanyFactory(name="Groothandel", owner=cast.cora)
    ContactFactory(company=firm, email="Piet@Groothandel.example")
    bring_in(cast, tmp_path / "leads.csv", "Achternaam;E-mail\nBol;piet@groothandel.example\n")
    lead = Lead.objects.get()
    assert (lead.owner, lead.proposed_because) == (cast.cora, "looks after Groothandel")


def test_a_second_import_changes_nothing_not_even_what_was_edited_since(tmp_path, cast):
    first = bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    lead = Lead.objects.get(company_name="Kade")
    change_lead(
        actor=acting(cast.tom), lead_id=lead.pk, version=lead.version, values={"owner": cast.ann, "phone": "0309"}, at=NOW,
    )  # fmt: skip
    before = list(Lead.objects.order_by("pk").values())
    again = bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    assert (first.created, again.created, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert list(Lead.objects.order_by("pk").values()) == before


def test_a_changed_row_updates_the_lead_and_its_score_and_undo_puts_both_back(tmp_path, cast):
    bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    lead = Lead.objects.get(company_name="Kade")
    step = bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS.replace("beurs;", "website;").replace("0201", ""))  # fmt: skip
    assert (step.updated, step.unchanged) == (1, 2)
    changed = Lead.objects.get(pk=lead.pk)
    assert (changed.source, changed.phone, changed.owner_id) == ("website", "", lead.owner_id)
    assert changed.score == lead.score - 5 - 10
    revert_import(actor=system_actor(Channel.COMMAND), run_id=ImportRun.objects.latest("pk").pk, at=NOW)  # fmt: skip
    back = Lead.objects.get(pk=lead.pk)
    assert (back.source, back.phone, back.score) == ("fair", "0201", lead.score)


def test_rows_that_cannot_be_leads_are_refused_with_their_reason(tmp_path, cast):
    person("Otto Boek", Role.MARKETING)
    text = (
        "Bedrijf;Voornaam;Kosten van deze lead;Ontvangen op;Eigenaar\n;Els;;;\nKade;;-1,00;;\nZaal;;;25-11-2026;\n"
        "Dok;;;;Niemand\nSluis;;;;Otto Boek\nBrug;;0,00;24-11-2026;Ann de Boer\n"
    )  # fmt: skip
    step = bring_in(cast, tmp_path / "leads.csv", text)
    assert (step.created, step.rejected) == (1, 5)
    assert sorted(step.reasons) == ["day_to_come", "nameless_lead", "negative_cost", "not_a_seller", "unknown_reference"]  # fmt: skip
    assert list(Lead.objects.values_list("company_name", flat=True)) == ["Brug"]


def test_an_import_is_undone_unless_a_lead_was_worked_on(tmp_path, cast):
    bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    run = ImportRun.objects.get()
    lead = Lead.objects.get(company_name="Kade")
    change_lead(actor=acting(cast.tom), lead_id=lead.pk, version=lead.version, values={"phone": "1"}, at=NOW)  # fmt: skip
    with pytest.raises(RevertRefusedError):
        revert_import(actor=system_actor(Channel.COMMAND), run_id=run.pk, at=NOW)
    assert Lead.objects.count() == 3
    Lead.objects.filter(pk=lead.pk).update(version=1)
    revert_import(actor=system_actor(Channel.COMMAND), run_id=run.pk, at=NOW)
    assert not Lead.objects.exists()


def test_who_wrote_it_and_what_it_is_called_stand_in_the_trail(tmp_path, cast):
    bring_in(cast, tmp_path / "leads.csv", HEAD + ROWS)
    found = AuditEntry.objects.filter(noun="lead", verb="create").order_by("object_id")
    assert list(found.values_list("label", "actor_name")) == [
        ("Kade", "Tom Prins"), ("|jan|dok", "Tom Prins"), ("Zaal", "Tom Prins"),
    ]  # fmt: skip


def test_a_manager_gives_leads_to_his_own_people_only(tmp_path, cast):
    bring_in(cast, tmp_path / "leads.csv", "Bedrijf;Eigenaar\nNieuw;\nAnder;Cora Visser\n", user=cast.ben)  # fmt: skip
    lead = Lead.objects.get()
    assert lead.company_name == "Nieuw"
    assert lead.owner_id in acting(cast.ben).visible_people
