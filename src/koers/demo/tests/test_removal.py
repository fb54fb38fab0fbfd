"""Does the demo company go without a trace, and never with work of one's own?"""

from datetime import date

import pytest
from django.utils import timezone

from koers.catalogue.models import ProductGroup
from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.jobs import enqueue
from koers.core.models import AuditEntry, ImportRun, Job, SavedView
from koers.customers.actions.company import change_company
from koers.customers.models import Company, Segment, Site
from koers.demo import orders
from koers.demo.company import load_demo
from koers.demo.removal import remove_demo
from koers.demo.state import DemoState, NotADemoError, OwnWorkError, alone, demo_state
from koers.demo.tables import links_to_clear, tables_to_empty
from koers.demo.tasks import remove_demo_task
from koers.demo.tests.natural import checksums
from koers.demo.world import PASSWORD
from koers.organisation.models import BusinessUnit, Organisation, Role, Team, Territory, User
from koers.organisation.queries.actor import actor_for
from koers.sell.models import Order, OrderLine

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def demo():
    return load_demo(today=TODAY, at=timezone.now(), customers=30)


def seller() -> User:
    return User.objects.filter(role=Role.SALES_MANAGER).first()


def remove(**options):
    remove_demo(at=timezone.now(), **options)


def own_import(status="done", created=2):
    return ImportRun.objects.create(
        kind="companies", file_name="own.csv", status=status, created=created, created_at=timezone.now()
    )  # fmt: skip


def test_removal_leaves_the_tables_as_they_were():
    before = checksums()
    load_demo(today=TODAY, at=timezone.now(), customers=60)
    assert checksums() != before
    remove()
    assert checksums() == before


def test_a_real_organisation_is_never_touched():
    Organisation.objects.create(name="Echt B.V.")
    with pytest.raises(NotADemoError):
        remove()
    Company.objects.create(name="Echte klant")
    with pytest.raises(NotADemoError):
        load_demo(today=TODAY, at=timezone.now(), customers=30)
    assert Company.objects.count() == 1


def test_records_of_ones_own_keep_the_demo_from_being_removed(demo):
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    with pytest.raises(OwnWorkError, match=r"\(company: 1\)") as refusal:
        remove()
    assert refusal.value.counts == {"company": 1}
    assert Company.objects.filter(pk=company.pk).exists()
    assert AuditEntry.objects.filter(verb="remove_demo").count() == 0


