"""What the organisation stores: itself, its people, teams, business units, territories, pairings."""

from koers.organisation.models.api_token import ApiToken
from koers.organisation.models.business_unit import BusinessUnit
from koers.organisation.models.organisation import Organisation
from koers.organisation.models.pairing import Pairing
from koers.organisation.models.retention import RetentionTerms
from koers.organisation.models.team import Team
from koers.organisation.models.territory import Territory
from koers.organisation.models.user import Role, User
from koers.organisation.models.webhook import Webhook, WebhookCall

__all__ = [
    "ApiToken",
    "BusinessUnit",
    "Organisation",
    "Pairing",
    "RetentionTerms",
    "Role",
    "Team",
    "Territory",
    "User",
    "Webhook",
    "WebhookCall",
]
