"""How are price lists and limits of discount shown and changed?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.catalogue.actions.discount_policy import set_limits
from koers.catalogue.actions.price_list import make_price_list, set_price
from koers.catalogue.forms.price_list import DiscountPolicyForm, PriceForm, PriceListForm
from koers.catalogue.queries.discount_policy import limits
from koers.catalogue.queries.price_list import (
    price_list_for,
    price_lists,
    product_words,
    products_to_choose,
)
from koers.core.errors import RuleError
from koers.core.tables import Column, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("name", gettext_lazy("Price list"), "name"), Column("from", gettext_lazy("Valid from"), "valid_from"),
    Column("until", gettext_lazy("Last day"), "valid_until"), Column("prices", gettext_lazy("Prices"), "prices", numeric=True),
)  # fmt: skip


def price_list_list(request: HttpRequest) -> HttpResponse:
    """All price lists."""
    actor = actor_of(request)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="name")
    rows = price_lists(actor)
    if state.q:
        rows = rows.filter(name__istartswith=state.q)
    context = {
        "state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_PRODUCTS),
        "may_limit": may(actor, Right.EDIT_RULES),
    }  # fmt: skip
    return render(request, "catalogue/price_list/list.html", context)


def price_list_create(request: HttpRequest) -> HttpResponse:
    """Make a price list."""
    actor = actor_of(request)
    require(actor, Right.EDIT_PRODUCTS)
    form = PriceListForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = make_price_list(actor=actor, at=timezone.now(), **form.values())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("catalogue:price_list_detail", price_list_id=made.pk)
    context = {"form": form, "title": _("New price list")}
    return render(
        request, "catalogue/price_list/form.html", context, status=400 if form.errors else 200
    )


def price_list_detail(request: HttpRequest, price_list_id: int) -> HttpResponse:
    """The prices of a list, with a form that sets one."""
    actor = actor_of(request)
    found = price_list_for(actor=actor, price_list_id=price_list_id)
    form = PriceForm(request.POST or None)
    if request.method == "POST":
        require(actor, Right.EDIT_PRODUCTS)
        if form.is_valid():
            set_price(
                actor=actor, price_list_id=price_list_id, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("catalogue:price_list_detail", price_list_id=price_list_id)
    context = {"price_list": found, "form": form, "may_edit": may(actor, Right.EDIT_PRODUCTS)}
    return render(
        request, "catalogue/price_list/detail.html", context, status=400 if form.errors else 200
    )


def discount_policy(request: HttpRequest) -> HttpResponse:
    """How much discount each role gives without asking."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    form = DiscountPolicyForm(request.POST or None, limits=limits())
    if request.method == "POST" and form.is_valid():
        set_limits(actor=actor, limits=form.values(), at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("catalogue:price_list_list")
    context = {"form": form, "title": _("Discount policy")}
    return render(
        request, "catalogue/price_list/form.html", context, status=400 if form.errors else 200
    )


def product_options(request: HttpRequest) -> HttpResponse:
    """Products that may be meant, while one types in any field whose name ends in ``product``."""
    name = next((name for name in request.GET if name.endswith("product")), "product")
    text = request.GET.get(name, "")
    found = products_to_choose(actor_of(request), text)
    options = [(product_words(product), product.unit) for product in found]
    return render(request, "catalogue/price_list/product_options.html", {"options": options})
