"""Which records of what customers buy a year may this person see?"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Wallet
from koers.customers.queries.company import companies_visible_to


def wallets_of(actor: Actor, company: Company) -> QuerySet[Wallet]:
    """Records of a company that are not in the bin, the latest first."""
    return (
        _visible(actor)
        .filter(company=company, deleted_at=None)
        .select_related("made_by", "import_run__started_by")
    )


def wallet_for(*, actor: Actor, wallet_id: int, deleted: bool = False) -> Wallet:
    """One record, or as if it did not exist."""
    rows = _visible(actor).filter(deleted_at__isnull=not deleted)
    found = rows.select_related("company").filter(pk=wallet_id).first()
    if found is None:
        raise NotFoundError(_("This record of purchases does not exist."))
    return found


def _visible(actor: Actor) -> QuerySet[Wallet]:
    return Wallet.objects.filter(company__in=companies_visible_to(actor))
