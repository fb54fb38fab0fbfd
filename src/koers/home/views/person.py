"""How does one see and hand over what is held on a person?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from koers.core.audit_words import noun_label
from koers.core.errors import RuleError
from koers.core.exports import xlsx_response
from koers.core.privacy.held import Held, HeldPart, Way
from koers.core.privacy.labels import TERMS, Kind
from koers.home.actions.person import export_held
from koers.home.queries.person import held_on_person, people_called, person_for
from koers.home.queries.person_file import WAYS, as_json, as_sheet, not_searched
from koers.organisation.requests import actor_of

KINDS = {
    Kind.CONTACT: pgettext_lazy("kind of person", "Contacts"),
    Kind.LEAD: pgettext_lazy("kind of person", "Leads"),
    Kind.COMPANY: pgettext_lazy("kind of person", "Companies"),
    Kind.USER: pgettext_lazy("kind of person", "People with a log-in"),
}


def person_find(request: HttpRequest) -> HttpResponse:
    """Find the person a request is about, by the beginning of a name or e-mail."""
    q = request.GET.get("q", "").strip()
    found = [(KINDS[kind], kind.value, rows) for kind, rows in people_called(actor=actor_of(request), q=q)]  # fmt: skip
    return render(request, "home/person/find.html", {"q": q, "found": found})


def person_detail(request: HttpRequest, kind: str, person_id: int) -> HttpResponse:
    """What is held on a person, counted per purpose and kind of record."""
    actor = actor_of(request)
    person = person_for(actor=actor, kind=kind, person_id=person_id)
    return _page(request, kind, person_id, held_on_person(actor=actor, person=person, with_values=False))  # fmt: skip


def person_export(request: HttpRequest, kind: str, person_id: int) -> HttpResponse:
    """Everything as a file, on POST; the trail tells that it was taken out."""
    if request.method != "POST":
        return person_detail(request, kind, person_id)
    actor, at = actor_of(request), timezone.now()
    name = f"person-{kind}-{person_id}"
    try:
        person, held = export_held(actor=actor, kind=kind, person_id=person_id, named="named" in request.POST, at=at)  # fmt: skip
        if request.POST.get("file") == "xlsx":
            return xlsx_response(name, *as_sheet(person, held))
    except RuleError as refusal:
        if refusal.status != RuleError.status:
            raise
        person = person_for(actor=actor, kind=kind, person_id=person_id)
        counted = held_on_person(actor=actor, person=person, with_values=False)
        return _page(request, kind, person_id, counted, refusal=str(refusal))
    answer = HttpResponse(as_json(person, held, at=at), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


def _page(request: HttpRequest, kind: str, person_id: int, held: Held, refusal: str = "") -> HttpResponse:  # fmt: skip
    person = person_for(actor=actor_of(request), kind=kind, person_id=person_id)
    lines = [_line(part) for part in held.parts if part.way is not Way.NAME]
    named = [_line(part) for part in held.parts if part.way is Way.NAME]
    context = {
        "person": person, "kind_label": KINDS[Kind(kind)], "lines": lines, "named": named,
        "not_searched": not_searched(held), "refusal": refusal,
        "rows": sum(part.count for part in held.parts if part.way is not Way.NAME),
        "named_rows": sum(part.count for part in held.parts if part.way is Way.NAME),
        "export_url": reverse("home:person_export", args=[kind, person_id]),
    }  # fmt: skip
    return render(request, "home/person/detail.html", context, status=400 if refusal else 200)


def _line(part: HeldPart) -> dict[str, object]:
    terms = TERMS[part.processing]
    return {
        "noun": noun_label(part.noun, 2), "count": part.count, "cut": part.cut, "way": WAYS[part.way],
        "purpose": part.processing.label, "basis": terms.basis.label,
        "term": _("%(months)s months") % {"months": terms.months},
    }  # fmt: skip
