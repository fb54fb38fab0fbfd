"""How is a planning session written down, decided in, signed off, removed and restored?"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.plan.models import Goal, PlanningSession, SessionDecision, SessionParticipant
from koers.plan.queries.goal import goals_visible_to, owners_for_goals
from koers.plan.queries.planning_session import decision_for, session_for

FIELDS = ("title", "held_on", "place", "analysed", "planned", "elaborated", "controlled", "next_control_on")  # fmt: skip


class SessionRefusedError(RuleError):
    """The planning session cannot be kept or signed like this."""


@transaction.atomic
def add_session(
    *, actor: Actor, values: Mapping[str, Any], participants: Collection[User], at: datetime
) -> PlanningSession:
    """Write down a session; ``values`` holds the fields of ``FIELDS``."""
    require(actor, Right.EDIT_TARGETS)
    made = PlanningSession(
        **values, participant_names=_names(participants), made_at=at, made_by_id=actor.user_id, made_by_name=actor.name
    )  # fmt: skip
    _check(made)
    _check_people(actor, {person.pk for person in participants})
    made.save(force_insert=True)
    _sit(made, participants)
    changes = {"participant_names": audit.Change("", made.participant_names)}
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


@transaction.atomic
def change_session(
    *, actor: Actor, session_id: int, version: int, values: Mapping[str, Any], participants: Collection[User], at: datetime
) -> PlanningSession:  # fmt: skip
    """Change what is not signed yet, unless somebody else changed the same since ``version``."""
    session = _open(actor, session_id)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    changed = session_for(actor=actor, session_id=session_id)
    for name, value in values.items():
        setattr(changed, name, value)
    _check(changed)
    there = set(session.participants.values_list("person_id", flat=True))
    _check_people(actor, {person.pk for person in participants} - there)
    wanted = {**values, "participant_names": _names(participants)}
    saved = save_changes(actor=actor, obj=session, version=version, values=wanted, at=at)
    _sit(saved, participants)
    return saved


@transaction.atomic
def add_decision(
    *, actor: Actor, session_id: int, step: str, text: str, goal: Goal | None, at: datetime
) -> SessionDecision:
    """Write down what was decided in a step, linked to a goal if there is one."""
    session = _open(actor, session_id)
    if step not in Goal.Step.values:
        raise SessionRefusedError(_("There is no such step."))
    if not text.strip():
        raise SessionRefusedError(_("Say what was decided."))
    if goal is not None and not goals_visible_to(actor).filter(pk=goal.pk).exists():
        raise NotFoundError(_("This goal does not exist."))
    made = SessionDecision.objects.create(session=session, step=step, text=text.strip(), goal=goal)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def remove_decision(*, actor: Actor, decision_id: int, at: datetime) -> PlanningSession:
    """Take back a decision while the session is not signed; the audit trail keeps it."""
    decision = decision_for(actor=actor, decision_id=decision_id)
    session = _open(actor, decision.session_id)
    audit.record(actor=actor, at=at, verb="delete", obj=decision, changes={"text": audit.Change(decision.text, None)})  # fmt: skip
    decision.delete()
    return session


@transaction.atomic
def sign_session(*, actor: Actor, session_id: int, version: int, at: datetime) -> PlanningSession:
    """Sign off the session as it was read; from then on it is frozen."""
    session = session_for(actor=actor, session_id=session_id)
    require(actor, Right.APPROVE_BUDGETS)
    stored = PlanningSession.objects.select_for_update().get(pk=session.pk)
    if stored.is_signed:
        raise SessionRefusedError(_("This session is signed and is never changed again."))
    if stored.version != version:
        raise SessionRefusedError(_("Somebody changed the session since you read it; read it again before you sign."))  # fmt: skip
    if not session.participants.exists():
        raise SessionRefusedError(_("Say who took part before you sign."))
    if not session.decisions.exists():
        raise SessionRefusedError(_("Write down at least one decision before you sign."))
    values = {"signed_at": at, "signed_by_id": actor.user_id, "signed_by_name": actor.name}
    return save_changes(actor=actor, obj=session, version=version, values=values, at=at)


@transaction.atomic
def remove_session(*, actor: Actor, session_id: int, at: datetime) -> PlanningSession:
    """Remove a session that is not signed; it can be restored."""
    session = _open(actor, session_id)
    return save_changes(actor=actor, obj=session, version=session.version, values={"deleted_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_session(*, actor: Actor, session_id: int, at: datetime) -> PlanningSession:
    """Bring a removed session back."""
    session = session_for(actor=actor, session_id=session_id, deleted=True)
    require(actor, Right.EDIT_TARGETS)
    return save_changes(actor=actor, obj=session, version=session.version, values={"deleted_at": None}, at=at)  # fmt: skip


def _open(actor: Actor, session_id: int) -> PlanningSession:
    """The session, locked until the transaction ends, so that nobody signs meanwhile."""
    session = session_for(actor=actor, session_id=session_id)
    require(actor, Right.EDIT_TARGETS)
    if PlanningSession.objects.select_for_update().get(pk=session.pk).is_signed:
        raise SessionRefusedError(_("This session is signed and is never changed again."))
    return session


def _check(session: PlanningSession) -> None:
    if session.next_control_on <= session.held_on:
        raise SessionRefusedError(_("The next control date lies after the day of the session."))


def _check_people(actor: Actor, keys: set[int]) -> None:
    if owners_for_goals(actor).filter(pk__in=keys).count() != len(keys):
        raise NotFoundError(_("This person does not exist."))


def _names(participants: Collection[User]) -> str:
    return ", ".join(sorted(str(person) for person in participants))


def _sit(session: PlanningSession, participants: Collection[User]) -> None:
    wanted = {person.pk for person in participants}
    session.participants.exclude(person_id__in=wanted).delete()
    there = set(session.participants.values_list("person_id", flat=True))
    SessionParticipant.objects.bulk_create(
        SessionParticipant(session=session, person_id=key) for key in sorted(wanted - there)
    )
