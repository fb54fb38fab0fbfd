"""How are figures and parts of the page written in a template?"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koers.core import audit_words, formats
from koers.core.money import Money
from koers.core.templatetags import drawings

register = template.Library()
Amount = Money | Decimal | int | float | None
CLASS_LETTERS = {"A", "B", "C", "D"}
PHASE_TONES = {
    "prospect": "",
    "start": "info",
    "growth": "good",
    "saturation": "accent",
    "revitalisation": "warn",
    "farewell": "bad",
}


def _or_dash(write: Callable[[Any], str], value: object) -> str | SafeString:
    return nothing() if value is None or value == "" else write(value)


@register.simple_tag(name="none")
def nothing(reason: str = "") -> SafeString:
    """Write the dash of an absent figure, with the reason for who points at it."""
    words = reason or _("No figure: the data is missing, or there is nothing to divide by.")
    return format_html(
        '<span class="none" title="{}"><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">{}</span></span>',
        words,
        words,
    )


@register.filter
def money(value: Amount, currency: str = "EUR") -> str:
    """€1,234.50 or € 1.234,50."""
    return _or_dash(lambda amount: formats.money(amount, currency), value)


@register.filter
def money_whole(value: Amount, currency: str = "EUR") -> str:
    """€1,235 or € 1.235."""
    return _or_dash(lambda amount: formats.money(amount, currency, digits=0), value)


@register.filter
def money_short(value: Amount, currency: str = "EUR") -> str:
    """€1.2M or € 1,2 mln."""
    return _or_dash(lambda amount: formats.money_short(amount, currency), value)


@register.filter
def share(value: Decimal | float | None, digits: int = 1) -> str:
    """Write a share of 0-1 as 24.0% or 24,0 %."""
    return _or_dash(lambda part: formats.share(part, digits), value)


@register.filter
def number(value: Decimal | float | None, digits: int | None = None) -> str:
    """1,234.5 or 1.234,5."""
    return _or_dash(lambda amount: formats.number(amount, digits), value)


@register.filter
def number_short(value: Decimal | float | None) -> str:
    """1.2M or 1,2 mln."""
    return _or_dash(formats.number_short, value)


@register.filter
def signed_share(value: Decimal | float | None, digits: int = 1) -> str:
    """+4.0% or −4,0 %."""
    return _or_dash(lambda part: formats.signed(formats.share(part, digits), part), value)


@register.filter
def signed_points(value: Decimal | float | None, digits: int = 1) -> str:
    """+4.0 pts or −4,0 procentpunt."""
    return _or_dash(lambda part: formats.signed_points(part, digits), value)


@register.filter
def signed_money(value: Decimal | None, currency: str = "EUR") -> str:
    """+€1,200 or −€1,200, in whole units."""
    return _or_dash(lambda amount: formats.signed_money(amount, currency), value)


@register.filter
def signed_number(value: Decimal | float | None, digits: int = 1) -> str:
    """+0.8 or −1.2: a difference of two scores."""
    return _or_dash(lambda number: formats.signed(formats.number(number, digits), number), value)


@register.filter
def signed_cents(value: Decimal | None, currency: str = "EUR") -> str:
    """+€1,200.50 or −€1,200.50, where amounts must add up to the cent."""
    return _or_dash(lambda amount: formats.signed_money(amount, currency, digits=2), value)


@register.filter
def day(value: date | datetime | None) -> str:
    """23 Nov 2026."""
    return _or_dash(formats.day, value)


@register.filter
def moment(value: datetime | None) -> str:
    """23 Nov 2026, 14:05."""
    return _or_dash(formats.moment, value)


@register.filter
def month(value: date | None) -> str:
    """Nov 2026."""
    return _or_dash(formats.month, value)


@register.filter
def get(mapping: Any, key: object) -> object:
    """Value of a key; nothing where it is absent."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def initials(name: str) -> str:
    """First letters of the first and last word of a name."""
    words = str(name).split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon of ``frontend/icons.txt``; it says nothing to a screen reader."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def badge(text: object, tone: str = "", icon_name: str = "") -> SafeString:
    """Write a word on a soft ground; tones: good, bad, warn, info, violet, accent, outline."""
    drawing = icon(icon_name, "s") if icon_name else ""
    return format_html(
        '<span class="badge{}">{}{}</span>', f" badge-{tone}" if tone else "", drawing, text
    )


