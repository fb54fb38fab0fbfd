"""Are a company's addresses added, changed, removed and put back by the rules?"""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.actions.site import add_site, change_site, delete_site, restore_site
from koers.customers.models import Site
from koers.customers.queries.company import company_file
from koers.customers.tests.factories import CompanyFactory, SiteFactory
from koers.organisation.tests.cast import acting

NOW = timezone.now()
FILLED = {"kind": "delivery", "street": "Kade 4", "postcode": "2611ab", "city": "Delft", "region": "", "country": "nl"}  # fmt: skip


def stored(site):
    return {name: value for name, value in Site.objects.filter(pk=site.pk).values()[0].items() if name != "version"}  # fmt: skip


def shown(actor, company):
    return [str(site) for site in company_file(actor=actor, company=company, today=timezone.localdate()).sites]  # fmt: skip


def test_the_form_adds_an_address_with_postcode_and_country_in_their_own_writing(cast, client):
    company = CompanyFactory(owner=cast.ann)
    client.force_login(cast.ann)
    answer = client.post(f"/customers/{company.pk}/sites/new/", FILLED)
    assert answer.url == f"/customers/{company.pk}/"
    site = Site.objects.get()
    assert (str(site), site.kind, site.country) == ("Kade 4, 2611 AB, Delft", "delivery", "NL")
    assert (site.latitude, site.longitude) == (None, None)
    assert [(entry.noun, entry.verb) for entry in AuditEntry.objects.all()] == [("site", "create")]


def test_an_address_has_both_degrees_or_none(cast, client):
    client.force_login(cast.ann)
    company = CompanyFactory(owner=cast.ann)
    client.post(f"/customers/{company.pk}/sites/new/", FILLED | {"latitude": "52,0116", "longitude": "4.3571"})  # fmt: skip
    site = Site.objects.get()
    assert (site.latitude, site.longitude) == (52.0116, 4.3571)
    page = client.get(f"/customers/sites/{site.pk}/").content.decode()
    assert 'value="52.0116"' in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(latitude=None)


def test_a_foreign_postcode_stays_as_it_is_written(cast, client):
    company = CompanyFactory(owner=cast.ann)
    client.force_login(cast.ann)
    client.post(f"/customers/{company.pk}/sites/new/", FILLED | {"country": "XX"})
    assert Site.objects.get().postcode == "2611ab"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"street": "", "postcode": "", "city": ""}, "street"),
        ({"latitude": "52.1"}, "longitude"),
        ({"latitude": "91", "longitude": "5"}, "latitude"),
        ({"latitude": "52", "longitude": "east"}, "longitude"),
        ({"country": "N1"}, "country"),
        ({"kind": "moon"}, "kind"),
    ],
)
def test_the_form_refuses_what_is_no_address(cast, client, wrong, field):
    company = CompanyFactory(owner=cast.ann)
    client.force_login(cast.ann)
    answer = client.post(f"/customers/{company.pk}/sites/new/", FILLED | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert Site.objects.count() == 0


def test_delete_and_restore_leave_the_address_as_it_was(cast, client):
    site = SiteFactory(company=CompanyFactory(owner=cast.ann))
    before = stored(site)
    client.force_login(cast.ann)
    answer = client.post(f"/customers/sites/{site.pk}/delete/", follow=True)
    assert [each.extra_tags for each in answer.context["messages"]] == [f"/customers/sites/{site.pk}/restore/"]  # fmt: skip
    assert shown(acting(cast.ann), site.company) == []
    assert client.get(f"/customers/sites/{site.pk}/").status_code == 404
    assert client.post(f"/customers/sites/{site.pk}/restore/").status_code == 302
    assert stored(site) == before
    assert shown(acting(cast.ann), site.company) == ["Utrecht"]


def test_an_address_of_another_teams_company_does_not_exist(cast):
    site = SiteFactory(company=CompanyFactory(owner=cast.cora))
    gone = SiteFactory(company=site.company, deleted_at=NOW)
    ann = acting(cast.ann)
    for act in (
        lambda: add_site(actor=ann, company_id=site.company_id, values={"city": "Ede"}, at=NOW),
        lambda: change_site(actor=ann, site_id=site.pk, version=1, values={"city": "Ede"}, at=NOW),
        lambda: delete_site(actor=ann, site_id=site.pk, at=NOW),
        lambda: restore_site(actor=ann, site_id=gone.pk, at=NOW),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert Site.objects.filter(city="Ede").count() == 0


def test_marketing_reads_addresses_and_changes_none(cast, client):
    site = SiteFactory(company=CompanyFactory(owner=cast.ann), street="Kade 4")
    client.force_login(cast.mia)
    page = client.get(f"/customers/{site.company_id}/").content.decode()
    assert "Kade 4" in page and f"/customers/sites/{site.pk}/" not in page
    with pytest.raises(NotAllowedError):
        delete_site(actor=acting(cast.mia), site_id=site.pk, at=NOW)


def test_a_clash_on_the_address_form_shows_three_values(cast, client):
    site = SiteFactory(company=CompanyFactory(owner=cast.ann), city="Ede")
    client.force_login(cast.ann)
    mine = {"kind": "visit", "country": "", "version": 1}
    assert client.post(f"/customers/sites/{site.pk}/", mine | {"city": "Delft"}).status_code == 302
    clash = client.post(f"/customers/sites/{site.pk}/", mine | {"city": "Breda"})
    rows = [(each["name"], each["read"], each["stored"], each["wanted"]) for each in clash.context["clashes"]]  # fmt: skip
    assert (clash.status_code, rows) == (409, [("city", "Ede", "Delft", "Breda")])
