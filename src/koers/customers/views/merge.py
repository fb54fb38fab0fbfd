"""How are two records chosen, compared, merged, and parted again?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.customers.actions.merge import merge_records, undo_merge
from koers.customers.forms.merge import MergeForm, label_of
from koers.customers.models import Merge
from koers.customers.queries.merge import Record, merge_candidates, preview_of
from koers.organisation.requests import actor_of

LONGEST_SEARCH = 80


def company_merge_pick(request: HttpRequest, company_id: int) -> HttpResponse:
    """With which company should this one be merged?"""
    return _pick(request, Merge.Noun.COMPANY, company_id)


def contact_merge_pick(request: HttpRequest, contact_id: int) -> HttpResponse:
    """With which contact should this one be merged?"""
    return _pick(request, Merge.Noun.CONTACT, contact_id)


def company_merge(request: HttpRequest, company_id: int, twin_id: int) -> HttpResponse:
    """Compare two companies field by field, then merge them."""
    return _merge(request, Merge.Noun.COMPANY, company_id, twin_id)


def contact_merge(request: HttpRequest, contact_id: int, contact_twin_id: int) -> HttpResponse:
    """Compare two contacts field by field, then merge them."""
    return _merge(request, Merge.Noun.CONTACT, contact_id, contact_twin_id)


def _pick(request: HttpRequest, noun: Merge.Noun, record_id: int) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    record, found = merge_candidates(actor=actor_of(request), noun=noun, record_id=record_id, q=q)
    context = {
        "record": record,
        "q": q,
        "record_url": _page(noun, record_id),
        "found": [(each, reverse(f"customers:{noun}_merge", args=[record_id, each.pk])) for each in found],
    }  # fmt: skip
    return render(request, "customers/merge/pick.html", context)


def _merge(request: HttpRequest, noun: Merge.Noun, kept_id: int, gone_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        form = MergeForm(request.POST, noun=noun)
        merge = merge_records(
            actor=actor, noun=noun, kept_id=kept_id, gone_id=gone_id, take=form.taken(), at=timezone.now()
        )  # fmt: skip
        undo = reverse("customers:merge_undo", args=[merge.pk])
        messages.success(request, _("The two records are one now."), extra_tags=undo)
        return redirect(_page(noun, kept_id))
    preview = preview_of(actor=actor, noun=noun, kept_id=kept_id, gone_id=gone_id)
    context = {
        "preview": preview,
        "choices": [(choice, label_of(noun, choice.name)) for choice in preview.choices],
        "kept_url": _page(noun, kept_id),
        "swap_url": reverse(f"customers:{noun}_merge", args=[gone_id, kept_id]),
    }
    return render(request, "customers/merge/form.html", context)


@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Make two records of one again."""
    back: Record = undo_merge(actor=actor_of(request), merge_id=merge_id, at=timezone.now())
    messages.success(request, _("The merge has been undone."))
    return redirect(_page(Merge.Noun(str(back._meta.model_name)), back.pk))


def _page(noun: Merge.Noun, record_id: int) -> str:
    name = "company_detail" if noun == Merge.Noun.COMPANY else "contact_edit"
    return reverse(f"customers:{name}", args=[record_id])
