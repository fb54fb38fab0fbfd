"""What is an amount worth in the base currency on a day?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from koers.core.models import ExchangeRate

E8 = Decimal(10**8)


def base_value(*, base: str, day: date) -> Callable[[Decimal, str], Decimal | None]:
    """A function from (amount, currency) to the amount in ``base``, in one query for all rates.

    A rate counts from its day until the next one; where there is none yet the result is None.
    """
    rates = {base: Decimal(1)}
    known = ExchangeRate.objects.filter(base=base, valid_on__lte=day).order_by("valid_on")
    for currency, rate in known.values_list("currency", "rate_e8"):
        rates[currency] = Decimal(rate) / E8

    def value(amount: Decimal, currency: str) -> Decimal | None:
        rate = rates.get(currency)
        return None if rate is None else amount * rate

    return value
