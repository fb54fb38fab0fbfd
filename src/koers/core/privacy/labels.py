"""Which fields say something of a person? The vocabulary with which each stage labels its models.

A stage keeps its labels in ``personal_data.py``: one ``personal(...)`` or ``not_personal(...)`` per
model. Every field stands in exactly one of its words; a field that stands in none fails the build.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy

OWN = "pk"
ALWAYS_PLAIN = frozenset({"id", "version", "import_run"})
MONTHS_IN_YEAR = 12
FISCAL_YEARS = 7


class Kind(StrEnum):
    """What sort of record a person is: the record that carries the name."""

    CONTACT = "contact"
    LEAD = "lead"
    COMPANY = "company"
    USER = "user"


class Category(models.TextChoices):
    """What a field says of a person (AVG art. 30(1)(c))."""

    NAME = "name", pgettext_lazy("category of data", "name")
    REACH = "reach", pgettext_lazy("category of data", "how to reach someone")
    PLACE = "place", pgettext_lazy("category of data", "address")
    ROLE = "role", pgettext_lazy("category of data", "function and role")
    CHOICE = "choice", pgettext_lazy("category of data", "preferences and permissions")
    NOTE = "note", pgettext_lazy("category of data", "notes in free text")
    DEED = "deed", pgettext_lazy("category of data", "what was done and agreed")
    LINK = "link", pgettext_lazy("category of data", "tie to a person")
    NUMBER = "number", pgettext_lazy("category of data", "number that identifies someone")
    LOG_IN = "log_in", pgettext_lazy("category of data", "log-in and security")
    TRAIL = "trail", pgettext_lazy("category of data", "copy of other fields")
    RESULT = "result", pgettext_lazy("category of data", "results of one's work")


class Basis(models.TextChoices):
    """On which ground one may hold it (AVG art. 6(1))."""

    CONSENT = "consent", pgettext_lazy("legal basis", "consent")
    CONTRACT = "contract", pgettext_lazy("legal basis", "contract")
    DUTY = "duty", pgettext_lazy("legal basis", "legal duty")
    INTEREST = "interest", pgettext_lazy("legal basis", "legitimate interest")


class Outcome(models.TextChoices):
    """What becomes of a field when its person is erased."""

    ERASED = "erased", pgettext_lazy("outcome of erasure", "erased")
    ANONYMISED = "anonymised", pgettext_lazy("outcome of erasure", "anonymised")
    KEPT = "kept", pgettext_lazy("outcome of erasure", "kept until a date")


class Processing(models.TextChoices):
    """For which purpose one holds it: a line of the register (AVG art. 30(1)(b))."""

    RELATIONS = "relations", pgettext_lazy("purpose", "keeping up relations with customers")
    PROSPECTS = "prospects", pgettext_lazy("purpose", "winning customers")
    SALES = "sales", pgettext_lazy("purpose", "quotes, orders and the books")
    PERMISSIONS = "permissions", pgettext_lazy("purpose", "knowing who may be called and mailed")
    TEAM = "team", pgettext_lazy("purpose", "leading the sales team")
    ACCESS = "access", pgettext_lazy("purpose", "log-in and security")
    ACCOUNT = "account", pgettext_lazy("purpose", "showing who changed what")
    DATA_IN = "data_in", pgettext_lazy("purpose", "bringing data in and out, background work")


@dataclass(frozen=True, slots=True)
class Terms:
    """On which ground a purpose rests, and how many months after its last date it ends."""

    basis: Basis
    months: int


TERMS: Mapping[Processing, Terms] = {
    Processing.RELATIONS: Terms(Basis.INTEREST, 36),
    Processing.PROSPECTS: Terms(Basis.INTEREST, 24),
    Processing.SALES: Terms(Basis.DUTY, FISCAL_YEARS * MONTHS_IN_YEAR),
    Processing.PERMISSIONS: Terms(Basis.DUTY, 60),
    Processing.TEAM: Terms(Basis.CONTRACT, 24),
    Processing.ACCESS: Terms(Basis.INTEREST, 12),
    Processing.ACCOUNT: Terms(Basis.INTEREST, FISCAL_YEARS * MONTHS_IN_YEAR),
    Processing.DATA_IN: Terms(Basis.INTEREST, 3),
}


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """What one field says of a person, and what becomes of it at an erasure."""

    category: Category
    outcome: Outcome
    protected: bool = False


@dataclass(frozen=True)
class ModelLabels:
    """The labels of a model.

    ``of`` says which persons a row is about: the look-ups from the row to the record of each kind
    (``pk``: the row is that record itself). ``points`` are pairs of columns that hold a noun and
    an id. ``ages_by`` is the date from which the term counts; ``file`` the column with the path of
    a stored file.
    """

    model: str
    processing: Processing | None = None
    of: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, FieldLabel] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    points: tuple[tuple[str, str], ...] = ()
    ages_by: str = ""
    file: str = ""

    @property
    def owned_by(self) -> Kind | None:
        """The kind of person whose own record this is."""
        return next((kind for kind, paths in self.of.items() if OWN in paths), None)

    def names(self, *categories: Category) -> Iterator[str]:
        """The fields of some categories."""
        return (name for name, label in self.fields.items() if label.category in categories)


def personal(  # noqa: PLR0913 -- one keyword per word of a label
    model: str,
    processing: Processing,
    *,
    of: Mapping[Kind, str] | None = None,
    plain: str = "",
    erased: str = "",
    kept: str = "",
    protected: str = "",
    points: tuple[tuple[str, str], ...] = (),
    ages_by: str = "",
    file: str = "",
    **words: str,
) -> ModelLabels:
    """Label a model: each keyword is a category, its value the fields, separated by spaces.

    ``plain`` names the fields that say nothing of a person. In a person's own record an erasure
    empties the fields, elsewhere it takes the person out of them; ``erased`` names those emptied
    there all the same, ``kept`` those the law keeps. ``protected`` fields only few may see.
    """
    paths = {kind: tuple(path.split()) for kind, path in (of or {}).items()}
    own = any(OWN in path for path in paths.values())
    fields = {}
    for word, names in words.items():
        for name in names.split():
            outcome = _outcome(Category(word), own=own)
            if name in kept.split():
                outcome = Outcome.KEPT
            elif name in erased.split():
                outcome = Outcome.ERASED
            fields[name] = FieldLabel(Category(word), outcome, name in protected.split())
    return ModelLabels(
        model, processing, paths, fields, frozenset(plain.split()) | ALWAYS_PLAIN, points, ages_by, file
    )  # fmt: skip


def not_personal(model: str, plain: str) -> ModelLabels:
    """Declare that a model says nothing of a person; a field added later has to be thought about."""
    return ModelLabels(model, plain=frozenset(plain.split()) | ALWAYS_PLAIN)


def _outcome(category: Category, *, own: bool) -> Outcome:
    """In a person's own record words go; elsewhere what was done stays, without the person."""
    gone = own and category not in (Category.LINK, Category.DEED, Category.RESULT)
    return Outcome.ERASED if gone else Outcome.ANONYMISED
