"""Which terms of retention are in force?"""

from dataclasses import dataclass
from datetime import datetime

from koers.core.actor import Actor
from koers.core.privacy.retention import DEFAULT_MONTHS, Subject
from koers.organisation.models import RetentionTerms
from koers.organisation.policies import Right, require


@dataclass(frozen=True)
class Terms:
    """The terms in force; number 0 is what Koers begins with, and runs by night are then off."""

    number: int
    months: dict[Subject, int]
    is_nightly: bool
    made_at: datetime | None


def terms_in_force() -> Terms:
    """The latest version; a subject it does not name has its default."""
    latest = RetentionTerms.objects.first()
    if latest is None:
        return Terms(0, dict(DEFAULT_MONTHS), is_nightly=False, made_at=None)
    months = {subject: int(latest.months.get(subject.value, DEFAULT_MONTHS[subject])) for subject in Subject}  # fmt: skip
    return Terms(latest.number, months, latest.is_nightly, latest.made_at)


def terms_versions(*, actor: Actor, most: int = 10) -> list[RetentionTerms]:
    """The latest versions, the newest first."""
    require(actor, Right.HANDLE_PRIVACY)
    return list(RetentionTerms.objects.all()[:most])
