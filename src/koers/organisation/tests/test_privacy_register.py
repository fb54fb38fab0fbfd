"""Does the register of processing say what the labels say, to the administrator alone?"""

import pytest

from koers.core.privacy.labels import Processing
from koers.core.privacy.register import register
from koers.core.privacy.registry import personal_labels

pytestmark = pytest.mark.django_db
ADDRESS = "/organisation/privacy/"


def test_every_purpose_with_personal_fields_is_a_part_with_all_its_fields():
    shown = sum(len(line.fields.split(", ")) for part in register() for line in part.lines)
    labelled = [labels for _model, labels in personal_labels()]
    assert [part.processing for part in register()] == [
        each for each in Processing if each in {labels.processing for labels in labelled}
    ]
    assert shown >= sum(len(labels.fields) for labels in labelled)


def test_orders_stay_seven_years_by_legal_duty():
    sales = next(part for part in register() if part.processing == Processing.SALES)
    assert (sales.basis, sales.years) == ("duty", 7)
