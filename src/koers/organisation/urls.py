"""Under which address does each screen of the organisation live?"""

from django.urls import path

from koers.organisation.views import api_token, house, log_in, people, privacy, webhook

app_name = "organisation"
urlpatterns = [
    path("people/", people.user_list, name="user_list"),
    path("people/new/", people.user_create, name="user_create"),
    path("people/<int:user_id>/", people.user_edit, name="user_edit"),
    path("teams/", people.team_list, name="team_list"),
    path("pairings/<int:pairing_id>/remove/", people.pairing_remove, name="pairing_remove"),
    path("territories/", people.territory_list, name="territory_list"),
    path("profile/", house.profile, name="profile"),
    path("profile/tokens/", api_token.api_token_list, name="api_token_list"),
    path(
        "profile/tokens/<int:token_id>/revoke/", api_token.api_token_revoke, name="api_token_revoke"
    ),
    path("profile/log-ins/", log_in.log_in_list, name="log_in_list"),
    path("profile/log-ins/end-others/", log_in.log_in_end_others, name="log_in_end_others"),
    path("profile/log-ins/<int:log_in_id>/end/", log_in.log_in_end, name="log_in_end"),
    path("people/<int:user_id>/log-out/", log_in.user_log_out, name="user_log_out"),
    path("settings/", house.settings, name="settings"),
    path("webhooks/", webhook.webhook_list, name="webhook_list"),
    path("webhooks/<int:webhook_id>/", webhook.webhook_detail, name="webhook_detail"),
    path("webhooks/<int:webhook_id>/test/", webhook.webhook_test, name="webhook_test"),
    path("webhooks/<int:webhook_id>/pause/", webhook.webhook_pause, name="webhook_pause"),
    path("webhooks/<int:webhook_id>/resume/", webhook.webhook_resume, name="webhook_resume"),
    path("webhooks/<int:webhook_id>/secret/", webhook.webhook_secret, name="webhook_secret"),
    path("webhooks/<int:webhook_id>/remove/", webhook.webhook_remove, name="webhook_remove"),
    path("privacy/", privacy.privacy_register, name="privacy_register"),
    path("audit/", house.audit_list, name="audit_list"),
]
