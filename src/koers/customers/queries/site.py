"""Which addresses of companies may this person see?"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Site
from koers.customers.queries.company import companies_visible_to


def site_for(*, actor: Actor, site_id: int) -> Site:
    """An address of a company one may see, or as if it did not exist."""
    return _one(actor, site_id, Site.objects.filter(deleted_at=None))


def deleted_site_for(*, actor: Actor, site_id: int) -> Site:
    """An address that was removed, of a company one may see."""
    return _one(actor, site_id, Site.objects.exclude(deleted_at=None))


def _one(actor: Actor, site_id: int, sites: QuerySet[Site]) -> Site:
    found = (
        sites.filter(pk=site_id, company__in=companies_visible_to(actor))
        .select_related("company")
        .first()
    )
    if found is None:
        raise NotFoundError(_("This address does not exist."))
    return found
