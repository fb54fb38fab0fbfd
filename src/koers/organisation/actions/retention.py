"""How are the terms of retention changed? Every change is a new version."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.privacy.retention import LONGEST_MONTHS, SHORTEST_MONTHS, Subject
from koers.organisation.models import RetentionTerms
from koers.organisation.policies import Right, require
from koers.organisation.queries.retention import terms_in_force


class TermsRefusedError(RuleError):
    """The terms cannot be put in force like this."""


@transaction.atomic
def change_terms(
    *, actor: Actor, number: int, months: Mapping[Subject, int], is_nightly: bool, at: datetime
) -> RetentionTerms:
    """Put a new version in force; ``number`` is the version the actor looked at."""
    require(actor, Right.HANDLE_PRIVACY)
    before = terms_in_force()
    if before.number != number:
        raise TermsRefusedError(
            _("Somebody else changed the terms meanwhile: they are shown now. Look at them and try again.")
        )  # fmt: skip
    if set(months) != set(Subject) or not all(SHORTEST_MONTHS <= each <= LONGEST_MONTHS for each in months.values()):  # fmt: skip
        raise TermsRefusedError(
            _("A term is a whole number of months, from %(least)s to %(most)s.")
            % {"least": SHORTEST_MONTHS, "most": LONGEST_MONTHS}
        )
    made = RetentionTerms.objects.create(
        number=number + 1, months={subject.value: months[subject] for subject in Subject},
        is_nightly=is_nightly, made_by=actor.name, made_at=at,
    )  # fmt: skip
    changes = {
        subject.value: audit.Change(before.months[subject], months[subject])
        for subject in Subject if before.months[subject] != months[subject]
    }  # fmt: skip
    if before.is_nightly != is_nightly:
        changes["is_nightly"] = audit.Change(before.is_nightly, is_nightly)
    audit.record(actor=actor, at=at, verb="change", obj=made, changes=changes)
    return made
