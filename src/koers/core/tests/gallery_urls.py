"""Under which addresses does the browser test find the gallery?"""

from django.urls import include, path

from koers.core import gallery

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("koers.core.urls")),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/figure/", gallery.gallery_figure, name="gallery_figure"),
]
