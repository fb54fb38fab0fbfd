"""How do all parts of the page look together? Shown to developers only, with made-up rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from koers.core import charts, formats
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.core.tables import Column, Filter, ListState, Page

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
COMPUTED = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
ROWS_IN_ALL = 180
COLUMNS = (
    Column("name", "Company", "name"),
    Column("class", "Class", "customer_class"),
    Column("phase", "Phase", "phase"),
    Column("owner", "Owner", "owner"),
    Column("turnover", "Turnover", "turnover", numeric=True),
    Column("margin", "Margin", "margin", numeric=True),
    Column("last", "Last order", "last"),
    Column("city", "City", "city", visible_by_default=False),
)
FILTERS = (Filter("class", "Class", (("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"))),)
NAMES = (
    "Van Dijk Bouw",
    "Noordzee Logistiek",
    "Bakkerij De Korenaar",
    "Helder Interieur",
    "Maas Metaal",
)
PEOPLE = ("Anna de Vries", "Bram Jansen", "Carla Smit")
PHASES = ("prospect", "start", "growth", "saturation", "revitalisation", "farewell")


@dataclass(frozen=True)
class GalleryRow:
    """A row that nobody sold to."""

    pk: int
    name: str
    customer_class: str
    phase: str
    owner: str
    turnover: Decimal
    margin: Decimal | None
    last: date
    city: str


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(max_length=200, help_text="As on the invoice.")
    segment = forms.ChoiceField(choices=[("", "Choose a segment"), ("b", "Construction")])
    amount = forms.DecimalField(label="Credit limit", required=False)
    share = forms.DecimalField(label="Discount", required=False)
    since = forms.DateField(
        label="Customer since", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        choices=[("mail", "E-mail"), ("phone", "Telephone")], widget=forms.RadioSelect
    )
    active = forms.BooleanField(label="Send the newsletter", required=False)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


@dataclass(frozen=True)
class GalleryTab:
    """A tab of nowhere."""

    label: str
    url: str
    current: bool
    count: int | None = None


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part once."""
    state = ListState.from_request(
        request, columns=COLUMNS, default_sort="-turnover", filters=FILTERS
    )
    if request.GET.get("toast"):
        messages.success(request, "Van Dijk Bouw was archived.", extra_tags=reverse("gallery"))
    form = (
        GalleryForm({"name": "", "segment": "x", "channel": "mail"})
        if "bad" in request.GET
        else GalleryForm()
    )
    context = {
        "state": state,
        "page": _page(state),
        "form": form,
        "panel_url": reverse("gallery_figure"),
        "tabs": [
            GalleryTab("Overview", "#", current=True),
            GalleryTab("Orders", "#orders", current=False, count=1240),
            GalleryTab("Contacts", "#contacts", current=False, count=4),
        ],
        "trend": [12, 14, 13, 17, 16, 19, 18, 22, 21, 24, 26, 25],
        "clash": [
            {
                "name": "city",
                "label": "City",
                "read": "Zwolle",
                "stored": "Deventer",
                "wanted": "Apeldoorn",
            }
        ],
        "share_of_a": Decimal("0.2417"),
        "turnover": Decimal("1234567.50"),
        "now": COMPUTED,
        **_charts(),
    }
    return render(request, "ui/gallery.html", context)


def gallery_figure(request: HttpRequest) -> HttpResponse:
    """Open a figure of nowhere."""
    panel = FigurePanel(
        title="Share of class A in turnover",
        formula_id="F2.4",
        formula_url="#",
        expression="turnover of class A ÷ turnover of all customers",
        value=formats.share(Decimal("0.6412")),
        parts=[
            ("Turnover of class A", formats.money(Decimal("791604.00"))),
            ("Turnover of all customers", formats.money(Decimal("1234567.50"))),
        ],
        period=YEAR,
        filters=["Territory: North"],
        computed_at=COMPUTED,
        notes=["12 orders without a customer are left out."],
        rows_url="#rows",
        rows_count=ROWS_IN_ALL,
        columns=["Company", "Turnover"],
        rows=[(row.name, formats.money(row.turnover)) for row in _rows()[:6]],
        numeric_columns=frozenset({1}),
    )
    return render_figure(request, panel)


def _rows() -> list[GalleryRow]:
    return [
        GalleryRow(
            pk=index + 1,
            name=f"{NAMES[index % len(NAMES)]} {index + 1}",
            customer_class="ABCD"[min(3, index // 4)],
            phase=PHASES[index % len(PHASES)],
            owner=PEOPLE[index % len(PEOPLE)],
            turnover=Decimal(250_000) / (index + 1),
            margin=None if index % 7 == 6 else Decimal("0.42") - Decimal(index % 9) / 50,
            last=date(2026, 11, 20) - timedelta(days=index * 3),
            city="Zwolle",
        )
        for index in range(ROWS_IN_ALL)
    ]


def _page(state: ListState) -> Page:  # type: ignore[type-arg]
    pages = Paginator(_rows(), state.size)
    page = pages.get_page(state.page)
    return Page(
        rows=list(page),
        state=state,
        total=pages.count,
        total_is_exact=True,
        has_next=page.has_next(),
    )


def _charts() -> dict[str, object]:
    months = [formats.month(date(2026, number, 1)) for number in range(1, 13)]
    this_year = [82, 91, 88, 97, 104, 99, 93, 101, 118, 121, 126, None]
    last_year = [79, 80, 86, 90, 92, 95, 90, 96, 104, 108, 112, 119]
    urls = [f"{reverse('gallery_figure')}?month={number}" for number in range(1, 13)]
    thousands = [None if value is None else value * 1000 for value in this_year]
    before = [value * 1000 for value in last_year]
    return {
        "line": charts.Chart(
            "line",
            months,
            [charts.Series("2026", thousands, urls), charts.Series("2025", before, dashed=True)],
            area=True,
            format="money",
            currency="EUR",
            digits=0,
            panel=True,
        ),
        "bars": charts.Chart(
            "bar",
            ["Q1", "Q2", "Q3", "Q4"],
            [
                charts.Series("Existing", [210, 240, 230, 260]),
                charts.Series("New", [40, 55, 61, 70]),
            ],
            stacked=True,
        ),
        "flow": charts.Sankey(
            [
                ("a1", "Start"),
                ("a2", "Growth"),
                ("b1", "Growth"),
                ("b2", "Saturation"),
                ("b3", "Farewell"),
            ],
            [
                charts.Flow("a1", "b1", 30),
                charts.Flow("a1", "b3", 8),
                charts.Flow("a2", "b1", 40),
                charts.Flow("a2", "b2", 22),
            ],
            heads=("From", "To", "Customers"),
        ),
        "heat": charts.HeatMap(
            ["1", "2", "3", "4", "5"],
            ["Recency 5", "Recency 4", "Recency 3"],
            [[12, 9, 14, 20, 31], [8, 7, 11, 13, 9], [22, 4, None, 3, 2]],
        ),
        "bands": [
            charts.Band("A", "Top", "12 customers", "64.1% of turnover", "#a"),
            charts.Band("B", "Large", "41 customers", "21.8% of turnover", "#b"),
            charts.Band("C", "Middle", "160 customers", "10.2% of turnover", "#c"),
            charts.Band("D", "Small", "611 customers", "3.9% of turnover", "#d"),
        ],
    }