def test_a_change_of_a_demo_record_keeps_it_from_being_removed(demo):
    company = Company.objects.first()
    change_company(
        actor=system_actor(Channel.SCREEN), company_id=company.pk, version=1,
        values={"city": "Urk"}, at=timezone.now(),
    )  # fmt: skip
    change_company(
        actor=system_actor(Channel.SCREEN), company_id=company.pk, version=2,
        values={"city": "Edam"}, at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(OwnWorkError) as refusal:
        remove()
    assert refusal.value.counts == {"company": 1}
    assert Company.objects.get(pk=company.pk).city == "Edam"


@pytest.mark.parametrize(
    ("noun", "make"),
    [
        ("team", lambda: Team.objects.create(name="Eigen team")),
        ("territory", lambda: Territory.objects.create(name="Eigen gebied")),
        ("businessunit", lambda: BusinessUnit.objects.create(name="Eigen afdeling")),
        ("productgroup", lambda: ProductGroup.objects.create(name="Eigen groep")),
        ("segment", lambda: Segment.objects.create(name="Eigen segment")),
        ("site", lambda: Site.objects.create(company=Company.objects.first(), kind="visit", city="Urk")),
        ("savedview", lambda: SavedView.objects.create(page="x", name="x", query="", owner=seller())),
    ],
)  # fmt: skip
def test_what_was_made_in_it_is_told_by_noun_and_protected(demo, noun, make):
    made = make()
    with pytest.raises(OwnWorkError) as refusal:
        remove()
    assert refusal.value.counts == {noun: 1}
    assert type(made).objects.filter(pk=made.pk).exists()


def test_an_import_counts_once_whatever_it_brought_in(demo):
    run = own_import()
    for name in ("Eén", "Twee"):
        made = Company.objects.create(name=name, import_run=run)
        audit.record(
            actor=system_actor(Channel.IMPORT), at=timezone.now(), verb="create", obj=made, import_run_id=run.pk
        )  # fmt: skip
    with pytest.raises(OwnWorkError) as refusal:
        remove()
    assert refusal.value.counts == {"importrun": 1}


@pytest.mark.parametrize(("status", "created"), [("reverted", 2), ("checked", 0), ("failed", 0)])
def test_an_import_that_brought_nothing_in_or_was_undone_does_not_count(demo, status, created):
    own_import(status, created)
    remove()
    assert ImportRun.objects.count() == 0


def test_people_of_ones_own_keep_their_log_in_and_their_views(demo):
    mine = User.objects.create(full_name="Ik Zelf", email="ik@zelf.example", team=Team.objects.first())  # fmt: skip
    view = SavedView.objects.create(page="x", name="x", query="", owner=mine)
    remove()
    assert list(User.objects.values_list("email", "team")) == [("ik@zelf.example", None)]
    assert SavedView.objects.get() == view
    assert not Organisation.objects.get().is_demo


def test_who_wants_it_so_loses_the_own_work_too_and_the_trail_says_how_much(demo):
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    remove(with_own_work=True)
    assert (Company.objects.count(), Team.objects.count()) == (0, 0)
    entry = AuditEntry.objects.get(verb="remove_demo")
    assert entry.changes == {"company": [1, 0]}


def test_a_running_job_survives_the_removal_and_others_go(demo, django_user_model):
    mine = django_user_model.objects.create(full_name="Ik", email="ik@zelf.example")
    actor = actor_for(mine, Channel.SCREEN)
    waiting = enqueue(actor=actor, task="refresh_facts", arguments={}, at=timezone.now())
    running = enqueue(actor=actor, task="remove_demo", arguments={}, at=timezone.now())
    Job.objects.filter(pk=running.pk).update(status=Job.Status.RUNNING)
    remove()
    assert list(Job.objects.values_list("pk", flat=True)) == [running.pk]
    assert not Job.objects.filter(pk=waiting.pk).exists()


@pytest.mark.parametrize("role", list(Role.values))
def test_everyone_of_the_demo_company_can_log_in(demo, client, role):
    email = next(login[2] for login in demo.logins if login[1] == role)
    answer = client.post("/account/login/", {"login": email, "password": PASSWORD})
    assert (answer.status_code, client.get("/").status_code) == (302, 200)


def test_two_do_not_load_and_remove_at_once(demo):
    with alone(), pytest.raises(NotADemoError, match="at this moment"):
        remove()


class Killed(BaseException):
    """Ends a load as a kill does: nothing after it runs."""


@pytest.fixture
def cut_off(monkeypatch):
    """A load killed after its tenth month."""
    real, months = orders._write_month, []  # noqa: SLF001 -- where a kill meets it

    def write_month(*args):
        months.append(args)
        if len(months) == 10:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(orders, "_write_month", write_month)
        with pytest.raises(Killed):
            load_demo(today=TODAY, at=timezone.now(), customers=30)


def test_a_load_that_was_cut_off_is_half_and_the_next_one_makes_it_whole(cut_off):
    assert (demo_state(), Order.objects.exists()) == (DemoState.HALF, True)
    done = load_demo(today=TODAY, at=timezone.now(), customers=30)
    assert demo_state() is DemoState.WHOLE
    assert (Company.objects.count(), OrderLine.objects.count()) == (30, done.order_lines)
    half_then_whole = checksums()
    remove()
    assert demo_state() is DemoState.ABSENT
    load_demo(today=TODAY, at=timezone.now(), customers=30)
    assert checksums() == half_then_whole


def test_half_a_demo_is_removed_like_a_whole_one(cut_off):
    remove()
    assert (demo_state(), Company.objects.count(), User.objects.count()) == (DemoState.ABSENT, 0, 0)


def test_work_of_ones_own_in_half_a_demo_is_not_swept_away_by_the_next_load(cut_off):
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    with pytest.raises(OwnWorkError):
        load_demo(today=TODAY, at=timezone.now(), customers=30)
    assert Company.objects.filter(pk=company.pk).exists()


def test_a_demo_that_was_removed_and_cut_off_when_loaded_again_is_half(demo, monkeypatch):
    remove()
    monkeypatch.setattr("koers.demo.company.write_opportunities", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load_demo(today=TODAY, at=timezone.now(), customers=30)
    assert demo_state() is DemoState.HALF


def test_whatever_leans_on_the_demo_company_goes_and_links_to_it_are_cleared():
    names = {model._meta.model_name for model in tables_to_empty()}
    assert {"order", "orderline", "opportunity", "contact", "site", "phaseinterval", "classchange", "productcost"} <= names  # fmt: skip
    assert names.isdisjoint({"user", "organisation", "auditentry", "job", "ruleset", "exchangerate"})  # fmt: skip
    assert (User, "team") in links_to_clear()


def test_the_task_removes_own_work_only_when_it_was_asked_to(demo, monkeypatch):
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    monkeypatch.setattr("koers.demo.tasks.refresh_now", lambda **_options: None)

    class Context:
        def __init__(self, **arguments):
            self.arguments = arguments

        def progress(self, *_args):
            """Nobody looks."""

    with pytest.raises(OwnWorkError):
        remove_demo_task(Context())
    remove_demo_task(Context(with_own_work=True))
    assert Company.objects.count() == 0


def test_the_screen_asks_before_own_work_goes(demo, client):
    client.force_login(User.objects.get(role=Role.ADMINISTRATOR), BACKEND)
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    asked = client.post("/demo/remove/")
    assert asked.status_code == 409
    assert asked.context["counts"] == [("company", 1)]
    assert Job.objects.count() == 0
    assert client.post("/demo/remove/", {"with_own_work": "1"}).status_code == 302
    assert Job.objects.get().arguments == {"with_own_work": True}
