"""Which kinds of records can be imported? The list is explicit; so is the order of a revert."""

from django.utils.translation import gettext as _

from koers.catalogue.actions import importing as catalogue
from koers.catalogue.models import Product, ProductCost, ProductGroup
from koers.core.errors import NotFoundError
from koers.core.imports.kinds import ImportKind
from koers.core.models import ExchangeRate
from koers.customers.actions import importing as customers
from koers.customers.actions import importing_wallets as wallets
from koers.customers.models import Company, Contact, Segment, Site, Wallet
from koers.organisation.actions import importing as organisation
from koers.organisation.models import BusinessUnit, Organisation, Team, Territory, User
from koers.plan.actions import importing as plan
from koers.plan.models import Target
from koers.sell.actions import importing as sell
from koers.sell.actions import importing_leads as leads
from koers.sell.actions import importing_opportunities as opportunities
from koers.sell.models import Lead, Opportunity, Order, OrderLine, Pipeline, Stage, StageChange
from koers.serve.actions import importing as serve
from koers.serve.models import Feedback

KINDS: dict[str, ImportKind] = {
    kind.name: kind
    for kind in (
        *customers.KINDS, *catalogue.KINDS, *organisation.KINDS, *sell.KINDS, *plan.KINDS, *opportunities.KINDS, *leads.KINDS, *serve.KINDS,
        *wallets.KINDS,
    )
}  # fmt: skip
REVERT_ORDER = (
    Wallet, Feedback, Lead, Order, StageChange, Opportunity, Stage, Pipeline, Target, Contact, Site, Company, Segment, ProductCost, Product, ProductGroup, ExchangeRate,
    User, Team, Territory, BusinessUnit,
)  # fmt: skip
NOUNS = {
    "order": Order, "order_line": OrderLine, "opportunity": Opportunity, "lead": Lead, "target": Target, "contact": Contact,
    "site": Site, "company": Company, "product": Product, "product_cost": ProductCost, "rate": ExchangeRate,
    "feedback": Feedback, "wallet": Wallet, "person": User, "organisation": Organisation, "territory": Territory,
}  # fmt: skip
ALIASES = {
    "company": "companies", "customers": "companies", "customer": "companies", "contact": "contacts", "product": "products",
    "person": "people", "sellers": "people", "users": "people", "territory": "territories", "order": "orders",
    "order_lines": "orders", "lines": "orders", "target": "targets", "quotas": "targets", "opportunity": "opportunities",
    "deals": "opportunities", "lead": "leads", "rate": "rates", "surveys": "feedback", "survey": "feedback", "answers": "feedback", "wallet": "wallets",
}  # fmt: skip


def kind_named(name: str) -> ImportKind:
    """A kind by its name, forgiving singular and everyday words."""
    found = KINDS.get(ALIASES.get(name, name))
    if found is None:
        raise NotFoundError(
            _("“%(name)s” is not a kind of record; use one of: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(KINDS)}
        )
    return found
