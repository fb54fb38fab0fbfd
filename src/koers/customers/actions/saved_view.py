"""How is a view of a list kept, and dropped?"""

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError, NulRefusedError
from koers.core.models import SavedView


@transaction.atomic
def save_view(*, actor: Actor, page: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep filters, columns and order under a name; the same name replaces one's earlier view."""
    for field, text in (("name", name), ("query", query)):
        if "\0" in text:
            raise NulRefusedError(field)
    view, _created = SavedView.objects.update_or_create(
        page=page,
        owner_id=actor.user_id,
        name=name.strip()[:80],
        defaults={"query": query[:2000], "shared": shared},
    )
    return view


@transaction.atomic
def drop_view(*, actor: Actor, view_id: int) -> None:
    """Drop one's own view."""
    deleted, _rows = SavedView.objects.filter(pk=view_id, owner_id=actor.user_id).delete()
    if not deleted:
        raise NotFoundError(_("This view does not exist."))
