"""Since when does one need what to call or mail somebody with an offer? Dated rules, as data.

Telecommunicatiewet art. 11.7: by telephone natural persons, sole traders and partnerships among
them, need consent since 1 July 2021, own customers among them since 1 July 2026; by e-mail everybody
needs consent unless he is a customer. An objection (AVG art. 21) stands above every rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from koers.customers.models import Consent

LEGAL_PERSONS = frozenset({
    "bv", "nv", "ltd", "limited", "plc", "gmbh", "ag", "se", "sa", "sas", "sarl", "srl", "spa", "inc", "llc", "corp",
    "stichting", "vereniging", "coöperatie", "coop",
})  # fmt: skip


class Party(StrEnum):
    """Whom one reaches at a company, as the law tells them apart."""

    NATURAL = "natural"
    LEGAL = "legal"


class Ground(StrEnum):
    """What may be enough to call or mail."""

    FREE = "free"
    CUSTOMER = "customer"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class ContactRule:
    """From a day on these grounds, any of them, are enough on a channel for a party."""

    channel: Consent.Channel
    party: Party
    starts_on: date
    grounds: frozenset[Ground]


PHONE, MAIL = Consent.Channel.PHONE, Consent.Channel.MAIL
ALWAYS = date.min
BY_CONSENT = frozenset({Ground.CONSENT})
OR_CUSTOMER = frozenset({Ground.CONSENT, Ground.CUSTOMER})
ANY = frozenset(Ground)
RULES: tuple[ContactRule, ...] = (
    ContactRule(PHONE, Party.LEGAL, ALWAYS, ANY),
    ContactRule(PHONE, Party.NATURAL, ALWAYS, ANY),
    ContactRule(PHONE, Party.NATURAL, date(2021, 7, 1), OR_CUSTOMER),
    ContactRule(PHONE, Party.NATURAL, date(2026, 7, 1), BY_CONSENT),
    ContactRule(MAIL, Party.LEGAL, ALWAYS, OR_CUSTOMER),
    ContactRule(MAIL, Party.NATURAL, ALWAYS, OR_CUSTOMER),
)


def rule_on(channel: Consent.Channel, party: Party, on: date, rules: Sequence[ContactRule] = RULES) -> ContactRule:  # fmt: skip
    """The rule that holds on a day: the latest that has started."""
    fitting = [rule for rule in rules if (rule.channel, rule.party) == (channel, party) and rule.starts_on <= on]  # fmt: skip
    return max(fitting, key=lambda rule: rule.starts_on)


def party_of(company_name: str) -> Party:
    """A legal person when the name says so (B.V., GmbH, stichting); else a natural person, to be on the safe side."""
    words = {word.strip(".,()").replace(".", "") for word in company_name.casefold().split()}
    return Party.LEGAL if words & LEGAL_PERSONS else Party.NATURAL
