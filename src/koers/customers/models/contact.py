"""Whom do we know at a company?"""

from django.db import models

from koers.core.models import ImportedRecord


class Contact(ImportedRecord):
    """A person at a customer or prospect."""

    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
    )
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=160, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    mobile = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, blank=True)
    notes = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("last_name", "first_name", "id")
        indexes = (models.Index(fields=["last_name", "first_name"], name="contacts_by_name"),)

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
