"""How good were forecasts that were given: error, bias, beside the year before, with and without overrides?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from koers_analytics.result import share


@dataclass(frozen=True, slots=True)
class Given:
    """One forecast month whose turnover is known by now; amounts in the base currency.

    ``value`` is what the method gave, ``final`` what stood after overrides, ``naive`` the turnover of
    the same month a year before.
    """

    actual: Decimal
    value: Decimal
    final: Decimal
    naive: Decimal
    inside_80: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors over some months (F4.6); shares of what was sold, None where nothing was."""

    months: int
    actual: Decimal
    error: Decimal
    bias: Decimal
    method_error: Decimal
    naive_error: Decimal
    inside_80: int
    changed: int
    changed_actual: Decimal
    changed_error: Decimal
    changed_method_error: Decimal

    @property
    def wape(self) -> Decimal | None:
        """Σ|actual − final forecast| ÷ Σ|actual| (F4.6)."""
        return share(self.error, self.actual)

    @property
    def bias_share(self) -> Decimal | None:
        """Σ(actual − final forecast) ÷ Σ|actual|; above zero means forecast too low."""
        return share(self.bias, self.actual)

    @property
    def naive_wape(self) -> Decimal | None:
        """The same error of simply repeating the year before."""
        return share(self.naive_error, self.actual)

    @property
    def coverage(self) -> Decimal | None:
        """Share of the months that fell inside the 80 % limits of the method."""
        return share(self.inside_80, self.months)

    @property
    def changed_wape(self) -> Decimal | None:
        """Error over the months that were overridden, with the override."""
        return share(self.changed_error, self.changed_actual)

    @property
    def changed_method_wape(self) -> Decimal | None:
        """Error over the same months, had the method been left alone."""
        return share(self.changed_method_error, self.changed_actual)


def accuracy(given: Iterable[Given]) -> Accuracy:
    """Errors, bias and coverage of forecast months (F4.6); sums are divided, never shares averaged."""
    rows: Sequence[Given] = list(given)
    changed = [row for row in rows if row.is_changed]
    return Accuracy(
        months=len(rows),
        actual=_sum(abs(row.actual) for row in rows),
        error=_sum(abs(row.actual - row.final) for row in rows),
        bias=_sum(row.actual - row.final for row in rows),
        method_error=_sum(abs(row.actual - row.value) for row in rows),
        naive_error=_sum(abs(row.actual - row.naive) for row in rows),
        inside_80=sum(row.inside_80 for row in rows),
        changed=len(changed),
        changed_actual=_sum(abs(row.actual) for row in changed),
        changed_error=_sum(abs(row.actual - row.final) for row in changed),
        changed_method_error=_sum(abs(row.actual - row.value) for row in changed),
    )


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
