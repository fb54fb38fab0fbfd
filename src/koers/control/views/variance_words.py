"""What is each effect of a variance called, how is it made, and by which formula?"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class EffectWords:
    """An effect's name, its formula in words, the formula's id and what its rows are."""

    label: str | Promise
    expression: str | Promise
    formula: str = ""
    division: str = "product"


WORDS = {
    "new_customers": EffectWords(
        _("New customers"),
        _("turnover now of customers who bought now and not before"),
        division="company",
    ),
    "lost_customers": EffectWords(
        _("Lost customers"),
        _("− turnover before of customers who bought before and not now"),
        division="company",
    ),
    "products_added": EffectWords(
        _("Products added"),
        _("turnover now of products that the customers who stayed did not buy before"),
    ),
    "products_dropped": EffectWords(
        _("Products dropped"),
        _("− turnover before of products that the customers who stayed no longer buy"),
    ),
    "quantity": EffectWords(
        pgettext_lazy("variance", "Quantity"),
        _("Σ (all units now − all units before) × share before × price before"),
        "F9.17",
    ),
    "mix": EffectWords(
        _("Mix"), _("Σ (units now − all units now × share before) × price before"), "F9.17"
    ),
    "price": EffectWords(_("Price"), _("Σ (price now − price before) × units now"), "F9.16"),
    "cost": EffectWords(
        _("Unit cost"), _("− Σ (unit cost now − unit cost before) × units now"), "F9.16"
    ),
    "exchange_rate": EffectWords(
        _("Exchange rate"),
        _("turnover now − the same at each currency's mean rate of before"),
        division="",
    ),
    "not_comparable": EffectWords(
        _("Not comparable"),
        _("change of lines without a product or with a quantity of zero or less"),
    ),
}


def effect_label(name: str) -> str:
    """An effect in the reader's language."""
    return str(WORDS[name].label)


def inner_division(name: str) -> str:
    """What the rows of an effect are: products, customers, or (empty) currencies."""
    return WORDS[name].division
