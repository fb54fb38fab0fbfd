"""How are contacts listed, added and changed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.actor import Actor
from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, ListState, page_of
from koers.customers.actions.company import (
    add_contact,
    change_contact,
    contact_for,
    delete_contact,
    restore_contact,
)
from koers.customers.forms.company import ContactForm
from koers.customers.models import Contact
from koers.customers.queries.company import companies_visible_to, company_for
from koers.customers.queries.consent import consents_of, may_call, may_mail
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("name", gettext_lazy("Name"), "last_name"), Column("company", gettext_lazy("Company"), "company__name"), Column("title", gettext_lazy("Function"), "job_title"),
    Column("email", gettext_lazy("E-mail"), "email"), Column("phone", gettext_lazy("Phone")),
)  # fmt: skip


def contact_list(request: HttpRequest) -> HttpResponse:
    """Contacts of the companies one may see."""
    actor = actor_of(request)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="name")
    rows = Contact.objects.filter(
        deleted_at=None, company__in=companies_visible_to(actor)
    ).select_related("company")
    if state.q:
        rows = rows.filter(last_name__istartswith=state.q)
    return render(
        request, "customers/contact/list.html", {"state": state, "page": page_of(rows, state)}
    )


def contact_create(request: HttpRequest, company_id: int) -> HttpResponse:
    """Add a contact to a company."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        add_contact(actor=actor, company_id=company.pk, values=values, at=timezone.now())
        messages.success(request, _("The contact has been added."))
        return redirect("customers:company_detail", company_id=company.pk)
    context = {
        "form": form,
        "title": _("New contact"),
        "company": company,
        "cancel_url": reverse("customers:company_detail", args=[company.pk]),
    }
    return render(
        request, "customers/contact/form.html", context, status=400 if form.errors else 200
    )


def _merge_address(actor: Actor, contact_id: int) -> str:
    """Where the contact is merged, for who may; else empty."""
    if not may(actor, Right.REASSIGN_CUSTOMERS):
        return ""
    return reverse("customers:contact_merge_pick", args=[contact_id])


def _privacy_address(actor: Actor, contact_id: int) -> str:
    """Where is shown what is held on the contact, for who may; else empty."""
    if not may(actor, Right.HANDLE_PRIVACY):
        return ""
    return reverse("home:person_detail", args=["contact", contact_id])


def contact_edit(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change a contact."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    contact = contact_for(actor=actor, contact_id=contact_id)
    form = ContactForm(
        request.POST or None,
        initial={name: getattr(contact, name) for name in ContactForm.base_fields},
    )
    company_url = reverse("customers:company_detail", args=[contact.company_id])
    today = timezone.localdate()
    context: dict[str, Any] = {
        "call": may_call(contact, today),
        "mail": may_mail(contact, today),
        "consents": consents_of(actor, contact),
        "form": form,
        "title": str(contact),
        "company": contact.company,
        "contact": contact,
        "cancel_url": company_url,
        "merge_url": _merge_address(actor, contact.pk),
        "privacy_url": _privacy_address(actor, contact.pk),
    }
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            change_contact(
                actor=actor,
                contact_id=contact.pk,
                version=form.cleaned_data["version"] or contact.version,
                values=kept(request.POST, values, contact),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=contact.version)
            return render(request, "customers/contact/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(company_url)
    return render(
        request, "customers/contact/form.html", context, status=400 if form.errors else 200
    )


@require_POST
def contact_delete(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Put a contact in the bin, with a way back."""
    contact = delete_contact(actor=actor_of(request), contact_id=contact_id, at=timezone.now())
    messages.success(
        request,
        _("The contact is in the bin."),
        extra_tags=reverse("customers:contact_restore", args=[contact_id]),
    )
    return redirect("customers:company_detail", company_id=contact.company_id)


@require_POST
def contact_restore(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take a contact out of the bin."""
    contact = restore_contact(actor=actor_of(request), contact_id=contact_id, at=timezone.now())
    messages.success(request, _("The contact is back."))
    return redirect("customers:company_detail", company_id=contact.company_id)
