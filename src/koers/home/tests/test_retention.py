"""Goes exactly what the screen names, and nothing that has to stay?"""

from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from koers.core import audit
from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry, Job, RecordRead
from koers.core.periods import add_months
from koers.core.privacy.retention import (
    DEFAULT_MONTHS,
    Subject,
    fiscal_from,
    fiscal_until,
    goes_on,
    term_ended_before,
)
from koers.customers.actions.company import restore_contact
from koers.customers.actions.merge import merge_records
from koers.customers.models import Company, Consent, Contact
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.home.actions.retention import (
    RetentionRefusedError,
    ask_retention,
    ask_retention_if_due,
    let_go,
)
from koers.home.queries.retention import EMPTIED, due, retention_today
from koers.organisation.actions.retention import TermsRefusedError, change_terms
from koers.organisation.queries.retention import terms_in_force
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.sell.models import Activity, CallQuestion, Lead
from koers.sell.tests.factories import LeadFactory, OpportunityFactory, StageFactory, sale
from koers.serve.models import Feedback, FeedbackRequest

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LONG_AGO = add_months(TODAY, -61)
MOMENT_LONG_AGO = NOW - timedelta(days=1860)


def named(subject):
    """The rows the screen names for a subject."""
    return set(due(subject, months=terms_in_force().months[subject], today=TODAY).values_list("pk", flat=True))  # fmt: skip


def activity(on=LONG_AGO, *, contact=None, **more):
    made = Activity.objects.create(**{"kind": "call", "subject": "Call with Kim", "report": "She is ill", "day": on} | more)  # fmt: skip
    if contact:
        made.contacts.add(contact)
    return made


def said(contact, word, on, channel="all"):
    return Consent.objects.create(contact=contact, said=word, channel=channel, said_on=on, proof="Letter", made_at=NOW)  # fmt: skip


def old_house(cast):
    """At least one record of every subject that goes, and its young twin that stays."""
    quiet = ContactFactory(last_name="Quiet")
    activity(contact=quiet, company=quiet.company, commitment="Sends the plan", commitment_by="Kim", commitment_on=LONG_AGO)  # fmt: skip
    CallQuestion.objects.create(activity=Activity.objects.get(), kind="P", text="How is Kim?", was_asked=True, answer="Ill")  # fmt: skip
    young = ContactFactory(last_name="Young")
    activity(TODAY - timedelta(days=30), contact=young, company=young.company)
    binned = ContactFactory(last_name="Binned", notes="Divorced", deleted_at=MOMENT_LONG_AGO)
    ContactFactory(last_name="Just binned", deleted_at=NOW)
    company = CompanyFactory(name="Old Bakery", email="bakery@example.org", deleted_at=MOMENT_LONG_AGO)  # fmt: skip
    ContactFactory(last_name="Of bakery", company=company)
    LeadFactory(received_on=LONG_AGO)
    LeadFactory(received_on=TODAY)
    LeadFactory(status="disqualified", decided_on=LONG_AGO, need="Pans", last_name="Lost")
    LeadFactory(status="disqualified", decided_on=TODAY)
    answer = Feedback.objects.create(company=young.company, contact=young, day=LONG_AGO, nps=4, comment="Rude")  # fmt: skip
    FeedbackRequest.objects.create(company=young.company, contact=young, valid_until=LONG_AGO, made_at=NOW, answer=answer)  # fmt: skip
    Feedback.objects.create(company=young.company, day=LONG_AGO, nps=9)
    UserSession.objects.create(user=cast.ann, ip="192.0.2.1", session_key="old", user_agent="x", created_at=MOMENT_LONG_AGO)  # fmt: skip
    UserSession.objects.update(last_seen_at=MOMENT_LONG_AGO)
    Job.objects.create(task="backup", status="done", asked_at=MOMENT_LONG_AGO, finished_at=MOMENT_LONG_AGO)  # fmt: skip
    RecordRead.objects.create(user=cast.ann, noun="company", object_id=company.pk, channel="screen", hour=MOMENT_LONG_AGO)  # fmt: skip
    Job.objects.create(task="backup", status="waiting", asked_at=MOMENT_LONG_AGO)
    return quiet, binned, company


DAYS = [date(2023, 1, 1) + timedelta(days=number) for number in range(3 * 366)]
"""Three years with a leap day."""


def test_a_record_goes_on_the_first_day_it_is_past_its_term():
    for moment in DAYS:
        for months in (1, 2, 6, 12, 36):
            day = goes_on(moment, months)
            assert term_ended_before(day - timedelta(days=1), months) <= moment < term_ended_before(day, months)  # fmt: skip


