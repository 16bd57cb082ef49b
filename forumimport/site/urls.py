from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import include, path


def icon(request: HttpRequest) -> HttpResponseRedirect:
    """What browsers ask every site for, whatever its pages say."""
    return HttpResponseRedirect(static("corpus/icon.svg"))


urlpatterns = [
    path("favicon.ico", icon),
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    # Before machina's: some of its pages are answered in its place.
    path("", include("forumimport.urls")),
    path("", include("machina.urls")),
]
