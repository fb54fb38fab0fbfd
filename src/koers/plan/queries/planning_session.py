"""Which planning sessions are there, and who may read them?"""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, may
from koers.plan.models import PlanningSession, SessionDecision, SessionParticipant


def sessions_visible_to(actor: Actor, *, deleted: bool = False) -> QuerySet[PlanningSession]:
    """Those one took part in or made; all for who leads the whole company."""
    found = PlanningSession.objects.filter(deleted_at__isnull=not deleted)
    if actor.visible_people is None and may(actor, Right.SEE_TEAM):
        return found
    own = SessionParticipant.objects.filter(person_id=actor.user_id).values("session_id")
    return found.filter(Q(pk__in=own) | Q(made_by_id=actor.user_id))


def sessions_matching(actor: Actor, *, q: str, state: str) -> QuerySet[PlanningSession]:
    """Visible sessions with the number of their decisions, whose title holds ``q``."""
    found = sessions_visible_to(actor).annotate(decided=Count("decisions"))
    if q:
        found = found.filter(title__icontains=q)
    return found.filter(signed_at__isnull=state != "signed") if state else found


def session_for(*, actor: Actor, session_id: int, deleted: bool = False) -> PlanningSession:
    """One session, or as if it did not exist."""
    found = sessions_visible_to(actor, deleted=deleted).filter(pk=session_id).first()
    if found is None:
        raise NotFoundError(_("This planning session does not exist."))
    return found


def decision_for(*, actor: Actor, decision_id: int) -> SessionDecision:
    """One decision of a session one may read, or as if it did not exist."""
    seen = sessions_visible_to(actor).values("pk")
    found = SessionDecision.objects.select_related("session").filter(pk=decision_id, session_id__in=seen).first()  # fmt: skip
    if found is None:
        raise NotFoundError(_("This planning session does not exist."))
    return found
