"""Which forms on the web may visitors fill in, so that a lead comes of it?"""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.customers.models import Consent
from koers.sell.models.lead import LeadSource

# What a form may ask, in the order in which it does; each is a field of ``Lead``.
ASKABLE = ("company_name", "first_name", "last_name", "job_title", "email", "phone", "city", "need")
NAMES, WAYS_BACK = ("company_name", "last_name"), ("email", "phone")
LANGUAGES = (("nl", "Nederlands"), ("en", "English"))


def new_secret() -> str:
    """An address nobody guesses."""
    return secrets.token_urlsafe(24)


class WebForm(VersionedRecord):
    """A form that anybody with its address may send, until it is closed.

    ``asked`` maps a field of ``ASKABLE`` to whether it must be filled in; what is not in it is not
    asked. ``sites`` are the origins whose pages may show the form in a frame. ``consent_text`` is
    the sentence beside the box that may be ticked; without it nothing is asked.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nl")
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    asked = models.JSONField(_("what is asked"), default=dict)
    source = models.CharField(max_length=13, choices=LeadSource, default=LeadSource.WEBSITE)
    source_detail = models.CharField(max_length=120, blank=True)
    consent_text = models.CharField(max_length=300, blank=True)
    consent_channel = models.CharField(
        max_length=5, choices=Consent.Channel, default=Consent.Channel.MAIL
    )
    thanks = models.TextField(_("word of thanks"), max_length=600)
    sites = models.JSONField(_("sites"), default=list, blank=True)
    secret = models.CharField(max_length=48, unique=True, default=new_secret, editable=False)
    is_open = models.BooleanField(_("open"), default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(source__in=LeadSource.values), name="web_form_source_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(thanks=""), name="web_form_says_thanks"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def frame_height(self) -> int:
        """Pixels a frame needs for the whole form, with room for some lines on what is missing."""
        longer = 60 * ("need" in self.asked) + 70 * bool(self.consent_text) + 50 * bool(self.intro)
        return 260 + 75 * len(self.asked) + longer
