"""Which planning session did the demo company hold, and what was decided in it?"""

from datetime import date, datetime, timedelta

from koers.core.actor import Channel
from koers.demo.world import DOMAIN
from koers.organisation.models import Role, User
from koers.organisation.queries.actor import actor_for
from koers.plan.actions.planning_session import add_decision, add_session, sign_session
from koers.plan.models import Goal, PlanningSession

DAYS_AGO, SIGNED_AFTER = 75, timedelta(days=4)
NOTES = {
    "analysed": "Keukentechniek groeit, Service blijft achter. De bekendheid bij grootkeukens is laag.",
    "planned": "Zes procent meer omzet; nieuwe klanten vooral via Keukentechniek.",
    "elaborated": "Per klantklasse een bezoeknorm. Marketing voert een campagne onder keukenchefs.",
    "controlled": "Elk doel heeft een eigenaar en een controledatum; elk kwartaal samen doornemen.",
}
# In which step, what was decided, and of which goal the title begins so.
DECISIONS = (
    ("analyse", "Halfjaarlijks onderzoek naar naamsbekendheid", "Bekendheid"), ("plan", "Zes procent groei voor het hele bedrijf", "Groeien"),
    ("plan", "120 nieuwe klanten dit jaar", "Nieuwe klanten"), ("elaborate", "Bezoeknormen per klasse sturen de weekplanning", "Werken naar"),
    ("control", "Leverbetrouwbaarheid elke maand meten", ""),
)  # fmt: skip


def write_session(*, today: date, at: datetime) -> PlanningSession | None:
    """A week away with sales, marketing and the management team, signed some days later."""
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True).order_by("pk")
    maker = people.filter(role=Role.SALES_MANAGER).first()
    board = people.filter(role=Role.MANAGEMENT_TEAM).first()
    if maker is None or PlanningSession.objects.exists():
        return None
    roles = (Role.SALES_MANAGER, Role.MANAGEMENT_TEAM, Role.MARKETING)
    held = today - timedelta(days=DAYS_AGO)
    then = at - timedelta(days=DAYS_AGO)
    actor = actor_for(maker, Channel.DEMO)
    made = add_session(
        actor=actor, participants=list(people.filter(role__in=roles)), at=then,
        values={"title": "Weekje op de hei", "held_on": held, "place": "Ede", "next_control_on": today + timedelta(days=16), **NOTES},
    )  # fmt: skip
    for step, text, begins in DECISIONS:
        goal = Goal.objects.filter(title__startswith=begins, deleted_at=None).order_by("path").first() if begins else None  # fmt: skip
        add_decision(actor=actor, session_id=made.pk, step=step, text=text, goal=goal, at=then)
    signer = actor_for(board or maker, Channel.DEMO)
    return sign_session(actor=signer, session_id=made.pk, version=made.version, at=then + SIGNED_AFTER)  # fmt: skip
