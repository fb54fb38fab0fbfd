"""How is an address of a company entered, changed and removed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.customers.actions.site import add_site, change_site, delete_site, restore_site
from koers.customers.forms.site import SiteForm
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.customers.queries.site import site_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

TEMPLATE = "customers/site/form.html"


def _page(form: SiteForm, company: Company, title: str) -> dict[str, Any]:
    back = reverse("customers:company_detail", args=[company.pk])
    return {"form": form, "company": company, "title": title, "cancel_url": back}


def site_create(request: HttpRequest, company_id: int) -> HttpResponse:
    """Add an address to a company."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    form = SiteForm(request.POST or None, initial={"country": company.country})
    if request.method == "POST" and form.is_valid():
        add_site(actor=actor, company_id=company.pk, values=form.values(), at=timezone.now())
        messages.success(request, _("The address has been added."))
        return redirect("customers:company_detail", company_id=company.pk)
    status = 400 if form.errors else 200
    return render(request, TEMPLATE, _page(form, company, _("New address")), status=status)


def site_edit(request: HttpRequest, site_id: int) -> HttpResponse:
    """Change an address; a clash with somebody else's change shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    site = site_for(actor=actor, site_id=site_id)
    form = SiteForm(
        request.POST or None,
        initial={name: getattr(site, name) for name in SiteForm.base_fields},
    )
    context = {**_page(form, site.company, site.get_kind_display()), "site": site}
    if request.method == "POST" and form.is_valid():
        try:
            change_site(
                actor=actor,
                site_id=site.pk,
                version=form.cleaned_data["version"] or site.version,
                values=kept(request.POST, form.values(), site),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=site.version)
            return render(request, TEMPLATE, context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", company_id=site.company_id)
    return render(request, TEMPLATE, context, status=400 if form.errors else 200)


@require_POST
def site_delete(request: HttpRequest, site_id: int) -> HttpResponse:
    """Remove an address, with a way back."""
    site = delete_site(actor=actor_of(request), site_id=site_id, at=timezone.now())
    messages.success(
        request,
        _("The address has been removed."),
        extra_tags=reverse("customers:site_restore", args=[site.pk]),
    )
    return redirect("customers:company_detail", company_id=site.company_id)


@require_POST
def site_restore(request: HttpRequest, site_id: int) -> HttpResponse:
    """Put a removed address back."""
    site = restore_site(actor=actor_of(request), site_id=site_id, at=timezone.now())
    messages.success(request, _("The address is back."))
    return redirect("customers:company_detail", company_id=site.company_id)
