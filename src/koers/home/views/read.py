"""How does one see who looked at a record?"""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.audit_words import CHANNELS, noun_label
from koers.core.entry import record_key
from koers.core.models import RecordRead
from koers.core.reads import NOUNS
from koers.core.tables import Column, Filter, ListState, page_of
from koers.home.queries.read import reads_matching, records_read
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("who", gettext_lazy("Who"), "user__full_name"), Column("record", gettext_lazy("Record")),
    Column("hour", gettext_lazy("In the hour from"), "hour"), Column("channel", gettext_lazy("Through"), "channel"),
)  # fmt: skip
NO_RECORD = -1
ADDRESSES = {
    "company": "customers:company_detail",
    "contact": "customers:contact_edit",
    "lead": "sell:lead_detail",
    "opportunity": "sell:opportunity_detail",
}


def read_list(request: HttpRequest) -> HttpResponse:
    """Who looked at what, the latest first; ``?noun=`` and ``?id=`` choose one record."""
    actor = actor_of(request)
    nouns = [(noun, noun_label(noun)) for noun in NOUNS]
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-hour", filters=(Filter("noun", _("Kind"), nouns), Filter("id", _("Number"))))  # fmt: skip
    number = record_key(state.value("id"))
    ids = () if not state.value("id") else (NO_RECORD if number is None else number,)
    found = reads_matching(actor=actor, noun=state.value("noun"), ids=ids, q=state.q)  # fmt: skip
    page = page_of(found, state)
    context = {"state": state, "page": page, "lines": read_lines(page.rows)}
    return render(request, "home/read/list.html", context)


def read_lines(reads: Sequence[RecordRead]) -> list[dict[str, object]]:
    """The reads as lines of a table; a record that is gone has its number."""
    records = records_read(reads)
    return [
        {
            "who": row.user, "hour": row.hour, "channel": CHANNELS.get(row.channel, row.channel),
            "noun": noun_label(row.noun), "record": records.get((row.noun, row.object_id)) or row.object_id,
            "url": _url(row, records.get((row.noun, row.object_id))),
        }
        for row in reads
    ]  # fmt: skip


def _url(row: RecordRead, record: object) -> str:
    if record is None or getattr(record, "deleted_at", None):
        return ""
    return reverse(ADDRESSES[row.noun], args=[row.object_id])
