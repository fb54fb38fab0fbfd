"""How does a seller read what he or she is paid, dispute it, and take it along on paper?"""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.exports import xlsx_response
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.pay import answer_dispute, close_statement, dispute_statement
from koers.plan.figures.pay import Statement, StatementLine, commission_of
from koers.plan.figures.pay_statement import days_there, open_standings, statement_at
from koers.plan.forms.pay import CloseForm
from koers.plan.models import PayStatement
from koers.plan.queries.pay import order_heads, statements_visible_to
from koers.plan.views.pay_paper import statement_pdf
from koers.plan.views.pay_plan import pay_tabs
from koers.plan.views.pay_words import EXPRESSIONS, KINDS, line_words, terms_of_plan
from koers.sell.queries.order import orders_visible_to

SHOWN = 50
FORMULAS = {"bonus": "F2.11", "team": "F2.11"}
COLUMNS = (
    Column("period", gettext_lazy("Period"), "period_start", kind="date"), Column("seller", gettext_lazy("Seller"), "person__full_name"), Column("plan", gettext_lazy("Plan"), "plan__name"),
    Column("sales", gettext_lazy("Sold"), "sales", numeric=True), Column("total", gettext_lazy("Payout"), "total", numeric=True),
    Column("closed", gettext_lazy("Closed"), "closed_at"), Column("state", gettext_lazy("Dispute"), "is_disputed"),
)  # fmt: skip
STATES = (("open", gettext_lazy("Not answered yet")),)


def pay_statement_list(request: HttpRequest) -> HttpResponse:
    """What runs, what can be closed, and every closed statement."""
    actor, today = actor_of(request), timezone.localdate()
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-period", filters=(Filter("dispute", _("Dispute"), STATES),))  # fmt: skip
    rows = statements_visible_to(actor)
    if state.q:
        rows = rows.filter(person__full_name__icontains=state.q)
    if state.values.get("dispute"):
        rows = rows.filter(disputes__answer="")
    leads = may(actor, Right.SEE_TEAM)
    context = {
        "state": state, "page": page_of(rows, state), "tabs": pay_tabs("statements", leads=leads), "standings": open_standings(actor=actor, today=today),
        "leads": leads, "may_edit": may(actor, Right.EDIT_TARGETS), "last_day": today - timedelta(days=1),
    }  # fmt: skip
    return render(request, "plan/pay_statement/list.html", context)


def pay_statement(request: HttpRequest, seller_id: int, day: str) -> HttpResponse:
    """A statement: read, as PDF or workbook; closed, disputed or answered by a post."""
    actor = actor_of(request)
    start = _day(day)
    there = _there(request)
    statement = statement_at(actor=actor, seller_id=seller_id, start=start, there=there)
    if request.method == "POST":
        return _post(request, actor, statement)
    kind = request.GET.get("export", "")
    if kind in ("pdf", "xlsx"):
        return _export(statement, kind)
    return render(request, "plan/pay_statement/detail.html", _context(actor, statement, _close_form(statement, there)))  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFoundError(_("There is no statement from this day on.")) from error


