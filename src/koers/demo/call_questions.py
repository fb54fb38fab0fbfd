"""Which questions do the demo company's sellers plan for their talks, and which did they ask?"""

import random
from datetime import date, timedelta

from koers.sell.models import Activity, ActivityStatus, CallQuestion, QuestionKind
from koers.sell.models.activity import TALKS

SEED = 1119
DAYS_BACK = 60
SHARE = 0.5
# kind, question, answer
QUESTIONS = (
    (QuestionKind.SITUATION, "Hoeveel gasten komen er op een drukke avond?", "Rond de driehonderd"),
    (QuestionKind.SITUATION, "Welke apparaten zijn ouder dan acht jaar?", "Beide ovens"),
    (QuestionKind.PROBLEM, "Waar loopt de keuken vast tussen zes en acht?", "Bij de vaat"),
    (QuestionKind.PROBLEM, "Hoe vaak viel er dit jaar een apparaat uit?", "Vier keer"),
    (QuestionKind.IMPLICATION, "Wat kost zo'n avond aan omzet en personeel?", "Een paar duizend euro"),
    (QuestionKind.IMPLICATION, "Wat betekent dat voor de opening van de tweede locatie?", "Dan kan de kaart niet hetzelfde zijn"),
    (QuestionKind.NEED_PAYOFF, "Wat zou het schelen als de vaat in een uur klaar is?", "Twee mensen minder per avond"),
    (QuestionKind.NEED_PAYOFF, "Hoe helpt een vaste onderhoudsprijs bij uw begroting?", ""),
)  # fmt: skip


def write_call_questions(today: date) -> int:
    """Questions of planned talks and of those of the last months; dice of its own, so that the rest stays."""
    dice = random.Random(SEED)  # noqa: S311 -- a made-up company
    talks = Activity.objects.filter(kind__in=TALKS, day__gte=today - timedelta(days=DAYS_BACK)).exclude(status=ActivityStatus.CANCELLED)  # fmt: skip
    made = []
    for key, status in talks.order_by("pk").values_list("pk", "status"):
        if dice.random() > SHARE:
            continue
        for kind, text, answer in sorted(dice.sample(QUESTIONS, dice.randint(2, 6)), key=QUESTIONS.index):  # fmt: skip
            was_asked = status == ActivityStatus.DONE and dice.random() < 0.75
            made.append(CallQuestion(activity_id=key, kind=kind, text=text, was_asked=was_asked, answer=answer if was_asked else ""))  # fmt: skip
    CallQuestion.objects.bulk_create(made)
    return len(made)
