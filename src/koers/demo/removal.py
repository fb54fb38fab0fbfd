"""How is the demo company removed, and what of one's own keeps it from being removed?"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.data_versions import current_versions, mark_changed
from koers.core.models import Job
from koers.demo.state import REMOVED, NotADemoError, OwnWorkError, alone, own_work
from koers.demo.tables import empty, links_to_clear, tables_to_empty
from koers.demo.world import DOMAIN
from koers.organisation.models import Organisation, User


def remove_demo(*, at: datetime, with_own_work: bool = False) -> None:
    """Empty the installation of the demo company; refuses to touch a real one.

    Work of one's own keeps it from being removed, unless it may go too. People of one's own and
    jobs that run stay; so do audit entries, which the database refuses to remove.
    """
    with alone():
        remove_alone(at=at, with_own_work=with_own_work)


def remove_alone(*, at: datetime, with_own_work: bool = False) -> None:
    """Remove it for a caller that already works alone."""
    organisation = Organisation.objects.first()
    if organisation is None or not organisation.is_demo:
        raise NotADemoError(_("This is not the demo company; nothing was removed."))
    with transaction.atomic():
        counts = own_work()
        if counts and not with_own_work:
            raise OwnWorkError(counts)
        audit.record(
            actor=system_actor(Channel.DEMO),
            at=at,
            verb=REMOVED,
            obj=organisation,
            changes={noun: audit.Change(count, 0) for noun, count in counts.items()},
        )
        for model, name in links_to_clear():
            model._default_manager.exclude(**{name: None}).update(**{name: None})
        for model in tables_to_empty():
            empty(model)
        Job.objects.exclude(status=Job.Status.RUNNING).delete()
        User.objects.filter(email__endswith=f"@{DOMAIN}").delete()
        if User.objects.exists():
            Organisation.objects.update(is_demo=False)
        else:
            Organisation.objects.all().delete()
        mark_changed(*current_versions())
