"""Who reads the own activities in a calendar program?"""

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """A secret address with somebody's activities; only its digest is stored, one per person.

    Calendar programs ask for no language, so that of the person who made the address is kept.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.user)
