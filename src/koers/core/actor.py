"""Who acts, through which channel, and whose customers may he or she see?"""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Through which door a change came in; kept in the audit trail."""

    SCREEN = "screen"
    IMPORT = "import"
    API = "api"
    JOB = "job"
    COMMAND = "command"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind an action; ``visible_people`` is None where all customers are visible."""

    user_id: int | None
    name: str
    role: str
    channel: Channel
    visible_people: frozenset[int] | None

    @property
    def sees_all(self) -> bool:
        """Whether no customer is hidden."""
        return self.visible_people is None


def system_actor(channel: Channel) -> Actor:
    """The administrator at the console, or Koers itself; sees and may do everything."""
    return Actor(
        user_id=None, name="Koers", role="administrator", channel=channel, visible_people=None
    )
