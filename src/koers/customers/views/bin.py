"""What lies in the bin, and how does it come back?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.bin import binned_companies, binned_contacts
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

COMPANY_COLUMNS = (
    Column("name", gettext_lazy("Name"), "name"), Column("city", gettext_lazy("Town"), "city"), Column("owner", gettext_lazy("Owner"), "owner__full_name"),
    Column("at", gettext_lazy("In the bin since"), "deleted_at"), Column("back", gettext_lazy("Restore")),
)  # fmt: skip
CONTACT_COLUMNS = (
    Column("name", gettext_lazy("Name"), "last_name"), Column("company", gettext_lazy("Company"), "company__name"),
    Column("at", gettext_lazy("In the bin since"), "deleted_at"), Column("back", gettext_lazy("Restore")),
)  # fmt: skip


def bin_list(request: HttpRequest) -> HttpResponse:
    """Companies or contacts in the bin, the latest first."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    contacts = request.GET.get("kind") == "contacts"
    state = ListState.from_request(
        request,
        columns=CONTACT_COLUMNS if contacts else COMPANY_COLUMNS,
        default_sort="-at",
        filters=(
            Filter("kind", _("Kind"), [("companies", _("Companies")), ("contacts", _("Contacts"))]),
        ),
    )
    if contacts:
        people = binned_contacts(actor)
        page = page_of(people.filter(last_name__istartswith=state.q) if state.q else people, state)
        return render(
            request, "customers/bin/list.html", {"state": state, "page": page, "contacts": True}
        )
    found = binned_companies(actor)
    rows = found.filter(name__istartswith=state.q) if state.q else found
    context = {"state": state, "page": page_of(rows, state), "contacts": False}
    return render(request, "customers/bin/list.html", context)