def _there(request: HttpRequest) -> tuple[date, date] | None:
    data = request.POST or request.GET
    if not data.get("first"):
        return None
    form = CloseForm(data)
    if not form.is_valid():
        raise RuleError("; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items()))  # fmt: skip
    return form.there()


def _close_form(statement: Statement, there: tuple[date, date] | None) -> CloseForm:
    if there is None:
        stretch = days_there(statement.period, statement.seller)
        there = (stretch.start, stretch.end)
    return CloseForm(initial={"first": there[0], "last": there[1] - timedelta(days=1), "seal": statement.seal})  # fmt: skip


def _post(request: HttpRequest, actor: Actor, statement: Statement) -> HttpResponse:
    step, now = request.POST.get("step", ""), timezone.now()
    start, stored = statement.period.start, statement.closed
    if step == "close":
        close_statement(
            actor=actor, seller_id=statement.seller.pk, start=start, there=_there(request), seal=request.POST.get("seal", ""), at=now
        )  # fmt: skip
        messages.success(request, _("The statement is closed; from now on it is frozen."))
    elif stored is None:
        require(actor, Right.EDIT_TARGETS)
        raise RuleError(_("A statement can be disputed when it is closed."))
    elif step == "answer":
        answer_dispute(actor=actor, statement_id=stored.pk, answer=request.POST.get("answer", ""), at=now)  # fmt: skip
        messages.success(request, _("The answer has been sent."))
    else:
        dispute_statement(actor=actor, statement_id=stored.pk, text=request.POST.get("text", ""), at=now)  # fmt: skip
        messages.success(request, _("Your dispute has been put down; your manager answers it here."))  # fmt: skip
    return redirect("plan:pay_statement", seller_id=statement.seller.pk, day=start.isoformat())


def _context(actor: Actor, statement: Statement, form: CloseForm) -> dict[str, Any]:
    stored = statement.closed
    own, leads = statement.seller.pk == actor.user_id, may(actor, Right.EDIT_TARGETS)
    corrected = periods_corrected(statement)
    disputes = list(stored.disputes.all()) if stored else []
    is_open = any(not each.answer for each in disputes)
    first, last = form["first"].value(), form["last"].value()
    query = "" if stored else f"?first={first:%Y-%m-%d}&last={last:%Y-%m-%d}"
    address = reverse("plan:pay_statement", args=[statement.seller.pk, statement.period.start.isoformat()])  # fmt: skip
    return {
        "statement": statement, "form": form, "own": own, "stored": stored, "disputes": disputes, "terms": terms_of_plan(statement.plan),
        "lines": [(line_words(each, statement.currency, corrected), _line_url(statement, str(place), query)) for place, each in enumerate(statement.lines, 1)],
        "total_url": _line_url(statement, "total", query), "sold_url": _line_url(statement, "sold", query), "attainment_url": _line_url(statement, "attainment", query),
        "is_over": statement.period.end <= timezone.localdate(),
        "may_close": leads and not own and stored is None, "may_dispute": own and stored is not None and not is_open, "may_answer": leads and not own and is_open,
        "pdf_url": f"{address}{query or '?'}{'&' if query else ''}export=pdf", "xlsx_url": f"{address}{query or '?'}{'&' if query else ''}export=xlsx",
        "tabs": pay_tabs("statements", leads=may(actor, Right.SEE_TEAM)),
    }  # fmt: skip


def _line_url(statement: Statement, place: str, query: str) -> str:
    return reverse("plan:pay_line", args=[statement.seller.pk, statement.period.start.isoformat(), place]) + query  # fmt: skip


def periods_corrected(statement: Statement) -> dict[int, str]:
    """The periods of the statements that are corrected, in words."""
    keys = [each.corrects for each in statement.lines if each.corrects]
    found = PayStatement.objects.filter(pk__in=keys)
    return {each.pk: f"{formats.day(each.period_start)} – {formats.day(each.last_day)}" for each in found}  # fmt: skip


def pay_line(request: HttpRequest, seller_id: int, day: str, line: str) -> HttpResponse:
    """The panel of a line (by its place) with its orders, or of payout, sales or attainment."""
    actor = actor_of(request)
    statement = statement_at(actor=actor, seller_id=seller_id, start=_day(day), there=_there(request))  # fmt: skip
    panels = {"total": _total_panel, "sold": _sold_panel, "attainment": _attainment_panel}
    if line in panels:
        return render_figure(request, panels[line](statement))
    place = record_key(line)
    if place is None or not 1 <= place <= len(statement.lines):
        raise NotFoundError(_("There is no such figure."))
    return render_figure(request, _line_panel(actor, statement, statement.lines[place - 1]))


def _sold_panel(statement: Statement) -> FigurePanel:
    period, currency = statement.period, statement.currency
    lines = f"{reverse('analyse:lines')}?from={period.start}&to={period.last_day}&seller={statement.seller.pk}"  # fmt: skip
    parts = [(str(KINDS[each.line.kind.value]), formats.money(each.line.basis, currency)) for each in statement.lines if each.line.kind.value in ("tier", "accelerated")]  # fmt: skip
    return FigurePanel(
        title=_("Sold"), formula_id="F6.12", formula_url=reverse("analyse:formula_detail", args=["F6.12"]), expression=_("sold = Σ orders − credit notes of orders of this period"),
        value=formats.money(statement.sales, currency), parts=parts, period=period,
        filters=[statement.seller.full_name, str(statement.plan.get_measure_display()), _("goods, without fees")],
        notes=[_("A credit note counts in the period of the order it credits; a divided order for its share.")], rows_url=lines,
    )  # fmt: skip


def _attainment_panel(statement: Statement) -> FigurePanel:
    currency, value = statement.currency, statement.attainment
    parts = [(_("Numerator: sold"), formats.money(statement.sales, currency)), (_("Denominator: quota"), formats.money(statement.quota, currency) if statement.quota else "–")]  # fmt: skip
    return FigurePanel(
        title=_("Attainment"), formula_id="F2.11", formula_url=reverse("analyse:formula_detail", args=["F2.11"]), expression=_("attainment = sold ÷ quota"),
        value=None if value is None else formats.share(value), parts=parts, period=statement.period,
        filters=[statement.seller.full_name, str(statement.plan.get_quota_from_display())],
        notes=[_("Of a target that lies partly in the period the days that do are counted.")],
    )  # fmt: skip


def _total_panel(statement: Statement) -> FigurePanel:
    corrected = periods_corrected(statement)
    parts = []
    for each in statement.lines:
        words = line_words(each, statement.currency, corrected)
        parts.append((f"{words['label']} ({words['note']})", formats.money(each.line.amount, statement.currency)))  # fmt: skip
    return FigurePanel(
        title=_("Payout"), formula_id="F6.12", formula_url=reverse("analyse:formula_detail", args=["F6.12"]),
        expression=_("payout = base pay + commission + bonuses, at most the cap, + corrections"), value=formats.money(statement.total, statement.currency),
        parts=parts, period=statement.period, filters=[statement.seller.full_name, statement.plan.name],
        notes=[_("Lines are rounded so that they add up to the payout to the cent.")],
    )  # fmt: skip


def _line_panel(actor: Actor, statement: Statement, each: StatementLine) -> FigurePanel:
    words = line_words(each, statement.currency, periods_corrected(statement))
    kind, currency = each.line.kind.value, statement.currency
    formula = FORMULAS.get(kind, "F6.12")
    parts = [(_("Basis"), words["basis"])] + ([(_("Rate"), words["rate"])] if words["rate"] else [])
    parts.append((_("Explanation"), words["note"]))
    sources = each.line.sources
    heads = order_heads([source.order_id for source in sources[:SHOWN]])
    seen = set(orders_visible_to(actor).filter(pk__in=heads).values_list("pk", flat=True))
    rows = []
    for source in sources[:SHOWN]:
        order = heads.get(source.order_id)
        brought = commission_of(each, source)
        named = order is not None and order.pk in seen
        rows.append([
            str(order) if order else "–", formats.day(order.ordered_on) if order else "–", str(order.company or "–") if order and named else "–",
            formats.money(source.amount, currency), "–" if brought is None else formats.money(brought, currency),
        ])  # fmt: skip
    notes = []
    if len(sources) > SHOWN:
        notes.append(_("The first %(shown)s of %(count)s orders; the workbook holds all.") % {"shown": SHOWN, "count": len(sources)})  # fmt: skip
    return FigurePanel(
        title=str(KINDS[kind]), formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]), expression=str(EXPRESSIONS[kind]),
        value=formats.money(each.line.amount, currency), parts=parts, period=statement.period, filters=[statement.seller.full_name, statement.plan.name],
        notes=notes, rows_count=len(sources) or None, columns=[_("Order"), _("Date"), _("Company"), _("Counts"), _("Brings")] if rows else (), rows=rows,
        numeric_columns=frozenset({3, 4}),
    )  # fmt: skip


def _export(statement: Statement, kind: str) -> HttpResponse:
    name = f"pay-{statement.seller.pk}-{statement.period.start:%Y-%m-%d}"
    corrected = periods_corrected(statement)
    lines = [line_words(each, statement.currency, corrected) for each in statement.lines]
    if kind == "pdf":
        content = statement_pdf(statement, lines)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "X-Content-Type-Options": "nosniff"})  # fmt: skip
    heads = [
        _("Line"),
        _("Explanation"),
        _("Order"),
        _("Date"),
        _("Counts"),
        _("Rate"),
        _("Amount"),
    ]
    orders = order_heads({source.order_id for each in statement.lines for source in each.line.sources})  # fmt: skip
    rows: list[list[object]] = []
    for words, each in zip(lines, statement.lines, strict=True):
        rows.append([words["label"], words["note"], "", None, each.line.basis, each.line.rate, each.line.amount])  # fmt: skip
        for source in each.line.sources:
            order = orders.get(source.order_id)
            rows.append([words["label"], "", str(order or ""), order.ordered_on if order else None, source.amount, each.line.rate, None])  # fmt: skip
    rows.append([_("Payout"), "", "", None, None, None, statement.total])
    return xlsx_response(name, heads, rows)
