from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    # Before machina's: some of its pages are answered in its place.
    path("", include("forumimport.urls")),
    path("", include("machina.urls")),
]
