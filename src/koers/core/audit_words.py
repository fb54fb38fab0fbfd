"""How does a person read the audit trail: what was done, to what, which fields changed, through which door?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, npgettext_lazy, pgettext_lazy

from koers.core import formats
from koers.core.field_words import field_label
from koers.core.models import AuditEntry

Label = str | Promise
CHANNELS: Mapping[str, Label] = {
    "screen": pgettext_lazy("channel", "screen"),
    "import": pgettext_lazy("channel", "import"),
    "api": pgettext_lazy("channel", "API"),
    "job": pgettext_lazy("channel", "background job"),
    "command": pgettext_lazy("channel", "command line"),
    "demo": pgettext_lazy("channel", "demo company"),
}
VERBS: Mapping[str, Label] = {
    "create": pgettext_lazy("audit", "added"),
    "change": pgettext_lazy("audit", "changed"),
    "update": pgettext_lazy("audit", "changed"),
    "delete": pgettext_lazy("audit", "deleted"),
    "bin": pgettext_lazy("audit", "put in the bin"),
    "restore": pgettext_lazy("audit", "taken out of the bin"),
    "merge": pgettext_lazy("audit", "took over another record"),
    "merged": pgettext_lazy("audit", "merged into another record"),
    "unmerge": pgettext_lazy("audit", "merge undone"),
    "revoke": pgettext_lazy("audit", "withdrew"),
    "log_out": pgettext_lazy("audit", "ended the log-ins of"),
    "pause": pgettext_lazy("audit", "paused"),
    "resume": pgettext_lazy("audit", "resumed"),
    "resume_from_now": pgettext_lazy("audit", "resumed from that moment on"),
    "renew_secret": pgettext_lazy("audit", "gave another secret to"),
    "ask_test": pgettext_lazy("audit", "tested"),
    "start_demo": pgettext_lazy("audit", "began to load the demo company"),
    "load_demo": pgettext_lazy("audit", "loaded the demo company"),
    "remove_demo": pgettext_lazy("audit", "removed the demo company"),
    "access_export": pgettext_lazy("audit", "took out all data on the person"),
    "erase": pgettext_lazy("audit", "erased the person"),
    "let_go": pgettext_lazy("audit", "let go of records after their term, by"),
    "import_done": pgettext_lazy("audit", "imported"),
    "import_refused": pgettext_lazy("audit", "import refused"),
    "import_cancelled": pgettext_lazy("audit", "import cancelled"),
    "import_failed": pgettext_lazy("audit", "import failed"),
    "import_reverted": pgettext_lazy("audit", "import undone"),
}
NOUNS = {
    "absence": npgettext_lazy("record", "absence", "absences"),
    "effortclasscurve": npgettext_lazy(
        "record", "assumption on visits of a class", "assumptions on visits of classes"
    ),
    "effortestimate": npgettext_lazy("record", "estimate of visits", "estimates of visits"),
    "effortrun": npgettext_lazy("record", "division of visits", "divisions of visits"),
    "selleryear": npgettext_lazy("record", "year of a seller", "years of sellers"),
    "actionitem": npgettext_lazy("record", "action item", "action items"),
    "apitoken": npgettext_lazy("record", "API token", "API tokens"),
    "activity": npgettext_lazy("record", "activity", "activities"),
    "buyingcentremember": npgettext_lazy(
        "record", "member of a buying centre", "members of buying centres"
    ),
    "campaign": npgettext_lazy("record", "campaign", "campaigns"),
    "businessunit": npgettext_lazy("record", "business unit", "business units"),
    "callquestion": npgettext_lazy("record", "question for a talk", "questions for talks"),
    "calendarfeed": npgettext_lazy("record", "calendar address", "calendar addresses"),
    "company": npgettext_lazy("record", "company", "companies"),
    "consent": npgettext_lazy("record", "line on consent", "lines on consent"),
    "contact": npgettext_lazy("record", "contact", "contacts"),
    "equityaction": npgettext_lazy(
        "record", "action on a driver of customer equity", "actions on drivers of customer equity"
    ),
    "equityassessment": npgettext_lazy(
        "record", "own scores of the drivers", "own scores of the drivers"
    ),
    "discountpolicy": npgettext_lazy("record", "discount limit", "discount limits"),
    "budget": npgettext_lazy("record", "budget", "budgets"),
    "economicdecision": npgettext_lazy("record", "economic decision", "economic decisions"),
    "keysuccessfactor": npgettext_lazy("record", "key success factor", "key success factors"),
    "factormeasurement": npgettext_lazy(
        "record", "measurement of a key success factor", "measurements of key success factors"
    ),
    "payplan": npgettext_lazy("record", "pay plan", "pay plans"),
    "paystatement": npgettext_lazy("record", "pay statement", "pay statements"),
    "paydispute": npgettext_lazy(
        "record", "dispute of a pay statement", "disputes of pay statements"
    ),
    "planningsession": npgettext_lazy("record", "planning session", "planning sessions"),
    "sessiondecision": npgettext_lazy(
        "record", "decision of a planning session", "decisions of planning sessions"
    ),
    "goal": npgettext_lazy("record", "goal", "goals"),
    "goalmeasurement": npgettext_lazy("record", "measurement of a goal", "measurements of goals"),
    "feedback": npgettext_lazy("record", "answer of a customer", "answers of customers"),
    "feedbackrequest": npgettext_lazy("record", "link for feedback", "links for feedback"),
    "forecastcall": npgettext_lazy("record", "forecast call", "forecast calls"),
    "forecastrun": npgettext_lazy("record", "forecast", "forecasts"),
    "importrun": npgettext_lazy("record", "import", "imports"),
    "lead": npgettext_lazy("record", "lead", "leads"),
    "leadrule": npgettext_lazy("record", "rule for leads", "rules for leads"),
    "need": npgettext_lazy("record", "want of a customer", "wants of customers"),
    "opportunity": npgettext_lazy("record", "opportunity", "opportunities"),
    "order": npgettext_lazy("record", "order", "orders"),
    "orderline": npgettext_lazy("record", "order line", "order lines"),
    "organisation": npgettext_lazy("record", "organisation", "organisations"),
    "pairing": npgettext_lazy("record", "pairing", "pairings"),
    "pipeline": npgettext_lazy("record", "pipeline", "pipelines"),
    "pricebreak": npgettext_lazy("record", "price", "prices"),
    "pricelist": npgettext_lazy("record", "price list", "price lists"),
    "product": npgettext_lazy("record", "product", "products"),
    "productcost": npgettext_lazy("record", "cost", "costs"),
    "productgroup": npgettext_lazy("record", "product group", "product groups"),
    "quote": npgettext_lazy("record", "quote", "quotes"),
    "quoteline": npgettext_lazy("record", "quote line", "quote lines"),
    "numberseries": npgettext_lazy("record", "number series", "number series"),
    "retentionterms": npgettext_lazy("record", "terms of retention", "terms of retention"),
    "ruleset": npgettext_lazy("record", "rule set", "rule sets"),
    "savedview": npgettext_lazy("record", "saved view", "saved views"),
    "segment": npgettext_lazy("record", "segment", "segments"),
    "site": npgettext_lazy("record", "address", "addresses"),
    "sellingtemplate": npgettext_lazy("record", "way of selling", "ways of selling"),
    "stage": npgettext_lazy("record", "stage", "stages"),
    "stagechange": npgettext_lazy("record", "change of stage", "changes of stage"),
    "target": npgettext_lazy("record", "target", "targets"),
    "team": npgettext_lazy("record", "team", "teams"),
    "territory": npgettext_lazy("record", "territory", "territories"),
    "user": npgettext_lazy("record", "person", "people"),
    "wallet": npgettext_lazy("record", "record of purchases a year", "records of purchases a year"),
    "webform": npgettext_lazy("record", "web form", "web forms"),
    "webhook": npgettext_lazy("record", "webhook", "webhooks"),
    "visitexception": npgettext_lazy(
        "record", "exception to a visit norm", "exceptions to visit norms"
    ),
    "visitnormset": npgettext_lazy("record", "set of visit norms", "sets of visit norms"),
}
UNTRAILED_NOUNS = {
    "effortline": npgettext_lazy(
        "record", "customer of a division of visits", "customers of divisions of visits"
    ),
    "effortseller": npgettext_lazy(
        "record", "seller of a division of visits", "sellers of divisions of visits"
    ),
    "ordersplit": npgettext_lazy("record", "share of an order", "shares of orders"),
    "sessionparticipant": npgettext_lazy(
        "record", "participant of a planning session", "participants of planning sessions"
    ),
    "auditentry": npgettext_lazy(
        "record", "entry of the audit trail", "entries of the audit trail"
    ),
    "authenticator": npgettext_lazy("record", "second factor", "second factors"),
    "equityscore": npgettext_lazy("record", "own score of a driver", "own scores of drivers"),
    "budgetpart": npgettext_lazy("record", "part of a budget", "parts of budgets"),
    "campaignmember": npgettext_lazy("record", "member of a campaign", "members of campaigns"),
    "classchange": npgettext_lazy("record", "change of class", "changes of class"),
    "emailaddress": npgettext_lazy(
        "record", "e-mail address for log-in", "e-mail addresses for log-in"
    ),
    "emailconfirmation": npgettext_lazy(
        "record", "confirmation of an e-mail address", "confirmations of e-mail addresses"
    ),
    "externalid": npgettext_lazy("record", "number elsewhere", "numbers elsewhere"),
    "forecastoverride": npgettext_lazy(
        "record", "override of a forecast", "overrides of forecasts"
    ),
    "forecastseries": npgettext_lazy("record", "series of a forecast", "series of forecasts"),
    "idempotentrequest": npgettext_lazy("record", "answer of the API", "answers of the API"),
    "importchange": npgettext_lazy(
        "record", "former value of an import", "former values of imports"
    ),
    "importprofile": npgettext_lazy("record", "import profile", "import profiles"),
    "importrejection": npgettext_lazy("record", "refused row", "refused rows"),
    "job": npgettext_lazy("record", "background job", "background jobs"),
    "merge": npgettext_lazy("record", "merge", "merges"),
    "phaseinterval": npgettext_lazy("record", "time in a phase", "times in phases"),
    "visitnorm": npgettext_lazy("record", "visit norm", "visit norms"),
    "recordread": npgettext_lazy("record", "look at a record", "looks at records"),
    "webhookcall": npgettext_lazy("record", "call of a webhook", "calls of webhooks"),
    "usersession": npgettext_lazy("record", "log-in", "log-ins"),
    "session": npgettext_lazy("record", "log-in session", "log-in sessions"),
}
"""Kinds that no entry of the trail is about; other pages name them."""


def channel_label(name: str) -> str:
    """Through which door, in the reader's language."""
    return str(CHANNELS.get(name, name))


