"""What do the demo company's customers say of it, over the last two years?"""

import random
from datetime import date, timedelta

from django.db.models import Min

from koers.customers.models import Contact
from koers.demo.relations import Relation
from koers.serve.models import Feedback
from koers.serve.models.feedback import ITEMS, THEMES, Channel

SEED, MOST, DAYS = 1903, 420, 720
# How much better or worse than the mood of the answer a score is.
LEAN = {
    "theme_product": 0.6, "theme_delivery": -0.9, "theme_service": 0.5, "theme_advice": 0.7, "theme_price": -0.6,
    "value_economic": -0.4, "value_functional": 0.6, "value_psychological": 0.0, "brand_reliability": 0.5,
    "brand_reputation": 0.2, "brand_values": -0.3, "brand_belonging": -0.6, "relation_benefits": 0.3, "relation_reasons": 0.0,
}  # fmt: skip
GOOD = (
    "Monteur was er binnen een dag.",
    "Prettig contact, denkt goed mee.",
    "Doet wat beloofd is.",
    "",
)
BAD = (
    "Levering kwam twee keer te laat.",
    "Prijs is hoog vergeleken met anderen.",
    "Lang wachten op een offerte.",
    "",
)


def write_feedback(relations: list[Relation], today: date) -> int:
    """Answers of part of the customers; some answered twice, most of them on paper or by link.

    Has dice of its own, so that orders and targets stay what they are.
    """
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    old = [relation for relation in relations if (today - relation.first).days > 60]
    chosen = dice.sample(old, min(len(old), MOST))
    people = dict(
        Contact.objects.filter(company_id__in=[each.id for each in chosen])
        .values_list("company_id").annotate(first=Min("id")).order_by()
    )  # fmt: skip
    answers = []
    for relation in chosen:
        mood = dice.gauss(7.4, 1.5)
        for _again in range(1 + (dice.random() < 0.3)):
            day = today - timedelta(days=dice.randint(1, min(DAYS, (today - relation.first).days)))
            answers.append(_answer(dice, relation, people.get(relation.id), mood, day))
            mood += dice.gauss(0.1, 0.6)
    Feedback.objects.bulk_create(answers, batch_size=500)
    return len(answers)


def _answer(dice: random.Random, relation: Relation, contact: int | None, mood: float, day: date) -> Feedback:  # fmt: skip
    nps = _score(dice, mood + 0.4)
    asks = [*THEMES, *(ITEMS if dice.random() < 0.7 else ())]
    scores = {name: _score(dice, mood + LEAN[name]) for name in asks if dice.random() < 0.93}
    words = GOOD if nps >= 8 else BAD if nps <= 6 else ("",)
    return Feedback(
        company_id=relation.id, contact_id=contact, day=day, nps=nps, comment=dice.choice(words),
        channel=dice.choice([Channel.HAND, Channel.LINK, Channel.LINK]), **scores,
    )  # fmt: skip


def _score(dice: random.Random, middle: float) -> int:
    return max(0, min(10, round(dice.gauss(middle, 0.9))))
