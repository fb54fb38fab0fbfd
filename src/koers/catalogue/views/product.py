"""How are products shown and changed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.catalogue.actions.product import add_product, change_product, set_cost
from koers.catalogue.forms.product import CostForm, ProductForm
from koers.catalogue.queries.product import group_choices, product_for, products
from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("name", gettext_lazy("Product"), "name"), Column("code", gettext_lazy("Code"), "code"), Column("group", gettext_lazy("Product group"), "group__name"),
    Column("price", gettext_lazy("List price"), "list_price", numeric=True), Column("active", gettext_lazy("For sale"), "is_active"),
)  # fmt: skip


def product_list(request: HttpRequest) -> HttpResponse:
    """All products."""
    actor = actor_of(request)
    state = ListState.from_request(
        request,
        columns=COLUMNS,
        default_sort="name",
        filters=(Filter("group", _("Product group"), group_choices()),),
    )
    rows = products(actor)
    if state.q:
        rows = rows.filter(name__istartswith=state.q) | rows.filter(code__istartswith=state.q)
    if state.value("group"):
        rows = rows.filter(group_id=int(state.value("group")))
    return render(
        request,
        "catalogue/product/list.html",
        {"state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_PRODUCTS)},
    )


def product_detail(request: HttpRequest, product_id: int) -> HttpResponse:
    """A product; its cost history by right, with a form for the next cost."""
    actor = actor_of(request)
    product = product_for(actor=actor, product_id=product_id)
    form = CostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_cost(actor=actor, product_id=product.pk, at=timezone.now(), **form.cleaned_data)
        return redirect("catalogue:product_detail", product_id=product.pk)
    context = {
        "product": product,
        "form": form,
        "sees_cost": may(actor, Right.SEE_COST),
        "may_edit": may(actor, Right.EDIT_PRODUCTS),
    }
    return render(
        request, "catalogue/product/detail.html", context, status=400 if form.errors else 200
    )


def product_create(request: HttpRequest) -> HttpResponse:
    """Add a product."""
    actor = actor_of(request)
    require(actor, Right.EDIT_PRODUCTS)
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"} | {
            "currency": base_currency()
        }
        try:
            product = add_product(actor=actor, values=values, at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("catalogue:product_detail", product_id=product.pk)
    context = {
        "form": form,
        "title": _("New product"),
        "cancel_url": reverse("catalogue:product_list"),
    }
    return render(
        request, "catalogue/product/form.html", context, status=400 if form.errors else 200
    )


def product_edit(request: HttpRequest, product_id: int) -> HttpResponse:
    """Change a product."""
    actor = actor_of(request)
    require(actor, Right.EDIT_PRODUCTS)
    product = product_for(actor=actor, product_id=product_id)
    form = ProductForm(
        request.POST or None,
        initial={name: getattr(product, name) for name in ProductForm.base_fields},
    )
    context: dict[str, Any] = {
        "form": form,
        "title": product.name,
        "cancel_url": reverse("catalogue:product_detail", args=[product.pk]),
    }
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            change_product(
                actor=actor,
                product_id=product.pk,
                version=form.cleaned_data["version"] or product.version,
                values=kept(request.POST, values, product),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=product.version)
            return render(request, "catalogue/product/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("catalogue:product_detail", product_id=product.pk)
    return render(
        request, "catalogue/product/form.html", context, status=400 if form.errors else 200
    )
