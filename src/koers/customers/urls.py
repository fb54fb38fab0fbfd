"""Under which address does each screen of the customers live?"""

from django.urls import path

from koers.customers.views import bin as bin_views
from koers.customers.views import company, consent, contact, merge
from koers.customers.views import reassignment as reassignment_views
from koers.customers.views import site as site_views
from koers.customers.views import wallet as wallet_views

app_name = "customers"
urlpatterns = [
    path("", company.company_list, name="company_list"),
    path("new/", company.company_create, name="company_create"),
    path("reassign/preview/", reassignment_views.reassign_preview, name="company_reassign_preview"),
    path("reassign/", reassignment_views.company_reassign, name="company_reassign"),
    path("reassign/undo/", reassignment_views.company_reassign_undo, name="company_reassign_undo"),
    path("views/save/", company.view_save, name="view_save"),
    path("views/<int:view_id>/drop/", company.view_drop, name="view_drop"),
    path("contacts/", contact.contact_list, name="contact_list"),
    path("contacts/<int:contact_id>/", contact.contact_edit, name="contact_edit"),
    path("contacts/<int:contact_id>/delete/", contact.contact_delete, name="contact_delete"),
    path("contacts/<int:contact_id>/restore/", contact.contact_restore, name="contact_restore"),
    path("contacts/<int:contact_id>/consents/new/", consent.consent_create, name="consent_create"),
    path("consents/<int:consent_id>/strike/", consent.consent_strike, name="consent_strike"),
    path("consents/<int:consent_id>/restore/", consent.consent_restore, name="consent_restore"),
    path("bin/", bin_views.bin_list, name="bin_list"),
    path("contacts/<int:contact_id>/merge/", merge.contact_merge_pick, name="contact_merge_pick"),
    path(
        "contacts/<int:contact_id>/merge/<int:contact_twin_id>/",
        merge.contact_merge,
        name="contact_merge",
    ),
    path("merges/<int:merge_id>/undo/", merge.merge_undo, name="merge_undo"),
    path("<int:company_id>/merge/", merge.company_merge_pick, name="company_merge_pick"),
    path("<int:company_id>/merge/<int:twin_id>/", merge.company_merge, name="company_merge"),
    path("<int:company_id>/", company.company_detail, name="company_detail"),
    path("<int:company_id>/edit/", company.company_edit, name="company_edit"),
    path("<int:company_id>/delete/", company.company_delete, name="company_delete"),
    path("<int:company_id>/restore/", company.company_restore, name="company_restore"),
    path("<int:company_id>/sites/new/", site_views.site_create, name="site_create"),
    path("sites/<int:site_id>/", site_views.site_edit, name="site_edit"),
    path("sites/<int:site_id>/delete/", site_views.site_delete, name="site_delete"),
    path("sites/<int:site_id>/restore/", site_views.site_restore, name="site_restore"),
    path("<int:company_id>/wallets/new/", wallet_views.wallet_create, name="wallet_create"),
    path("wallets/<int:wallet_id>/", wallet_views.wallet_edit, name="wallet_edit"),
    path("wallets/<int:wallet_id>/delete/", wallet_views.wallet_delete, name="wallet_delete"),
    path("wallets/<int:wallet_id>/restore/", wallet_views.wallet_restore, name="wallet_restore"),
    path("<int:company_id>/contacts/new/", contact.contact_create, name="contact_create"),
]