@register.simple_tag
def class_badge(value: str | None, label: object = "") -> SafeString:
    """Write a customer class: the letter on its colour, or the word for inactive and prospect."""
    if not value:
        return nothing(_("Not classified yet."))
    if value in CLASS_LETTERS:
        return format_html(
            '<span class="class-mark class-{}"><span class="visually-hidden">{} </span>{}</span>',
            value.lower(),
            _("Class"),
            value,
        )
    words = {"inactive": _("Inactive"), "prospect": _("Prospect")}
    return badge(label or words.get(value, value), "outline")


@register.simple_tag
def phase_badge(value: str | None, label: object = "") -> SafeString:
    """Write a life-cycle phase: its word, with a dot in the phase's colour."""
    if not value:
        return nothing(_("Not in a phase yet."))
    tone = PHASE_TONES.get(value, "")
    return format_html(
        '<span class="badge{}"><span class="dot" aria-hidden="true"></span>{}</span>',
        f" badge-{tone}" if tone else "",
        label or value,
    )


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Write the initials of a person in a circle; the name itself must stand beside it."""
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', initials(name))


@register.simple_tag
def figure(text: object, url: str = "", label: str = "") -> SafeString:
    """Write a figure that opens the side panel with how it was made."""
    if not url:
        return format_html("{}", text)
    return format_html(
        '<a class="figure-link" href="{}" data-panel aria-haspopup="dialog"{}>{}</a>',
        url,
        format_html(' aria-label="{}: {}"', label, text) if label else "",
        text,
    )


@register.simple_tag
def delta(text: object, value: Decimal | float | None, better: str = "up") -> SafeString:
    """Write a change with its direction; ``better`` is 'up', 'down' or 'none' (no judgement)."""
    if value is None:
        return nothing()
    if value == 0:
        return format_html('<span class="delta">{}{}</span>', icon("minus", "s"), text)
    rises = value > 0
    tone = "" if better == "none" else " delta-good" if rises == (better == "up") else " delta-bad"
    return format_html(
        '<span class="delta{}">{}{}</span>',
        tone,
        icon("trending-up" if rises else "trending-down", "s"),
        text,
    )


@register.inclusion_tag("ui/spark.html")
def spark(values: Sequence[Decimal | float | None]) -> dict[str, object]:
    """Draw a small line of the last values; decoration beside a figure, never alone."""
    return drawings.spark_shape(values)


@register.inclusion_tag("ui/tile.html")
def tile(
    label: object,
    value: object,
    url: str = "",
    *,
    change: object = "",
    spark_values: Sequence[Decimal | float | None] = (),
    note: object = "",
) -> dict[str, object]:
    """Show a headline figure; ``value`` and ``change`` are written already."""
    return {
        "label": label,
        "value": value,
        "url": url,
        "change": change,
        "spark_values": spark_values,
        "note": note,
    }


@register.inclusion_tag("ui/chart.html")
def chart(
    drawing_id: str,
    drawing: Any,
    title: object = "",
    note: object = "",
    *,
    size: str = "",
    level: int = 2,
) -> dict[str, object]:
    """Draw a chart of ``core/charts.py`` with its table; ``size`` is '', 's' or 'l'."""
    return {
        "id": drawing_id,
        "drawing": drawing,
        "data": json_script(drawing.drawing(), f"{drawing_id}-data"),
        "title": title,
        "note": note,
        "size": size,
        "level": level,
    }


@register.inclusion_tag("ui/pyramid.html")
def pyramid(bands: Sequence[Any], title: str) -> dict[str, object]:
    """Draw the customer pyramid of ``core/charts.Band``s, top first; each layer is a link."""
    return {
        "shapes": drawings.pyramid_shapes(bands),
        "title": title,
        "height": drawings.height(bands),
    }


@register.inclusion_tag("ui/field.html")
def field(bound: Any, *, prefix: str = "", suffix: str = "") -> dict[str, object]:
    """Show a form field with label, help and error; ``prefix`` or ``suffix`` is a unit."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "is_check": kind == "checkbox" and not bound.use_fieldset,
        "prefix": prefix,
        "suffix": suffix,
    }


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: Any) -> dict[str, object]:
    """Show all fields of a form, with what is wrong with the whole on top."""
    return {"form": form}


@register.simple_tag
def json_attribute(**values: object) -> SafeString:
    """Write values as the JSON of an attribute such as ``hx-vals``."""
    return mark_safe(json.dumps(values).replace("'", "&#x27;").replace("<", "&lt;"))  # noqa: S308 -- escaped here


register.filter("audit_verb", audit_words.entry_label)
register.filter("audit_channel", audit_words.channel_label)
register.filter("audit_noun", audit_words.noun_label)
register.filter("audit_changes", audit_words.change_words)
