"""How is the register of processing shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.exports import xlsx_response
from koers.core.privacy.register import register
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of


def privacy_register(request: HttpRequest) -> HttpResponse:
    """Which personal data is held, why and how long; ``?file=xlsx`` gives the same as a workbook."""
    require(actor_of(request), Right.MANAGE_INSTALLATION)
    parts = [(part, formats.number(part.years, 0)) for part in register()]
    if request.GET.get("file") != "xlsx":
        return render(request, "organisation/privacy/register.html", {"parts": parts})
    heads = [_("Purpose"), _("Legal basis"), _("Intended term in years"), _("Records"), _("Category"), _("Fields"), _("To do at an erasure")]  # fmt: skip
    rows = [
        [str(part.processing.label), str(part.basis.label), part.years, line.noun, str(line.category.label), line.fields, line.outcomes]
        for part, _years in parts
        for line in part.lines
    ]  # fmt: skip
    return xlsx_response("register", heads, rows)
