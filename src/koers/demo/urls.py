"""Under which address is the demo company loaded and removed?"""

from django.urls import path

from koers.demo.views import company

app_name = "demo"
urlpatterns = [
    path("load/", company.company_load, name="company_load"),
    path("remove/", company.company_remove, name="company_remove"),
]
