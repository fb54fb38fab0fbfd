"""How is what is held on a person handed over to him or erased, so that the trail tells it was?"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.privacy.erasure import ERASABLE, erase, names_to_clean
from koers.core.privacy.held import Held, Way, held_on
from koers.home.queries.person import Person, held_on_person, person_for, records_of
from koers.organisation.policies import Right, require

MOST_ROWS = 250_000


class ExportRefusedError(RuleError):
    """What is held cannot be given as this file."""


@transaction.atomic
def export_held(
    *, actor: Actor, kind: str, person_id: int, named: bool, at: datetime
) -> tuple[Person, Held]:
    """Read everything held on a person and write in the trail that it was taken out.

    Without ``named`` rows that only name the person in a text are left out. Raises
    ``ExportRefusedError`` above ``MOST_ROWS`` rows.
    """
    require(actor, Right.HANDLE_PRIVACY)
    person = person_for(actor=actor, kind=kind, person_id=person_id)
    counted = held_on_person(actor=actor, person=person, with_values=False)
    rows = sum(part.count for part in counted.parts)
    if rows > MOST_ROWS:
        raise ExportRefusedError(
            _("There are %(rows)s rows on this person; a file holds at most %(most)s.")
            % {"rows": rows, "most": MOST_ROWS}
        )
    held = held_on_person(actor=actor, person=person)
    if not named:
        held = Held(tuple(part for part in held.parts if part.way is not Way.NAME), held.unreached)
    rows = sum(part.count for part in held.parts)
    audit.record(actor=actor, at=at, verb="access_export", obj=person.record, changes={"rows": audit.Change(None, rows)})  # fmt: skip
    return person, held


class ErasureRefusedError(RuleError):
    """The person cannot be erased like this."""


@transaction.atomic
def erase_person(
    *, actor: Actor, kind: str, person_id: int, typed_name: str, at: datetime
) -> tuple[Person, int]:
    """Take a contact or lead out of everything but what has to stay; it cannot be undone.

    ``typed_name`` is the person's name, written out to confirm. Returns how many rows were changed.
    """
    require(actor, Right.HANDLE_PRIVACY)
    person = person_for(actor=actor, kind=kind, person_id=person_id)
    if person.kind not in ERASABLE:
        raise ErasureRefusedError(_("Only contacts and leads are erased here."))
    if typed_name.split() != str(person).split():
        raise ErasureRefusedError(_("This is not the name; write it as it stands above: %(name)s.") % {"name": person})  # fmt: skip
    return erase_records(actor=actor, person=person, at=at)


def erase_records(*, actor: Actor, person: Person, at: datetime) -> tuple[Person, int]:
    """Take the records of a person or company out of everything but what has to stay.

    The caller holds the transaction and has checked that they may go.
    """
    require(actor, Right.HANDLE_PRIVACY)
    held = held_on(person.kind, person.ids, ())
    names = tuple(names_to_clean(records_of(person)))
    changed = erase(held, person.kind, person.ids, names, mark=_("[erased]"), at=at)
    gone = person_for(actor=actor, kind=person.kind.value, person_id=person.record.pk)
    audit.record(actor=actor, at=at, verb="erase", obj=gone.record, changes={"rows": audit.Change(None, changed)})  # fmt: skip
    return gone, changed
