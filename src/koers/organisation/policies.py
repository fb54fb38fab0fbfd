"""Which role may do what? One table, read by actions, queries and screens alike."""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotAllowedError
from koers.organisation.models import Organisation, Role, User

SHORTEST_NAME_PART = 4


class Right(StrEnum):
    """Something a role may or may not do."""

    READ_CUSTOMERS = "read_customers"
    EDIT_CUSTOMERS = "edit_customers"
    REASSIGN_CUSTOMERS = "reassign_customers"
    READ_PRODUCTS = "read_products"
    EDIT_PRODUCTS = "edit_products"
    SEE_COST = "see_cost"
    EDIT_ORDERS = "edit_orders"
    READ_TARGETS = "read_targets"
    EDIT_TARGETS = "edit_targets"
    APPROVE_BUDGETS = "approve_budgets"
    EDIT_RULES = "edit_rules"
    EDIT_WEB_FORMS = "edit_web_forms"
    IMPORT = "import"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_INSTALLATION = "manage_installation"
    SEE_TEAM = "see_team"
    HANDLE_PRIVACY = "handle_privacy"


ALL_RIGHTS = frozenset(Right)
RIGHTS: dict[str, frozenset[Right]] = {
    Role.ADMINISTRATOR: ALL_RIGHTS,
    Role.SALES_MANAGER: ALL_RIGHTS - {Right.MANAGE_INSTALLATION, Right.HANDLE_PRIVACY},
    Role.MANAGEMENT_TEAM: frozenset(
        {
            Right.READ_CUSTOMERS,
            Right.READ_PRODUCTS,
            Right.SEE_COST,
            Right.READ_TARGETS,
            Right.APPROVE_BUDGETS,
            Right.EXPORT,
            Right.SEE_TEAM,
        }
    ),
    Role.ACCOUNT_MANAGER: frozenset(
        {
            Right.READ_CUSTOMERS,
            Right.EDIT_CUSTOMERS,
            Right.READ_PRODUCTS,
            Right.SEE_COST,
            Right.EDIT_ORDERS,
            Right.READ_TARGETS,
            Right.EXPORT,
        }
    ),
    Role.SALESPERSON: frozenset(
        {
            Right.READ_CUSTOMERS,
            Right.EDIT_CUSTOMERS,
            Right.READ_PRODUCTS,
            Right.SEE_COST,
            Right.EDIT_ORDERS,
            Right.READ_TARGETS,
            Right.EXPORT,
        }
    ),
    Role.INSIDE_SALES: frozenset(
        {Right.READ_CUSTOMERS, Right.EDIT_CUSTOMERS, Right.READ_PRODUCTS, Right.EDIT_ORDERS}
    ),
    Role.MARKETING: frozenset(
        {Right.READ_CUSTOMERS, Right.READ_PRODUCTS, Right.EXPORT, Right.EDIT_WEB_FORMS}
    ),
}


def may(actor: Actor, right: Right) -> bool:
    """Whether the actor's role carries the right."""
    return right in RIGHTS.get(actor.role, frozenset())


def require(actor: Actor, right: Right) -> None:
    """Refuse the action unless the actor's role carries the right."""
    if not may(actor, right):
        raise NotAllowedError(_("Your role does not allow this."))


class OrganisationNameValidator:
    """Refuses passwords that hold the organisation's name or the product's."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise when a word everybody here knows is in the password."""
        known = ["koers"]
        organisation = Organisation.objects.first()
        if organisation:
            known += [
                part
                for part in organisation.name.lower().split()
                if len(part) >= SHORTEST_NAME_PART
            ]
        if any(word in password.lower() for word in known):
            raise ValidationError(
                _("The password may not contain the name of the organisation or of this system."),
                code="password_has_organisation_name",
            )

    def get_help_text(self) -> str:
        """Say the rule on the password page."""
        return _("Your password may not contain the name of the organisation or of this system.")
