"""What does the demo company do about its alarms and its figures?"""

from datetime import date, datetime, timedelta

from django.urls import reverse

from koers.control.actions.action_item import add_item, decide_item
from koers.control.figures.alarms import alarms
from koers.control.models import ActionItem
from koers.core.actor import Actor, Channel
from koers.customers.models import Company
from koers.demo.world import DOMAIN
from koers.organisation.models import Role, User
from koers.organisation.queries.actor import actor_for

DAYS_AGO = 16
# What, about whose work, days from today until it must be ready and until its follow-up, and how it ended.
OWN = (
    ("Bespreken: prijsverhoging onderhoudscontracten", "", 12, 5, ""),
    ("Openstaande offertes ouder dan 60 dagen nalopen", "Zes offertes; eerst de drie grootste.", -3, None, ""),
    ("Afspraken over levertijd met het magazijn", "", -9, None, "Vaste levertijd van vijf werkdagen afgesproken."),
    ("Korting boven de grens uitleggen in het salesoverleg", "", 6, -1, ""),
)  # fmt: skip


def write_action_items(*, today: date, at: datetime) -> int:
    """One per rule that sounds an alarm, and a few the manager made himself."""
    user = User.objects.filter(role=Role.SALES_MANAGER, email__endswith=f"@{DOMAIN}").order_by("pk").first()  # fmt: skip
    if user is None or ActionItem.objects.exists():
        return 0
    maker, then = actor_for(user, Channel.DEMO), at - timedelta(days=DAYS_AGO)
    sellers = list(User.objects.filter(role=Role.ACCOUNT_MANAGER, is_active=True, email__endswith=f"@{DOMAIN}").order_by("pk"))  # fmt: skip
    made = _about_alarms(maker, user, today, then)
    for place, (title, detail, due, follow, result) in enumerate(OWN):
        owner = user if place % 2 == 0 or not sellers else sellers[place % len(sellers)]
        item = add_item(
            actor=maker, at=then,
            values={"title": title, "detail": detail, "owner": owner, "due_on": today + timedelta(days=due),
                    "follow_up_on": None if follow is None else today + timedelta(days=follow)},
        )  # fmt: skip
        if result:
            decide_item(actor=maker, item_id=item.pk, status="done", result=result, at=at)
    return made + len(OWN)


def _about_alarms(maker: Actor, user: User, today: date, then: datetime) -> int:
    """The first alarm of each rule; a customer's goes to who looks after it."""
    first = {alarm.rule: alarm for alarm in reversed(alarms(actor=maker, today=today))}
    titles = {
        "customer": "Bellen: waarom is de afname teruggelopen?", "margin": "Inkoopprijs en korting van deze groep nakijken",
        "hygiene": "Met het magazijn: waarom leveren we te laat?",
        "attainment": "Doornemen wat er in de pijplijn staat", "discount": "Kortingen van dit kwartaal doornemen",
    }  # fmt: skip
    for alarm in first.values():
        company = Company.objects.filter(pk=int(alarm.about)).first() if alarm.rule == "customer" else None  # fmt: skip
        owner = company.owner if company is not None and company.owner is not None else user
        add_item(
            actor=maker, at=then,
            values={"title": titles[alarm.rule], "owner": owner, "company": company, "due_on": today + timedelta(days=4), "source": "alarm",
                    "source_label": f"{alarm.subject}: {alarm.text}"[:200], "source_url": reverse("control:overview"), "source_key": alarm.key},
        )  # fmt: skip
    return len(first)