def test_the_law_keeps_a_record_until_seven_whole_book_years_have_passed():
    for day in DAYS[::13]:
        for today in (date(2026, 1, 1), date(2030, 12, 31), date(2031, 1, 1), date(2033, 6, 1)):
            assert (day >= fiscal_from(today)) == (today < fiscal_until(day))


def test_seven_book_years_by_example():
    assert fiscal_until(date(2019, 3, 1)) == date(2027, 1, 1)
    assert fiscal_from(date(2026, 11, 28)) == date(2019, 1, 1)


@pytest.mark.django_db
def test_exactly_the_rows_the_screen_names_go_and_a_second_run_changes_nothing(cast):
    quiet, binned, company = old_house(cast)
    before = {subject: named(subject) for subject in Subject}
    lines = {line.subject: line for line in retention_today(actor=acting(cast.adam), terms=terms_in_force(), today=TODAY)}  # fmt: skip
    assert {subject: len(keys) for subject, keys in before.items()} == {subject: lines[subject].due for subject in Subject}  # fmt: skip
    assert all(before.values())
    live = set(Contact.objects.filter(deleted_at=None).values_list("pk", flat=True))
    texts = set(Activity.objects.exclude(subject=EMPTIED).values_list("pk", flat=True))
    gone = let_go(actor=acting(cast.adam), at=NOW)
    assert gone == {subject: len(keys) for subject, keys in before.items()}
    assert [subject for subject in Subject if named(subject)] == []
    inside = set(Contact.objects.filter(company=company).values_list("pk", flat=True))
    assert live - set(Contact.objects.filter(deleted_at=None).values_list("pk", flat=True)) == before[Subject.QUIET_CONTACT] | inside  # fmt: skip
    assert texts - set(Activity.objects.exclude(subject=EMPTIED).values_list("pk", flat=True)) == before[Subject.ACTIVITY]  # fmt: skip
    erased = AuditEntry.objects.filter(verb="erase")
    assert set(erased.filter(noun="contact").values_list("object_id", flat=True)) == before[Subject.BINNED_CONTACT] | inside  # fmt: skip
    assert set(erased.filter(noun="lead").values_list("object_id", flat=True)) == before[Subject.LOST_LEAD]  # fmt: skip
    assert set(erased.filter(noun="company").values_list("object_id", flat=True)) == {company.pk}
    in_bulk = {entry.changes["kind"][1]: set(entry.changes["records"][1]) for entry in AuditEntry.objects.filter(verb="let_go")}  # fmt: skip
    assert in_bulk == {each.value: before[each] for each in (Subject.ACTIVITY, Subject.FEEDBACK, Subject.LOG_IN, Subject.JOB, Subject.READ)}  # fmt: skip
    assert (str(Contact.objects.get(pk=binned.pk)), Company.objects.get(pk=company.pk).email) == ("[erased]", "")  # fmt: skip
    assert Feedback.objects.filter(day=LONG_AGO, nps=4, comment="", contact=None).count() == 1
    assert FeedbackRequest.objects.get().contact is None
    assert list(Activity.objects.filter(pk__in=before[Subject.ACTIVITY]).values_list("report", "contacts", "kind", "commitment_by", "commitment_on")) == [(EMPTIED, None, "call", EMPTIED, LONG_AGO)]  # fmt: skip
    assert CallQuestion.objects.values_list("text", "answer").get() == (EMPTIED, EMPTIED)
    entries = AuditEntry.objects.count()
    assert let_go(actor=acting(cast.adam), at=NOW) == dict.fromkeys(Subject, 0)
    assert AuditEntry.objects.count() == entries
    restore_contact(actor=acting(cast.adam), contact_id=quiet.pk, at=NOW)
    assert Contact.objects.get(pk=quiet.pk).deleted_at is None
    assert named(Subject.QUIET_CONTACT) == set()
    assert Lead.objects.filter(status="disqualified", decided_on=TODAY).count() == 2


