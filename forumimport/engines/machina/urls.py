"""Pages that answer at machina's own addresses."""

from django.urls import path

from forumimport.engines.machina import views

_FORUM = "forum/<str:forum_slug>-<int:forum_pk>/"

urlpatterns = [
    path("", views.IndexPage.as_view()),
    path("forum/<str:slug>-<int:pk>/", views.ForumPage.as_view()),
    path(f"{_FORUM}topic/<str:slug>-<int:pk>/", views.DiscussionView.as_view()),
    path(f"{_FORUM}topic/<str:topic_slug>-<int:topic_pk>/post/create/", views.ReplyPage.as_view()),
    path("feeds/topics/", views.TopicsFeed()),
    path(f"feeds/{_FORUM}topics/", views.TopicsFeed()),
    path(f"feeds/{_FORUM}topics/all/", views.TopicsFeed(), {"descendants": True}),
    path("member/subscriptions/", views.SubscriptionsPage.as_view()),
    path("moderation/queue/", views.QueuePage.as_view()),
    path("moderation/queue/<int:pk>/", views.QueuedPostPage.as_view()),
    path("tracking/unread-topics/", views.UnreadPage.as_view()),
]
