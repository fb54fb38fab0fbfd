"""Who works here, in which role, and may he or she log in?"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord


class Role(models.TextChoices):
    """The seven roles; what each may do stands in ``policies.py``."""

    SALES_MANAGER = "sales_manager", _("Sales manager")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    SALESPERSON = "salesperson", _("Salesperson")
    INSIDE_SALES = "inside_sales", _("Inside sales")
    MANAGEMENT_TEAM = "management_team", _("Management team")
    MARKETING = "marketing", _("Marketing")
    ADMINISTRATOR = "administrator", _("Administrator")


SELLING_ROLES = (Role.SALES_MANAGER, Role.ACCOUNT_MANAGER, Role.SALESPERSON, Role.INSIDE_SALES)


class UserManager(BaseUserManager["User"]):
    """Finds users by the address they log in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, ImportedRecord):
    """A person of the sales organisation; without an e-mail address there is no log-in."""

    email = models.EmailField(max_length=254, unique=True, null=True, blank=True)
    full_name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.SALESPERSON)
    team = models.ForeignKey(
        "organisation.Team",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
    )
    territory = models.ForeignKey(
        "organisation.Territory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
    )
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
    )
    is_active = models.BooleanField(default=True)
    started_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, blank=True)
    theme = models.CharField(
        max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))]
    )

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ("full_name", "id")
        indexes = (models.Index(fields=["team"], name="people_of_team"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def has_perm(self, _perm: str, _obj: Any = None) -> bool:
        """Django's own permissions are not used; see ``policies.py``."""
        return False

    def has_module_perms(self, _label: str) -> bool:
        """Django's own permissions are not used; see ``policies.py``."""
        return False
