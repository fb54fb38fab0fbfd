"""How does one see and hand over what is held on a person?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from koers.core.audit_words import noun_label
from koers.core.errors import RuleError
from koers.core.exports import xlsx_response
from koers.core.field_words import field_label
from koers.core.privacy.erasure import ERASABLE, Step
from koers.core.privacy.held import Held, HeldPart, Way
from koers.core.privacy.labels import TERMS, Kind, Outcome
from koers.core.reads import NOUNS
from koers.home.actions.person import erase_person, export_held
from koers.home.queries.person import (
    erasure_of_person,
    held_on_person,
    people_called,
    person_for,
)
from koers.home.queries.person_file import WAYS, as_json, as_sheet, not_searched
from koers.home.queries.read import reads_matching
from koers.home.views.read import read_lines
from koers.organisation.requests import actor_of

SHOWN_READS = 5
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


def person_erase(request: HttpRequest, kind: str, person_id: int) -> HttpResponse:
    """What an erasure would do, and doing it once the name has been typed."""
    actor, today = actor_of(request), timezone.localdate()
    refusal = ""
    if request.method == "POST":
        typed = request.POST.get("name", "")
        try:
            _person, rows = erase_person(actor=actor, kind=kind, person_id=person_id, typed_name=typed, at=timezone.now())  # fmt: skip
        except RuleError as error:
            if error.status != RuleError.status:
                raise
            refusal = str(error)
        else:
            messages.success(request, _("Erased; %(rows)s rows were changed.") % {"rows": rows})
            return redirect("home:person_detail", kind=kind, person_id=person_id)
    person = person_for(actor=actor, kind=kind, person_id=person_id)
    may_erase = person.kind in ERASABLE
    steps = erasure_of_person(actor=actor, person=person, today=today) if may_erase else []
    context = {
        "person": person, "may_erase": may_erase, "refusal": refusal, "typed": request.POST.get("name", ""),
        "lines": [
            {
                "noun": noun_label(step.part.noun, 2), "count": step.part.count, "outcome": step.outcome.label,
                "fields": ", ".join(str(field_label(name)) for name in step.fields), "until": step.until,
                "why": _why(step),
            }
            for step in steps
        ],
    }  # fmt: skip
    return render(request, "home/person/erase.html", context, status=400 if refusal else 200)


def _why(step: Step) -> str:
    """The reason why something stays."""
    if step.is_sealed:
        return _("the audit trail is sealed, so that nobody can rewrite it")
    if step.outcome is not Outcome.KEPT:
        return ""
    return str(TERMS[step.part.processing].basis.label)


def _page(request: HttpRequest, kind: str, person_id: int, held: Held, refusal: str = "") -> HttpResponse:  # fmt: skip
    person = person_for(actor=actor_of(request), kind=kind, person_id=person_id)
    lines = [_line(part) for part in held.parts if part.way is not Way.NAME]
    named = [_line(part) for part in held.parts if part.way is Way.NAME]
    reads = reads_matching(actor=actor_of(request), noun=kind, ids=person.ids, q="")
    context = {
        "person": person, "kind_label": KINDS[Kind(kind)], "lines": lines, "named": named,
        "not_searched": not_searched(held), "refusal": refusal,
        "rows": sum(part.count for part in held.parts if part.way is not Way.NAME),
        "named_rows": sum(part.count for part in held.parts if part.way is Way.NAME),
        "erase_url": reverse("home:person_erase", args=[kind, person_id]) if person.kind in ERASABLE else "",
        "reads": read_lines(list(reads[:SHOWN_READS])), "reads_count": reads.count(),
        "reads_url": f"{reverse('home:read_list')}?noun={kind}&id={person_id}" if kind in NOUNS else "",
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
