"""What may be set up about a web form, and what may a visitor fill in?"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.errors import StaleVersionError
from koers.customers.models import Consent
from koers.sell.forms.lead import LeadForm
from koers.sell.models import LeadSource, WebForm
from koers.sell.models.web_form import ASKABLE, LANGUAGES, NAMES, WAYS_BACK

ANSWER = [("no", _("not asked")), ("may", _("asked")), ("must", _("must be filled in"))]
ANSWERED = {None: "no", False: "may", True: "must"}
USUAL = {"company_name": "may", "last_name": "must", "email": "must", "phone": "may", "need": "may"}
VISITOR_WORDS = {
    "company_name": pgettext_lazy("asked of a visitor", "Company"),
    "need": pgettext_lazy("asked of a visitor", "Your question"),
}
AUTOCOMPLETE = {
    "company_name": "organization", "first_name": "given-name", "last_name": "family-name", "job_title": "organization-title",
    "email": "email", "phone": "tel", "city": "address-level2",
}  # fmt: skip


class WebFormForm(forms.Form):
    """A form on the web: its words, what it asks, where its leads come from, who may show it."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For yourselves; visitors do not see it."))  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=120)
    intro = forms.CharField(
        label=_("Introduction"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Source"), choices=LeadSource.choices, initial="website")
    source_detail = forms.CharField(label=_("Which fair, campaign or reference?"), max_length=120, required=False)  # fmt: skip
    consent_text = forms.CharField(
        label=_("Sentence of consent"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands beside a box that is not ticked. The very sentence is kept with the lead as proof, and goes to the ledger of consent when it is converted. Empty: nothing is asked."),
    )  # fmt: skip
    consent_channel = forms.ChoiceField(label=_("Consent for"), choices=Consent.Channel.choices, initial="mail")  # fmt: skip
    thanks = forms.CharField(label=_("Word of thanks"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    sites = forms.CharField(
        label=_("Sites that may show it in their pages"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as https://www.example.com. Empty: by its link alone."),
    )  # fmt: skip
    is_open = forms.BooleanField(label=_("Open: it takes messages"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASKABLE:
            self.fields[f"ask_{name}"] = forms.ChoiceField(
                label=LeadForm.base_fields[name].label, choices=ANSWER, initial=USUAL.get(name, "no")
            )  # fmt: skip

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that say what is asked."""
        return [self[f"ask_{name}"] for name in ASKABLE]

    @property
    def words(self) -> list[forms.BoundField]:
        """What visitors read."""
        return [self[name] for name in ("name", "language", "title", "intro", "thanks")]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What becomes of a message, and where the form may stand."""
        names = ("source", "source_detail", "consent_text", "consent_channel", "sites", "is_open", "version")  # fmt: skip
        return [self[name] for name in names]

    def clean_sites(self) -> list[str]:
        """Origins, one a line, without the slash at their end."""
        lines = (line.strip().lower().rstrip("/") for line in self.cleaned_data["sites"].splitlines())  # fmt: skip
        return list(dict.fromkeys(line for line in lines if line))

    def clean_name(self) -> str:
        """A name is there once, so that one knows which form is meant."""
        name: str = self.cleaned_data["name"]
        if WebForm.objects.filter(name=name).exclude(pk=self.initial.get("id", 0)).exists():
            raise ValidationError(_("There is a web form of this name already."))
        return name

    def values(self) -> dict[str, Any]:
        """What the actions need."""
        data = self.cleaned_data
        asked = {name: data[f"ask_{name}"] == "must" for name in ASKABLE if data[f"ask_{name}"] != "no"}  # fmt: skip
        plain = "name language title intro source source_detail consent_text consent_channel thanks sites is_open"
        return {name: data[name] for name in plain.split()} | {"asked": asked}


def initial_of(web_form: WebForm) -> dict[str, Any]:
    """A stored form as its page shows it."""
    found = {name: getattr(web_form, name) for name in (*WebFormForm.base_fields, "id")}
    found |= {f"ask_{name}": ANSWERED[web_form.asked.get(name)] for name in ASKABLE}
    return found | {"sites": "\n".join(web_form.sites)}


def open_for_clash(clash: StaleVersionError) -> None:
    """Say what is asked, and the sites, in words, and lay what others changed in the fields of the page."""
    for name, (read, stored, wanted) in clash.clashes.items():
        if name in ("asked", "sites"):
            clash.clashes[name] = (_in_words(read), _in_words(stored), _in_words(wanted))
    if "sites" in clash.merged:
        clash.merged["sites"] = _in_words(clash.merged["sites"])
    if "asked" in clash.merged:
        asked: Any = clash.merged.pop("asked")
        clash.merged.update({f"ask_{name}": ANSWERED[asked.get(name)] for name in ASKABLE})


def _in_words(value: Any) -> str | None:
    if isinstance(value, dict):
        words = dict(ANSWER)
        return ", ".join(f"{LeadForm.base_fields[name].label}: {words[ANSWERED[must]]}" for name, must in value.items())  # fmt: skip
    return None if value is None else "\n".join(value)


class VisitorForm(forms.Form):
    """What a visitor sees: the fields that are asked, and the box of consent."""

    def __init__(self, *args: Any, web_form: WebForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template = LeadForm.base_fields
        for name in ASKABLE:
            if name not in web_form.asked:
                continue
            like: Any = template[name]
            widget = forms.Textarea(attrs={"rows": 4}) if name == "need" else forms.TextInput()
            if name in WAYS_BACK:
                widget.input_type = {"email": "email", "phone": "tel"}[name]  # type: ignore[union-attr]
            if name in AUTOCOMPLETE:
                widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
            self.fields[name] = type(like)(
                label=VISITOR_WORDS.get(name, like.label), max_length=like.max_length, required=web_form.asked[name], widget=widget
            )  # fmt: skip
        if web_form.consent_text:
            self.fields["consent"] = forms.BooleanField(label=web_form.consent_text, required=False)

    def clean(self) -> dict[str, Any]:
        """A company or a person is named, and there is a way to answer."""
        data = super().clean() or self.cleaned_data
        for names, words in ((NAMES, _("Write your name or your company.")), (WAYS_BACK, _("Write how we can reach you."))):  # fmt: skip
            asked = [name for name in names if name in self.fields]
            if not self.errors.keys() & set(asked) and not any(data.get(name) for name in asked):
                self.add_error(asked[0], ValidationError(words))
        return data

    def values(self) -> dict[str, str]:
        """What was written."""
        return {name: value for name, value in self.cleaned_data.items() if name != "consent"}
