"""Which inside rep supports which account manager (S2.45)?"""

from django.conf import settings
from django.db import models

from koers.core.models import ImportedRecord


class Pairing(ImportedRecord):
    """An inside rep may support several account managers."""

    inside_rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supported_managers"
    )
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inside_reps"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["inside_rep", "account_manager"], name="pairing_once"),
            models.CheckConstraint(
                condition=~models.Q(inside_rep=models.F("account_manager")),
                name="not_inside_rep_of_oneself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inside_rep_id} → {self.account_manager_id}"
