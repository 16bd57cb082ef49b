"""Pages that answer at machina's own addresses."""

from django.urls import path

from forumimport.engines.machina import views

urlpatterns = [
    path(
        "forum/<str:forum_slug>-<int:forum_pk>/topic/<str:slug>-<int:pk>/",
        views.DiscussionView.as_view(),
    ),
    path("forum/<str:slug>-<int:pk>/", views.UndatedForumView.as_view()),
    path("", views.UndatedIndexView.as_view()),
    path("search/", views.search),
]