@pytest.mark.django_db
def test_what_keeps_a_company_in_the_bin_wins_from_its_term(cast):
    fiscal, over, merged, deal, lead, asked = (CompanyFactory(name=name, deleted_at=MOMENT_LONG_AGO) for name in "abcdef")  # fmt: skip
    sale(fiscal, fiscal_from(TODAY), "100")
    sale(over, fiscal_from(TODAY) - timedelta(days=1), "100")
    Company.objects.filter(pk=merged.pk).update(deleted_at=None)
    merge_records(actor=acting(cast.adam), noun="company", kept_id=CompanyFactory().pk, gone_id=merged.pk, take=(), at=NOW)  # fmt: skip
    Company.objects.filter(pk=merged.pk).update(deleted_at=MOMENT_LONG_AGO)
    OpportunityFactory(company=deal, stage=StageFactory())
    LeadFactory(company=lead, received_on=TODAY)
    said(ContactFactory(company=asked), "restricted", LONG_AGO)
    line = next(line for line in retention_today(actor=acting(cast.adam), terms=terms_in_force(), today=TODAY) if line.subject is Subject.BINNED_COMPANY)  # fmt: skip
    assert {reason.key: count for reason, count in line.kept} == {"fiscal": 1, "restricted": 1, "open_deal": 1, "open_lead": 1, "merged": 1}  # fmt: skip
    assert named(Subject.BINNED_COMPANY) == {over.pk}
    let_go(actor=acting(cast.adam), at=NOW)
    assert set(Company.objects.filter(name__in="abcdef").values_list("name", flat=True)) == set("acdef")  # fmt: skip
    assert Company.objects.get(pk=over.pk).orders.count() == 1


@pytest.mark.django_db
def test_a_restriction_keeps_a_person_until_it_is_lifted_on_its_channel(cast):
    people = [ContactFactory(last_name=f"P{number}", deleted_at=MOMENT_LONG_AGO) for number in range(5)]  # fmt: skip
    said(people[0], "restricted", LONG_AGO)
    said(people[1], "restricted", LONG_AGO), said(people[1], "lifted", LONG_AGO)
    said(people[2], "restricted", LONG_AGO, "phone"), said(people[2], "lifted", LONG_AGO, "mail")
    said(people[3], "lifted", LONG_AGO), said(people[3], "restricted", LONG_AGO)
    Consent.objects.filter(pk=said(people[4], "restricted", LONG_AGO).pk).update(deleted_at=NOW)
    assert named(Subject.BINNED_CONTACT) == {people[1].pk, people[4].pk}
    kept, free = activity(contact=people[0]), activity()
    assert named(Subject.ACTIVITY) == {free.pk}
    answers = [Feedback.objects.create(company=people[0].company, contact=each, day=LONG_AGO, comment="x") for each in (people[0], people[1], None)]  # fmt: skip
    assert named(Subject.FEEDBACK) == {answers[1].pk, answers[2].pk}
    let_go(actor=acting(cast.adam), at=NOW)
    assert str(Contact.objects.get(pk=people[0].pk)) == "Kim P0"
    assert Activity.objects.get(pk=kept.pk).report == "She is ill"


@pytest.mark.django_db
def test_a_merged_away_contact_goes_with_the_one_it_became_part_of(cast):
    kept, gone = ContactFactory(last_name="Kept"), ContactFactory(last_name="Gone")
    merge_records(actor=acting(cast.adam), noun="contact", kept_id=kept.pk, gone_id=gone.pk, take=(), at=NOW)  # fmt: skip
    Contact.objects.filter(pk=gone.pk).update(deleted_at=MOMENT_LONG_AGO)
    assert named(Subject.BINNED_CONTACT) == set()
    let_go(actor=acting(cast.adam), at=NOW)
    assert str(Contact.objects.get(pk=kept.pk)) == "Kim Kept"
    Contact.objects.filter(pk=kept.pk).update(deleted_at=MOMENT_LONG_AGO)
    assert let_go(actor=acting(cast.adam), at=NOW)[Subject.BINNED_CONTACT] == 1
    assert {str(each) for each in Contact.objects.filter(pk__in=[kept.pk, gone.pk])} == {"[erased]"}


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["order", "call", "deal", "change", "nothing", "answer"])
def test_any_sign_of_life_and_no_known_day_keep_a_quiet_contact(cast, sign):
    contact = ContactFactory()
    if sign != "nothing":
        activity(contact=contact)
        assert named(Subject.QUIET_CONTACT) == {contact.pk}
    if sign == "order":
        sale(contact.company, TODAY, "5")
    elif sign == "call":
        activity(TODAY, company=contact.company)
    elif sign == "deal":
        OpportunityFactory(company=contact.company, opened_on=LONG_AGO)
    elif sign == "change":
        audit.record(actor=acting(cast.ann), at=NOW, verb="change", obj=contact)
    elif sign == "answer":
        Feedback.objects.create(company=contact.company, contact=contact, day=TODAY, nps=7)
    assert named(Subject.QUIET_CONTACT) == set()


