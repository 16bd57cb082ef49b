"""The plugin's pages; to be included at the forum's own prefix, before the forum's URLs.

The engine's pages come without a name of their own: they answer at the engine's addresses, so
every link that the engine makes leads to them.
"""

from django.urls import include, path

from forumimport import views
from forumimport.checks import check_engine
from forumimport.engines import engine

app_name = "forumimport"

urlpatterns = [
    path("collection/<int:pk>/", views.collection, name="collection"),
    path("thread/<int:pk>/", views.thread, name="thread"),
    path("utterance/<int:pk>/", views.utterance, name="utterance"),
    path("search/", include("forumimport.search.urls")),
    # With an engine that cannot be loaded the checks say why; a traceback here would hide them.
    path("", include([] if check_engine() else engine().urlpatterns())),
]
