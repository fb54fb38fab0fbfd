"""How are web forms set up, and how does a visitor fill one in without a log-in?"""

from typing import Any

from django.contrib import messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, ListState, page_of
from koers.organisation.models import Organisation
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.web_form import (
    Message,
    StampRefusedError,
    WebFormRefusedError,
    add_web_form,
    change_web_form,
    take_message,
)
from koers.sell.forms.web_form import VisitorForm, WebFormForm, initial_of, open_for_clash
from koers.sell.models import WebForm
from koers.sell.queries.web_form import stamp_for, web_form_for, web_form_of, web_forms

COLUMNS = (
    Column("name", gettext_lazy("Name"), "name"), Column("language", gettext_lazy("Language"), "language"), Column("open", gettext_lazy("Open"), "is_open"),
    Column("brought", gettext_lazy("Leads"), "brought", numeric=True), Column("suspect", gettext_lazy("Suspect"), "suspect", numeric=True),
    Column("last", gettext_lazy("Last message"), "last_on"),
)  # fmt: skip
SEEN, SENT = ("seen", 120, 60), ("sent", 60, 600)
"""What is counted per address: how often it may be done, within how many seconds."""
TRAP = "remark"
"""A field people do not see; programs that fill in everything fill it in too."""


class TooOftenError(RuleError):
    """One address asks or sends too often."""

    status = 429


def web_form_list(request: HttpRequest) -> HttpResponse:
    """Web forms with the leads they brought."""
    actor = actor_of(request)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="name")
    context = {"state": state, "page": page_of(web_forms(actor, state.q), state)}
    return render(request, "sell/web_form/list.html", context)


def web_form_create(request: HttpRequest) -> HttpResponse:
    """Set up a web form."""
    actor = actor_of(request)
    require(actor, Right.EDIT_WEB_FORMS)
    form = WebFormForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_web_form(actor=actor, values=form.values(), at=timezone.now())
        except WebFormRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The form is ready: its link and what to put on your site stand here."))  # fmt: skip
            return redirect("sell:web_form_edit", form_id=made.pk)
    context = {"form": form, "title": _("New web form"), "list_url": reverse("sell:web_form_list")}
    return render(request, "sell/web_form/form.html", context, status=400 if form.errors else 200)


def web_form_edit(request: HttpRequest, form_id: int) -> HttpResponse:
    """A form's link, what to put on a site, and all that is set up; a clash shows the three values."""
    actor = actor_of(request)
    web_form = web_form_for(actor=actor, form_id=form_id)
    form = WebFormForm(request.POST or None, initial=initial_of(web_form))
    context: dict[str, Any] = {
        "form": form, "title": web_form.name, "list_url": reverse("sell:web_form_list"), "web_form": web_form,
        "link": request.build_absolute_uri(reverse("sell:web_form_page", args=[web_form.secret])),
    }  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            change_web_form(
                actor=actor, form_id=web_form.pk, version=form.cleaned_data["version"] or web_form.version,
                values=kept(request.POST, form.values(), web_form), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            open_for_clash(clash)
            labels = {"asked": _("What is asked")}
            context["clashes"] = show_clash(form, clash, version=web_form.version, labels=labels)
            status = 409
        except WebFormRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sell:web_form_edit", form_id=web_form.pk)
    if form.errors:
        status = 400
    return render(request, "sell/web_form/form.html", context, status=status)


@csrf_exempt  # a page of another site may show it, where no cookie comes along; the stamp stands in
@never_cache
def web_form_page(request: HttpRequest, secret: str) -> HttpResponse:
    """The form as visitors see it, alone or in a frame of a site that may show it."""
    _slow_down(request, *SEEN)
    web_form = web_form_of(secret)
    with translation.override(web_form.language):
        answer = _answer(request, web_form)
    answer.headers["Content-Language"] = web_form.language
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if web_form.sites:
        answer.xframe_options_exempt = True
        answer._csp_replace = {"frame-ancestors": web_form.sites}  # type: ignore[attr-defined]  # noqa: SLF001 -- how django-csp is told
    return answer


def _answer(request: HttpRequest, web_form: WebForm) -> HttpResponse:
    at = timezone.now()
    form = VisitorForm(request.POST or None, web_form=web_form)
    context: dict[str, Any] = {
        "form": form, "web_form": web_form, "organisation": Organisation.objects.first(), "sent": "sent" in request.GET, "trap": TRAP,
        "stamp": request.POST.get("stamp") or stamp_for(web_form, at),
    }  # fmt: skip
    status = 200 if web_form.is_open else 410
    if request.method == "POST" and web_form.is_open:
        try:
            _slow_down(request, *SENT)
            if form.is_valid():
                message = Message(
                    form.values(), stamp=request.POST.get("stamp", ""), consented=bool(form.cleaned_data.get("consent")),
                    trapped=bool(request.POST.get(TRAP, "").strip()),
                )  # fmt: skip
                take_message(secret=web_form.secret, message=message, at=at)
                return redirect(reverse("sell:web_form_page", args=[web_form.secret]) + "?sent")
            status = 400
        except (WebFormRefusedError, TooOftenError) as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
            if isinstance(refusal, StampRefusedError):
                context["stamp"] = stamp_for(web_form, at)
    return render(request, "sell/web_form/page.html", context, status=status)


def _slow_down(request: HttpRequest, deed: str, most: int, seconds: int) -> None:
    """Count what one address does in a while, under a digest that is gone when the while is over."""
    address = request.META.get("REMOTE_ADDR", "")
    if ":" in address:
        address = ":".join(address.split(":")[:4])  # a house with IPv6 has a whole row of addresses
    part = int(timezone.now().timestamp()) // seconds
    key = f"web_form:{deed}:{part}:{salted_hmac('koers.sell.web_form.calls', address).hexdigest()}"
    calls = caches["calls"]
    calls.add(key, 0, timeout=seconds)
    if calls.incr(key) > most:
        raise TooOftenError(_("That was too often. Try again in a few minutes."))
