"""Who is acting, and whose customers may he or she see?"""

from collections import defaultdict
from collections.abc import Iterable

from koers.core.actor import Actor, Channel
from koers.organisation.models import Pairing, Role, Team, User

READS_ALL = {Role.MANAGEMENT_TEAM, Role.MARKETING, Role.ADMINISTRATOR}


def actor_for(user: User, channel: Channel) -> Actor:
    """Build the actor anew from the database, so that a demotion works at the next step."""
    return Actor(
        user_id=user.pk,
        name=user.full_name,
        role=user.role,
        channel=channel,
        visible_people=visible_people(user),
    )


def visible_people(user: User) -> frozenset[int] | None:
    """Ids of the people whose customers the user may see; None means every customer.

    A seller sees the own team, an inside rep the paired account managers, a manager the team tree
    below (all, from the top of the tree), the management team, marketing and administrator all.
    """
    if user.role in READS_ALL:
        return None
    if user.role == Role.INSIDE_SALES:
        paired = Pairing.objects.filter(inside_rep=user).values_list(
            "account_manager_id", flat=True
        )
        return frozenset({user.pk, *paired})
    if user.role == Role.SALES_MANAGER:
        return _people_below(user)
    if user.team_id is None:
        return frozenset({user.pk})
    return frozenset({user.pk, *_members({user.team_id})})


def _people_below(user: User) -> frozenset[int] | None:
    teams = list(Team.objects.values_list("id", "parent_id", "lead_id"))
    roots = {team_id for team_id, _parent, lead_id in teams if lead_id == user.pk}
    if any(team_id in roots and parent_id is None for team_id, parent_id, _lead in teams):
        return None
    return frozenset(
        {user.pk, *_members(team_tree(roots, ((team, parent) for team, parent, _lead in teams)))}
    )


def team_tree(roots: set[int], links: Iterable[tuple[int, int | None]]) -> set[int]:
    """The teams and all below them."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for team_id, parent_id in links:
        children[parent_id].append(team_id)
    found: set[int] = set()
    queue = list(roots)
    while queue:
        team_id = queue.pop()
        if team_id not in found:
            found.add(team_id)
            queue.extend(children[team_id])
    return found


def _members(team_ids: set[int]) -> list[int]:
    return list(User.objects.filter(team_id__in=team_ids).values_list("pk", flat=True))
