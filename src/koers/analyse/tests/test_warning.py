"""Is the early warning told to those who may see it, with its reasons, and does it lead to work?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.customer_value import value_now
from koers.analyse.actions.facts import refresh_now
from koers.analyse.actions.health import ask_health_if_due, measure_health_task
from koers.analyse.actions.rule_set import RulesRefusedError, change_rules
from koers.analyse.figures.campaign import candidates
from koers.analyse.figures.health import health_is_due, make_health
from koers.analyse.models import Campaign
from koers.analyse.queries.rule_set import DEFAULTS
from koers.core.jobs import JobContext
from koers.core.models import DataVersion, Job
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.tests.cast import acting
from koers.sell.models import Activity
from koers.sell.tests.factories import sale
from koers.serve.models import Feedback

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")
pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)


def ago(days):
    return TODAY - timedelta(days=days)


def measure():
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    value_now(today=TODAY, at=timezone.now())


@pytest.fixture
def sold(cast):
    """Eight customers of Ann and Cora; the first fell silent, the second answered with a 4, the third was not called."""
    bakers = SegmentFactory(name="Bakers")
    made = []
    for number in range(8):
        owner = cast.ann if number % 2 else cast.cora
        company = CompanyFactory(name=f"Customer {number:02}", owner=owner, segment=bakers if number < 4 else None)  # fmt: skip
        made.append(company)
        for days in range(700, 290 if number == 0 else 0, -20 - 10 * number):
            sale(company, ago(days), "1000", cost="700", seller=owner)
    Feedback.objects.create(company=made[1], day=ago(300), nps=9)
    Feedback.objects.create(company=made[1], day=ago(40), nps=4)
    Feedback.objects.create(company=made[1], day=ago(30), nps=10, deleted_at=timezone.now())
    for days, more in ((200, {}), (20, {"kind": "task"}), (10, {"outcome": "not_reached"}), (5, {"status": "planned"})):  # fmt: skip
        Activity.objects.create(**{"company": made[2], "day": ago(days), "kind": "call", "subject": "Call", "status": "done"} | more)  # fmt: skip
    measure()
    return made


@pytest.fixture
def get(client, sold):
    def ask(user, name, *args, query=""):
        client.force_login(user)
        return client.get(reverse(f"analyse:{name}", args=args) + query)

    return ask


def listed(page):
    return {row.name: reasons for row, reasons in page.context["rows"]}


def test_the_list_tells_reasons_in_words_to_who_may_see_them_the_largest_loss_first(get, cast):
    found = listed(get(cast.dirk, "warning"))
    silent = found["Customer 00"]
    assert silent[0].startswith("Buys every 20 days, silent for ")
    assert any(each.startswith("Bought €0 in 6 months, 100% less") for each in silent)
    assert "Would recommend us: 4 of 10, on 15 Oct 2026." in found["Customer 01"]
    assert "Last contact 200 days ago, due every 90." in found["Customer 02"]
    everyone, own = get(cast.dirk, "warning"), get(cast.ann, "warning")
    assert {"Customer 00", "Customer 01", "Customer 02"} <= set(listed(everyone))
    assert "Customer 01" in listed(own)
    assert not {"Customer 00", "Customer 02"} & set(listed(own))
    assert (everyone.context["totals"].assessed, own.context["totals"].assessed) == (8, 4)
    assert get(cast.ann, "company_health", Company.objects.get(name="Customer 00").pk).status_code == 404  # fmt: skip
    page = get(cast.dirk, "warning").context
    losses = [row.loss for row, _reasons in page["rows"]]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 0
    assert page["totals"].loss == pytest.approx(sum(losses), abs=Decimal("0.05"))
    assert page["totals"].stake == sum(row.stake for row, _reasons in page["rows"])
    by_rule = get(cast.dirk, "warning", query="?risk=rule").context["rows"]
    assert all(abs(row.loss - row.stake * Decimal(row.risk)) < Decimal("0.01") for row, _reasons in by_rule)  # fmt: skip
    manager, marketing = get(cast.dirk, "warning").context, get(cast.mia, "warning").context
    assert (manager["by_spending"], marketing["by_spending"]) == (False, True)
    assert manager["totals"].stake < marketing["totals"].stake
    assert "Spending at stake" in get(cast.mia, "warning").content.decode()


def test_choices_narrow_the_list_and_each_headline_opens_with_the_value_of_its_tile(get, cast):
    for query, names in (("?reason=feedback", {"Customer 01"}), ("?reason=contact", {"Customer 02"}), ("?segment=Bakers&reason=contact", {"Customer 02"}),
                         ("?segment=None&reason=contact", set()), (f"?seller={cast.ann.pk}&reason=contact", set())):  # fmt: skip
        page = get(cast.dirk, "warning", query=query)
        assert set(listed(page)) == names, query
        assert page.context["totals"].listed == page.context["page"].total == len(names)
    phase = Company.objects.get(name="Customer 02").phase
    assert set(listed(get(cast.dirk, "warning", query=f"?phase={phase}&reason=contact"))) == {"Customer 02"}  # fmt: skip
    for odd in ("?reason=odd", "?phase=odd", "?risk=odd"):
        assert get(cast.dirk, "warning", query=odd).status_code == 404
        assert get(cast.dirk, "warning_figure", "stake", query=odd).status_code == 404
    totals = get(cast.dirk, "warning").context["totals"]
    for measure, value in (("listed", str(totals.listed)), ("score", f"{totals.score:.0f}"), ("stake", f"€{totals.stake:,.0f}"), ("loss", f"€{totals.loss:,.0f}")):  # fmt: skip
        panel = get(cast.dirk, "warning_figure", measure).context["panel"]
        assert panel.value == value, measure
        assert panel.rows_count == (8 if measure == "score" else totals.listed)
    assert get(cast.dirk, "warning_figure", "colour").status_code == 404


def test_the_page_of_a_customer_shows_parts_and_weights_by_the_norms_and_rules_in_force(
    get, cast, sold
):
    page = get(cast.ann, "company_health", sold[1].pk)
    parts = {word: (weight, part, told) for word, weight, part, told in page.context["parts"]}
    assert parts["Last answer"] == (0.15, pytest.approx(1 / 6), "Would recommend us: 4 of 10, on 15 Oct 2026.")  # fmt: skip
    assert parts["Last contact"] == (0.15, None, "No contact was written down.")
    row = page.context["row"]
    known = [(weight, part) for weight, part, _told in parts.values() if part is not None]
    assert row.score == pytest.approx(100 * sum(w * p for w, p in known) / sum(w for w, _p in known))  # fmt: skip
    assert row.coverage == pytest.approx(0.85)
    panel = get(cast.ann, "company_health_figure", sold[1].pk).context["panel"]
    assert panel.value == f"{row.score:.0f}"
    assert get(cast.ann, "company_health_figure", sold[0].pk).status_code == 404
    at = timezone.now()
    norm_set, norm, exception = (apps.get_model("plan", name) for name in ("VisitNormSet", "VisitNorm", "VisitException"))  # fmt: skip
    for starts, visits in ((ago(300), 4), (ago(30), 2), (TODAY + timedelta(days=1), 100)):
        norms = norm_set.objects.create(starts_on=starts, made_at=at, made_by_name="Tom")
        norm.objects.create(norm_set=norms, customer_class=Company.objects.get(pk=sold[2].pk).customer_class, visits=visits, minutes=60)  # fmt: skip
    make_health(today=TODAY, at=at)
    row = get(cast.dirk, "company_health", sold[2].pk).context["row"]
    assert (row.contact_norm, row.has_norm, row.contact) == (182.5, True, pytest.approx((3 - 200 / 182.5) / 2))  # fmt: skip
    exception.objects.create(company=sold[2], visits=10, reason="Crisis", starts_on=ago(10))
    make_health(today=TODAY, at=at)
    assert get(cast.dirk, "company_health", sold[2].pk).context["row"].contact_norm == 36.5
    assert not health_is_due()
    assert ask_health_if_due(at=timezone.now()) is None
    weights = {"recency": "0", "trend": "0", "feedback": "1", "contact": "0"}
    change_rules(actor=acting(cast.tom), kind="health", values=DEFAULTS["health"] | {"weights": weights}, at=timezone.now())  # fmt: skip
    assert health_is_due()
    job = ask_health_if_due(at=timezone.now())
    assert ask_health_if_due(at=timezone.now()) == job
    assert measure_health_task(JobContext(job.pk, {}, None)) == {"customers": 8}
    assert not health_is_due()
    context = get(cast.dirk, "company_health", sold[1].pk).context
    assert (context["run"].rule_version, context["row"].score) == (1, pytest.approx(100 / 6))
    assert get(cast.dirk, "company_health", sold[2].pk).context["row"].score is None


@pytest.mark.parametrize("wrong", [{"weights": {"recency": "0.5", "trend": "0.5", "feedback": "0.5", "contact": "0"}}, {"silence_none": "1"}, {"trend_none": "0"}])  # fmt: skip
def test_rules_that_contradict_each_other_are_refused(cast, wrong):
    with pytest.raises(RulesRefusedError):
        change_rules(actor=acting(cast.tom), kind="health", values=DEFAULTS["health"] | wrong, at=timezone.now())  # fmt: skip


def test_the_rules_are_changed_on_screen_as_they_are_shown(client, cast):
    client.force_login(cast.tom)
    url = reverse("analyse:rule_set")
    form = next(each["form"] for each in client.get(url).context["sets"] if each["kind"] == "health")  # fmt: skip
    typed = {f"health-{name}": value for name, value in form.initial.items()} | {"kind": "health"}
    assert (typed["health-recency"], typed["health-fall_none"]) == (40, 50)
    assert client.post(url, typed | {"health-recency": "45"}).status_code == 400
    answer = client.post(url, typed | {"health-recency": "45", "health-trend": "25"})
    assert answer.status_code == 302
    again = next(each["form"] for each in client.get(url).context["sets"] if each["kind"] == "health")  # fmt: skip
    assert again.initial == form.initial | {"recency": Decimal("45.0"), "trend": Decimal("25.0")}
    assert Job.objects.filter(task="measure_health").count() == 1


def test_the_list_becomes_a_file_or_a_campaign_of_the_same_customers(get, client, cast):
    assert get(cast.ina, "warning", query="?export=csv").status_code == 403
    total = get(cast.dirk, "warning").context["page"].total
    text = get(cast.dirk, "warning", query="?export=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == total + 1
    assert "Buys every 20 days, silent for" in text
    page = get(cast.ben, "warning", query="?segment=Bakers").context
    assert page["campaign_url"] == "/analyse/campaigns/new/warning:all/?segment=Bakers"
    names = [row.company_id for row, _reasons in page["rows"]]
    assert client.get(page["campaign_url"]).context["count"] == len(names)
    typed = {"name": "Care", "customers": 1, "kind": "visit", "subject": "Visit", "due_on": (timezone.localdate() + timedelta(days=3)).isoformat(), "control": 0, "measure_days": 30}  # fmt: skip
    assert client.post(page["campaign_url"], typed).status_code == 302
    made = Campaign.objects.get()
    assert (made.source, [member.company_id for member in made.members.all()]) == ("warning:all", names[:1])  # fmt: skip
    reason = candidates(actor=acting(cast.ben), source="warning:contact")
    assert reason == [row.company_id for row, _r in get(cast.ben, "warning", query="?reason=contact").context["rows"]]  # fmt: skip
    assert client.get("/analyse/campaigns/new/warning:odd/").status_code == 404


def test_before_anything_was_measured_the_page_says_so(client, cast):
    company = CompanyFactory(owner=cast.ann)
    sale(company, ago(9), "5", seller=cast.ann)
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    client.force_login(cast.ann)
    assert "Health has not been measured yet" in client.get(reverse("analyse:warning")).content.decode()  # fmt: skip
    page = client.get(reverse("analyse:company_health", args=[company.pk]))
    assert "Not measured" in page.content.decode()


def test_without_a_model_health_is_measured_all_the_same(client, cast):
    company = CompanyFactory(name="Only", owner=cast.ann)
    for days in (90, 85, 80):
        sale(company, ago(days), "5", seller=cast.ann)
    measure()
    client.force_login(cast.dirk)
    page = client.get(reverse("analyse:warning")).context
    assert [(row.name, row.model_risk, row.stake, row.loss, row.reasons) for row in page["page"].rows] == [("Only", None, None, None, ("recency",))]  # fmt: skip
    assert (page["totals"].stake, page["totals"].unknown) == (None, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(cast, client, count, django_assert_num_queries):  # fmt: skip
    for number in range(count):
        company = CompanyFactory(owner=cast.ann)
        for days in (90, 85, 80):
            sale(company, ago(days), "5", seller=cast.ann, number=f"N{number} {days}")
    measure()
    client.force_login(cast.ann)
    client.get(reverse("analyse:rfm"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("analyse:warning"))
    assert page.context["page"].total == count


LIST_QUERIES = 20
