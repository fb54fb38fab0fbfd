"""Is a file brought in once, whole or not at all, resumed after a failure and undone without a trace?"""

from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.models import Product
from koers.core.actor import Channel, system_actor
from koers.core.imports import engine
from koers.core.imports.engine import ImportRefusedError
from koers.core.imports.holding import ImportBusyError, held
from koers.core.imports.plan import DuplicateRule
from koers.core.imports.revert import RevertRefusedError
from koers.core.models import ImportChange, ImportRun, SourceSystem
from koers.customers.models import Company, Site
from koers.home.actions import importing
from koers.home.actions.import_execution import execute_run, revert_import
from koers.home.actions.import_jobs import ask_run
from koers.home.actions.import_planning import draft_run
from koers.home.actions.import_summary import Choices
from koers.home.import_profiles.profile import Profile, Step
from koers.home.queries.import_kinds import kind_named
from koers.sell.actions.importing import OrderLineApplier
from koers.sell.models import Order, OrderLine

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ME, NOW = system_actor(Channel.COMMAND), timezone.now()
ORDERS = "order number;order date;customer;product;quantity;price\n"


def write(tmp_path, text, name="file.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def bring_in(kind, path, **choices):
    summary = importing.run_import(
        actor=ME, at=NOW, kind=kind, files=[path], choices=Choices(**choices)
    )
    return summary.steps[0]


def counts(step):
    return step.created, step.updated, step.unchanged, step.rejected


def order_rows(count, customer="Acme"):
    return "".join(f"N{row};0{row % 9 + 1}-02-2025;{customer};P1;1;2,50\n" for row in range(count))


def planned(kind, path, **choices):
    chosen = Choices(source="file", **choices)
    return draft_run(actor=ME, at=NOW, kind=kind_named(kind), path=path, chosen=chosen)


def run_of(kind="orders"):
    return ImportRun.objects.filter(kind=kind).latest("pk")


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(engine, "CHUNK_ROWS", 2)


@pytest.fixture
def fails_in_third_chunk(monkeypatch, small_chunks):
    """Brings in two chunks of two lines, then meets a full disk once."""
    real, calls = OrderLineApplier.apply, []

    def apply(self, rows):
        calls.append(rows)
        if len(calls) == 3:
            message = "the disk is full"
            raise OSError(message)
        return real(self, rows)

    monkeypatch.setattr(OrderLineApplier, "apply", apply)


def test_a_name_in_other_capitals_makes_no_twin_and_changes_nothing_the_second_time(tmp_path):
    lines = [
        f"N{place};01-02-2025;{name};P{place};1;2,50\n"
        for place, name in enumerate(
            ["Café Ünlü", "CAFÉ ÜNLÜ", "café ünlü", "CafÉ ünlü", "Acme BV", "ACME bv"]
        )
    ]
    path = write(tmp_path, ORDERS + "".join(lines))
    first = bring_in("orders", path)
    assert (counts(first), first.notes["company_created_on_the_way"]) == ((6, 0, 0, 0), 2)
    assert Company.objects.count() == 2
    assert counts(bring_in("orders", path)) == (0, 0, 6, 0)
    assert (Company.objects.count(), Order.objects.count()) == (2, 6)


def test_a_name_in_other_capitals_meets_the_company_that_is_there(tmp_path):
    there = Company.objects.create(name="Van der Één")
    bring_in("orders", write(tmp_path, ORDERS + "N1;01-02-2025;VAN DER ÉÉN;P1;1;2,50\n"))
    assert Order.objects.get().company_id == there.pk
    assert Company.objects.count() == 1


def test_a_spelling_without_signs_meets_a_name_of_an_earlier_chunk(tmp_path, small_chunks):
    names = ["Anna de Wit", "Bo", "Cas", "Anna-de Wit"]
    text = "order number;order date;seller;product;quantity;price\n" + "".join(
        f"N{place};01-02-2025;{name};P1;1;2,50\n" for place, name in enumerate(names)
    )
    bring_in("orders", write(tmp_path, text))
    first, last = Order.objects.get(number="N0"), Order.objects.get(number="N3")
    assert first.seller_id == last.seller_id


def test_a_rehearsal_leaves_neither_import_nor_source_nor_file(tmp_path, settings):
    path = write(tmp_path, ORDERS + order_rows(3))
    assert counts(bring_in("orders", path, dry_run=True, source="oldsystem")) == (3, 0, 0, 0)
    assert (ImportRun.objects.count(), SourceSystem.objects.count()) == (0, 0)
    assert list((settings.MEDIA_ROOT / "imports").iterdir()) == []


def test_a_rehearsal_knows_what_an_earlier_import_brought_in(tmp_path):
    path = write(tmp_path, ORDERS + order_rows(3))
    bring_in("orders", path)
    step = bring_in("orders", path, dry_run=True)
    assert (counts(step), step.rehearsed_together) == ((0, 0, 3, 0), False)
    assert ImportRun.objects.count() == 1


def test_a_folder_of_too_many_rows_is_rehearsed_file_by_file(tmp_path, monkeypatch):
    write(tmp_path, "name\nAnn\nBen\n", "people.csv")
    write(tmp_path, "name\nAcme\nBeta\n", "companies.csv")
    steps = (
        Step("people", "people.csv", {"name": "full_name"}),
        Step("companies", "companies.csv", {"name": "name"}),
    )
    monkeypatch.setitem(importing.PROFILES, "small", Profile("small", "Small", "EUR", steps))

    def rehearse():
        return importing.run_import(actor=ME, at=NOW, profile="small", files=[tmp_path], choices=Choices(dry_run=True))  # fmt: skip

    monkeypatch.setattr(importing, "MOST_REHEARSED", 4)
    done = rehearse()
    assert (done.created, done.rehearsed_rows) == (4, 4)
    assert [step.rehearsed_together for step in done.steps] == [True, True]
    monkeypatch.setattr(importing, "MOST_REHEARSED", 3)
    with pytest.raises(ImportRefusedError, match="more than 3 rows together"):
        rehearse()
    assert (Company.objects.count(), ImportRun.objects.count()) == (0, 0)


def test_a_failure_keeps_what_is_in_and_says_why(tmp_path, fails_in_third_chunk):
    path = write(tmp_path, ORDERS + order_rows(7))
    with pytest.raises(OSError, match="full"):
        bring_in("orders", path)
    run = run_of()
    assert (run.status, run.report["error"]) == ("failed", "OSError: the disk is full")
    assert (run.cursor, run.created, OrderLine.objects.count()) == (4, 4, 4)


def test_the_file_of_a_failed_import_is_resumed_or_undone_and_not_brought_in_beside_it(
    tmp_path, fails_in_third_chunk
):
    path = write(tmp_path, ORDERS + order_rows(7))
    with pytest.raises(OSError, match="full"):
        bring_in("orders", path)
    run = run_of()
    with pytest.raises(ImportRefusedError, match=f"--resume {run.pk}.*--revert {run.pk}"):
        bring_in("orders", path)
    assert ImportRun.objects.count() == 1
    execute_run(ImportRun.objects.get(pk=run.pk), actor=ME, at=NOW)
    run.refresh_from_db()
    assert (run.status, run.cursor, run.created, "error" in run.report) == ("done", 7, 7, False)
    assert OrderLine.objects.count() == 7
    assert counts(bring_in("orders", path)) == (0, 0, 7, 0)


def test_a_failed_import_is_undone_and_then_comes_in_anew(tmp_path, fails_in_third_chunk):
    path = write(tmp_path, ORDERS + order_rows(7))
    with pytest.raises(OSError, match="full"):
        bring_in("orders", path)
    assert revert_import(actor=ME, run_id=run_of().pk, at=NOW).status == "reverted"
    assert (OrderLine.objects.count(), Company.objects.count(), Product.objects.count()) == (0, 0, 0)  # fmt: skip
    assert counts(bring_in("orders", path)) == (7, 0, 0, 0)


def test_a_file_refused_before_its_first_row_can_be_tried_again(tmp_path):
    path = write(tmp_path, "klantnaam x;stad\nAcme;Breda\n")
    with pytest.raises(ImportRefusedError, match="name"):
        bring_in("companies", path, only_mapped=True)
    assert run_of("companies").status == "failed"
    assert bring_in("companies", path, mapping={"klantnaam x": "name"}).created == 1


def test_an_import_that_runs_at_this_moment_is_neither_repeated_nor_undone(tmp_path):
    path = write(tmp_path, ORDERS + order_rows(3))
    run = planned("orders", path)
    ImportRun.objects.filter(pk=run.pk).update(status="running")
    with held(run.pk):
        with pytest.raises(ImportRefusedError, match="at this moment"):
            bring_in("orders", path)
        with pytest.raises(ImportBusyError):
            revert_import(actor=ME, run_id=run.pk, at=NOW)
        with pytest.raises(ImportBusyError):
            execute_run(run, actor=ME, at=NOW)
    with pytest.raises(ImportRefusedError, match="cut off after 0 rows"):
        bring_in("orders", path)
    assert execute_run(run, actor=ME, at=NOW).status == "done"


def test_a_parent_read_before_a_failure_is_tied_after_it_and_noted_once(
    tmp_path, monkeypatch, small_chunks
):
    text = "name;parent\nChild;Mother\nLost;Nobody\nOther;\nMother;\n"
    run = planned("companies", write(tmp_path, text))
    stops = iter([False, True])
    execute_run(run, actor=ME, at=NOW, stopped=lambda: next(stops))
    run.refresh_from_db()
    assert (run.status, run.cursor) == ("cancelled", 2)
    again = ImportRun.objects.get(pk=run.pk)
    execute_run(again, actor=ME, at=NOW)
    assert Company.objects.get(name="Child").parent.name == "Mother"
    run.refresh_from_db()
    assert (run.status, run.report["notes"]["parents_not_found"]) == ("done", 1)
    ImportRun.objects.filter(pk=run.pk).update(status="running")
    execute_run(ImportRun.objects.get(pk=run.pk), actor=ME, at=NOW)
    run.refresh_from_db()
    assert run.report["notes"]["parents_not_found"] == 1


def test_a_stopped_import_is_kept_gone_on_with_or_undone(tmp_path, small_chunks):
    run = planned("orders", write(tmp_path, ORDERS + order_rows(5)))
    stops = iter([False, True])
    execute_run(run, actor=ME, at=NOW, stopped=lambda: next(stops))
    assert (run.status, OrderLine.objects.count()) == ("cancelled", 2)
    execute_run(run, actor=ME, at=NOW)
    assert (run.status, OrderLine.objects.count()) == ("done", 5)
    revert_import(actor=ME, run_id=run.pk, at=NOW)
    assert (OrderLine.objects.count(), Order.objects.count(), Company.objects.count()) == (0, 0, 0)


def test_undoing_that_was_cut_off_is_simply_done_again(tmp_path):
    bring_in("orders", write(tmp_path, ORDERS + order_rows(5)))
    run = run_of()
    OrderLine.objects.filter(import_run=run).order_by("pk")[:1].get().delete()
    ImportRun.objects.filter(pk=run.pk).update(status="reverting")
    assert revert_import(actor=ME, run_id=run.pk, at=NOW).status == "reverted"
    assert (OrderLine.objects.count(), Order.objects.count()) == (0, 0)


def test_undoing_puts_back_what_an_import_changed_and_leaves_the_rest(tmp_path):
    there = Company.objects.create(name="Acme", city="Breda", phone="076 1")
    path = write(
        tmp_path, "name;city;street;phone\nAcme;Tilburg;Markt 1;+31 13 2\nBeta;Goes;Kade 2;\n"
    )
    assert counts(bring_in("companies", path)) == (1, 1, 0, 0)
    there.refresh_from_db()
    assert (there.city, there.phone) == ("Tilburg", "+31 13 2")
    revert_import(actor=ME, run_id=run_of("companies").pk, at=NOW)
    kept = Company.objects.get()
    assert (kept.pk, kept.city, kept.phone, kept.version) == (there.pk, "Breda", "076 1", 1)
    assert (Site.objects.count(), ImportChange.objects.count()) == (0, 0)


def test_an_address_somebody_removed_stays_removed_and_the_file_brings_a_new_one(tmp_path):
    path = write(tmp_path, "name;city;street\nAcme;Tilburg;Markt 1\n")
    bring_in("companies", path)
    removed = Site.objects.get()
    Site.objects.filter(pk=removed.pk).update(deleted_at=NOW)
    bring_in("companies", write(tmp_path, "name;city;street\nAcme;Tilburg;Markt 2\n"))
    found = [(site.pk == removed.pk, site.street, site.deleted_at is None) for site in Site.objects.order_by("pk")]  # fmt: skip
    assert found == [(True, "Markt 1", False), (False, "Markt 2", True)]


def test_records_edited_since_are_not_undone(tmp_path):
    bring_in("companies", write(tmp_path, "name;city\nAcme;Breda\n"))
    Company.objects.update(city="Goes", version=2)
    with pytest.raises(RevertRefusedError, match="Acme"):
        revert_import(actor=ME, run_id=run_of("companies").pk, at=NOW)
    assert run_of("companies").status == "done"


def test_all_or_nothing_with_a_bad_last_row_writes_nothing(tmp_path, small_chunks):
    path = write(tmp_path, ORDERS + order_rows(5) + "N9;31-02-2025;Acme;P1;1;2,50\n")
    step = bring_in("orders", path, all_or_nothing=True, date_order="dmy")
    assert (step.status, step.rejected, step.created) == ("refused", 1, 0)
    assert (OrderLine.objects.count(), Order.objects.count(), Company.objects.count(), Product.objects.count()) == (0, 0, 0, 0)  # fmt: skip


def test_a_rule_to_create_or_update_only_refuses_the_other_rows(tmp_path):
    bring_in("companies", write(tmp_path, "name;city\nAcme;Breda\n"))
    path = write(tmp_path, "name;city\nAcme;Goes\nBeta;Delft\n", "again.csv")
    only_create = bring_in("companies", path, rule=DuplicateRule.CREATE)
    assert (counts(only_create), only_create.reasons) == ((1, 0, 0, 1), {"already_exists": 1})
    assert Company.objects.get(name="Acme").city == "Breda"
    path = write(tmp_path, "name;city\nAcme;Goes\nGamma;Delft\n", "third.csv")
    only_update = bring_in("companies", path, rule=DuplicateRule.UPDATE)
    assert (counts(only_update), only_update.reasons) == ((0, 1, 0, 1), {"not_found": 1})
    assert Company.objects.get(name="Acme").city == "Goes"
    assert Company.objects.filter(name="Gamma").count() == 0


def test_order_lines_obey_the_rules_too(tmp_path):
    head = "order number;line number;order date;product;quantity;price\n"
    bring_in("orders", write(tmp_path, head + "N1;1;13-02-2025;P1;1;2,50\n"))
    path = write(tmp_path, head + "N1;1;13-02-2025;P1;2;2,50\nN2;1;13-02-2025;P1;1;2,50\n", "b.csv")
    assert counts(bring_in("orders", path, rule=DuplicateRule.UPDATE)) == (0, 1, 0, 1)
    assert OrderLine.objects.get().net == Decimal(5)
    changed = write(
        tmp_path, head + "N1;1;13-02-2025;P1;9;2,50\nN3;1;13-02-2025;P1;1;2,50\n", "c.csv"
    )
    assert counts(bring_in("orders", changed, rule=DuplicateRule.CREATE)) == (1, 0, 0, 1)
    assert OrderLine.objects.get(order__number="N1").net == Decimal(5)


def test_a_column_that_mixes_two_conventions_is_refused_by_name(tmp_path):
    text = ORDERS + "N1;13-02-2025;Acme;P1;1;2,50\nN2;02-13-2025;Acme;P1;1;2,50\n"
    path = write(tmp_path, text)
    with pytest.raises(ImportRefusedError, match="order date"):
        bring_in("orders", path)
    assert ImportRun.objects.count() == 0
    chosen = bring_in("orders", path, date_order="dmy")
    assert (counts(chosen), chosen.reasons) == ((1, 0, 0, 1), {"not_a_date": 1})


def test_lines_others_added_to_an_order_of_the_import_are_not_swept_away(tmp_path):
    head = "order number;line number;order date;product;quantity;price\n"
    bring_in("orders", write(tmp_path, head + "N1;1;13-02-2025;P1;1;2,50\n"))
    first = run_of()
    bring_in("orders", write(tmp_path, head + "N1;2;13-02-2025;P1;1;3,50\n", "more.csv"))
    with pytest.raises(RevertRefusedError):
        revert_import(actor=ME, run_id=first.pk, at=NOW)
    assert OrderLine.objects.count() == 2
    revert_import(actor=ME, run_id=run_of().pk, at=NOW)
    revert_import(actor=ME, run_id=first.pk, at=NOW)
    assert (OrderLine.objects.count(), Order.objects.count(), Product.objects.count()) == (0, 0, 0)


def test_the_screen_shows_the_unfinished_import_of_the_same_file_and_refuses_a_second(
    tmp_path, fails_in_third_chunk, cast, client
):
    path = write(tmp_path, ORDERS + order_rows(7))
    with pytest.raises(OSError, match="full"):
        bring_in("orders", path)
    half, again = run_of(), planned("orders", path)
    ImportRun.objects.filter(pk=again.pk).update(status="checked")
    client.force_login(cast.of_role["administrator"], BACKEND)
    for address in (f"/import/{again.pk}/", f"/import/{again.pk}/plan/"):
        page = client.get(address)
        assert page.context["unfinished"] == half
        assert f"/import/{half.pk}/" in page.content.decode()
    with pytest.raises(ImportRefusedError, match=f"Import {half.pk} of this very file"):
        ask_run(actor=ME, run_id=again.pk, at=NOW)
    assert client.get(f"/import/{half.pk}/").context["unfinished"] is None
    revert_import(actor=ME, run_id=half.pk, at=NOW)
    assert client.get(f"/import/{again.pk}/").context["unfinished"] is None
