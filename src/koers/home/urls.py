"""Under which address does each screen of home live?"""

from django.urls import path

from koers.home.views import first_run, importing, person, read, retention, search, today

app_name = "home"
urlpatterns = [
    path("", today.today, name="today"),
    path("account/first-run/<str:secret>/", first_run.first_run, name="first_run"),
    path("privacy/", person.person_find, name="person_find"),
    path("privacy/<str:kind>/<int:person_id>/", person.person_detail, name="person_detail"),
    path("privacy/<str:kind>/<int:person_id>/export/", person.person_export, name="person_export"),
    path("privacy/<str:kind>/<int:person_id>/erase/", person.person_erase, name="person_erase"),
    path("privacy/retention/", retention.retention, name="retention"),
    path("privacy/reads/", read.read_list, name="read_list"),
    path("search/", search.search, name="search"),
    path("jobs/", search.job_list, name="job_list"),
    path("jobs/badge/", search.jobs_badge, name="jobs_badge"),
    path("jobs/<int:job_id>/", search.job_detail, name="job_detail"),
    path("jobs/<int:job_id>/cancel/", search.job_cancel, name="job_cancel"),
    path("import/", importing.import_list, name="import_list"),
    path("import/new/", importing.import_create, name="import_create"),
    path("import/<int:run_id>/", importing.import_detail, name="import_detail"),
    path("import/<int:run_id>/plan/", importing.import_plan, name="import_plan"),
    path("import/<int:run_id>/check/", importing.import_check, name="import_check"),
    path("import/<int:run_id>/run/", importing.import_run, name="import_run"),
    path("import/<int:run_id>/revert/", importing.import_revert, name="import_revert"),
    path("import/<int:run_id>/rejections/", importing.import_rejections, name="import_rejections"),
]