def verb_label(name: str) -> str:
    """What was done, in the reader's language; a word nobody translated is shown as it is."""
    return str(VERBS.get(name, name.replace("_", " ")))


def entry_label(entry: AuditEntry) -> str:
    """What an entry says was done; the bin is a change of one field, but not to its reader."""
    if "deleted_at" in entry.changes:
        return verb_label("bin" if entry.changes["deleted_at"][1] else "restore")
    return verb_label(entry.verb)


class ChangeWords(NamedTuple):
    """One changed field as its reader sees it."""

    field: str
    before: str
    after: str


def change_words(entry: AuditEntry) -> list[ChangeWords]:
    """What changed in an entry, field by field: words for names and for chosen values."""
    model = _model(entry.noun)
    fields = {field.name: field for field in model._meta.concrete_fields} if model else {}
    return [
        ChangeWords(
            field_label(name), *(value_label(_read(value, fields.get(name))) for value in pair)
        )
        for name, pair in entry.changes.items()
    ]


def value_label(value: object) -> str:
    """One audited value: a record's name, yes or no, a list, a dash for nothing, else the value itself."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return str(value.get("label", "…"))
    if isinstance(value, list):
        return ", ".join(value_label(item) for item in value)
    return str(value)


def noun_label(name: str, count: int = 1) -> str:
    """What kind of record, in the reader's language; else the model's own name."""
    words = NOUNS.get(name) or UNTRAILED_NOUNS.get(name)
    if words is not None:
        return str(words % count)
    model = _model(name)
    if model is None:
        return name
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _model(noun: str) -> type[models.Model] | None:
    return next((model for model in apps.get_models() if model._meta.model_name == noun), None)


def _read(value: object, field: "models.Field[object, object] | None") -> object:
    """A value as the trail keeps it, read as its field means it: a choice's word, a day, a moment."""
    if field is None or not isinstance(value, str):
        return value
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    try:
        if isinstance(field, models.DateTimeField):
            return formats.moment(datetime.fromisoformat(value))
        if isinstance(field, models.DateField):
            return formats.day(date.fromisoformat(value))
    except ValueError:  # written by an older form of the field: the trail shows what it holds
        return value
    return value
