"""Does the list of leads take any text as a choice without failing?"""

import pytest
from django.utils import timezone

from koers.organisation.tests.cast import acting
from koers.sell.models import Lead, WebForm
from koers.sell.queries.lead import leads_matching
from koers.sell.tests.factories import LeadFactory


@pytest.mark.django_db
def test_any_text_may_be_asked_for_and_only_what_it_names_is_found(cast):
    form = WebForm.objects.create(name="Fair", title="Ask", thanks="Thank you", asked={"email": True})  # fmt: skip
    mine = LeadFactory(owner=cast.ann)
    asked = LeadFactory(owner=cast.ann, web_form=form, received_on=timezone.localdate())

    def found(**choices: str) -> set[Lead]:
        return set(leads_matching(acting(cast.ann), q="", choices=choices))

    assert found() == found(owner=str(cast.ann.pk)) == {mine, asked}
    assert found(form=str(form.pk)) == {asked}
    assert (found(form="none"), found(owner="none")) == ({mine}, set())
    for odd in ("9" * 30, "x", "٣", "-1"):
        assert (found(form=odd), found(owner=odd)) == (set(), set())
