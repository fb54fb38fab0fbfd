"""Who are we, and in which currency do we report?"""

from koers.organisation.models import Organisation

DEFAULT_CURRENCY = "EUR"


def the_organisation() -> Organisation | None:
    """The one organisation of this installation, if it has been set up."""
    return Organisation.objects.first()


def base_currency() -> str:
    """Currency all figures are in."""
    found = Organisation.objects.values_list("base_currency", flat=True).first()
    return found or DEFAULT_CURRENCY
