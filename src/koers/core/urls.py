"""Which addresses belong to the house itself?"""

from django.conf import settings
from django.urls import path

from koers.core import views
from koers.core.metrics import metrics

urlpatterns = [
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("health/metrics", metrics, name="health_metrics"),
]
if settings.DEBUG:
    from koers.core import gallery

    urlpatterns += [
        path("gallery/", gallery.gallery, name="gallery"),
        path("gallery/figure/", gallery.gallery_figure, name="gallery_figure"),
    ]
