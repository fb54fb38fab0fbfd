"""What is stored of customers: companies, sites, contacts, segments, wallets."""

from koers.customers.models.company import Company, CustomerClass, Phase
from koers.customers.models.consent import Consent
from koers.customers.models.contact import Contact
from koers.customers.models.merge import Merge
from koers.customers.models.segment import Segment
from koers.customers.models.site import Site
from koers.customers.models.wallet import Wallet

__all__ = [
    "Company",
    "Consent",
    "Contact",
    "CustomerClass",
    "Merge",
    "Phase",
    "Segment",
    "Site",
    "Wallet",
]
