"""Under which address does each screen of service live?"""

from django.urls import path

from koers.serve.views import answer, feedback, overview

app_name = "serve"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("answer/<str:token>/", answer.answer, name="answer"),
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/<int:feedback_id>/", feedback.feedback_edit, name="feedback_edit"),
    path("feedback/<int:feedback_id>/delete/", feedback.feedback_delete, name="feedback_delete"),
    path("feedback/<int:feedback_id>/restore/", feedback.feedback_restore, name="feedback_restore"),
    path("feedback/links/<int:request_id>/withdraw/", feedback.request_withdraw, name="request_withdraw"),
    path("company/<int:company_id>/feedback/", feedback.company_feedback, name="company_feedback"),
    path("company/<int:company_id>/feedback/new/", feedback.feedback_create, name="feedback_create"),
    path("company/<int:company_id>/feedback/link/", feedback.request_create, name="request_create"),
]  # fmt: skip
