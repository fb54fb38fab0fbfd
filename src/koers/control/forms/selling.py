"""Of which deals, divided by what, does the reader want the sales figures?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from koers.analyse.forms.period import Scope, UnknownPeriodError, scope_from
from koers.control.queries.selling import DIVISIONS, NUMBERED
from koers.core.periods import Period

LONGEST_KEY = 200
LONGEST_NUMBER = 18
LARGEST_TARGET = Decimal(10**12)


@dataclass(frozen=True)
class SellingQuestion:
    """Period and people, the division, the pipeline of the funnel and the amount to be won."""

    scope: Scope
    by: str
    pipeline: int | None
    target: Decimal | None

    @property
    def period(self) -> Period:
        """When deals were decided (win rates) or opened (funnel)."""
        return self.scope.period

    @property
    def choices(self) -> dict[str, object]:
        """Whose deals."""
        return dict(self.scope.chosen)

    def query(self, **more: object) -> str:
        """The same question as the end of an address."""
        asked: dict[str, object] = {"by": self.by, "pipeline": self.pipeline, "target": self.target}
        return self.scope.query(**(asked | more))


def question_from(data: QueryDict, *, today: date) -> SellingQuestion:
    """Read the question; what is no choice is refused, not guessed."""
    by = data.get("by", "") or "seller"
    if by not in DIVISIONS:
        raise _no_choice(by)
    return SellingQuestion(scope_from(data, today=today), by, _whole(data.get("pipeline", "")), _target(data.get("target", "")))  # fmt: skip


def group_key(by: str, text: str) -> object:
    """The group a panel or list is about; an empty text is the unknown one."""
    if by in NUMBERED:
        return _whole(text)
    return text[:LONGEST_KEY].replace("\x00", "")


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise _no_choice(text)
    return int(text)


def _target(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        target = Decimal(text)
    except InvalidOperation as error:
        raise UnknownPeriodError(_("Give the amount to be won as a number, such as 250000.")) from error  # fmt: skip
    if not target.is_finite() or not 0 < target <= LARGEST_TARGET:
        raise UnknownPeriodError(_("Give the amount to be won as a number, such as 250000."))
    return target


def _no_choice(text: str) -> UnknownPeriodError:
    return UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