@pytest.mark.django_db
def test_only_who_handles_privacy_sees_changes_and_runs_it(cast, client):
    for person in (cast.ann, cast.tom, cast.dirk):
        with pytest.raises(NotAllowedError):
            let_go(actor=acting(person), at=NOW)
        with pytest.raises(NotAllowedError):
            ask_retention(actor=acting(person), number=0, looked=True, at=NOW)
        with pytest.raises(NotAllowedError):
            change_terms(actor=acting(person), number=0, months=DEFAULT_MONTHS, is_nightly=True, at=NOW)  # fmt: skip
    client.force_login(cast.tom, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("home:retention")).status_code == 403


@pytest.mark.django_db
def test_terms_are_versions_within_bounds_and_a_clash_is_refused(cast):
    adam = acting(cast.adam)
    shorter = {**DEFAULT_MONTHS, Subject.LOST_LEAD: 6}
    change_terms(actor=adam, number=0, months=shorter, is_nightly=True, at=NOW)
    assert (terms_in_force().months, terms_in_force().number, terms_in_force().is_nightly) == (shorter, 1, True)  # fmt: skip
    assert AuditEntry.objects.get(noun="retentionterms").changes == {"lost_lead": [12, 6], "is_nightly": [False, True]}  # fmt: skip
    with pytest.raises(TermsRefusedError):
        change_terms(actor=adam, number=0, months=DEFAULT_MONTHS, is_nightly=False, at=NOW)
    for wrong in (0, 241):
        with pytest.raises(TermsRefusedError):
            change_terms(actor=adam, number=1, months={**shorter, Subject.JOB: wrong}, is_nightly=False, at=NOW)  # fmt: skip
    with pytest.raises(RetentionRefusedError):
        ask_retention(actor=adam, number=0, looked=True, at=NOW)
    with pytest.raises(RetentionRefusedError):
        ask_retention(actor=adam, number=1, looked=False, at=NOW)
    assert ask_retention(actor=adam, number=1, looked=True, at=NOW).task == "retention"


@pytest.mark.django_db
def test_it_runs_once_a_night_only_when_switched_on_before_that_night(cast):
    night = timezone.make_aware(timezone.datetime(2026, 11, 20, 3))
    assert ask_retention_if_due(at=night) is None
    on = night - timedelta(hours=6)
    change_terms(actor=acting(cast.adam), number=0, months=DEFAULT_MONTHS, is_nightly=True, at=on)
    assert ask_retention_if_due(at=night - timedelta(minutes=1)) is None
    job = ask_retention_if_due(at=night + timedelta(minutes=1))
    assert (job.task, job.asked_by) == ("retention", None)
    Job.objects.filter(pk=job.pk).update(status="done")
    assert ask_retention_if_due(at=night + timedelta(hours=20)) is None
    assert ask_retention_if_due(at=night + timedelta(days=1)) is not None


@pytest.mark.django_db
def test_the_screen_shows_terms_counts_and_rows_and_asks_for_the_run(cast, client):
    old_house(cast)
    client.force_login(cast.adam, "allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("home:retention")
    page = client.get(url)
    assert page.context["total"] == sum(len(named(subject)) for subject in Subject)
    rows = client.get(url + "?of=binned_contact")
    assert [row["label"] for row in rows.context["found"]] == [str(each) + f" · {each.company}" for each in Contact.objects.filter(last_name="Binned")]  # fmt: skip
    once = queries_of(client, url + "?of=activity")
    for _number in range(2):
        activity(company=CompanyFactory())
    assert queries_of(client, url + "?of=activity") == once
    assert client.get(url + "?of=company").status_code == 404
    assert client.get(url + "?of=job&why=x").status_code == 404
    refused = client.post(url, {"run": "1", "number": "0"})
    assert (refused.status_code, Job.objects.filter(task="retention").count()) == (400, 0)
    entered = {"number": "0", **{each.value: "24" for each in Subject}}
    wrong = client.post(url, entered | {"job": "0"})
    assert (wrong.status_code, terms_in_force().number) == (400, 0)
    assert client.post(url, entered).status_code == 302
    assert set(terms_in_force().months.values()) == {24}
    clash = client.post(url, entered | {"job": "7"})
    assert clash.status_code == 400
    assert clash.context["form"]["job"].value() == "7"
    assert client.post(url, {"run": "1", "number": "1", "looked": "on"}).status_code == 302
    assert Job.objects.get(task="retention").asked_by == cast.adam
