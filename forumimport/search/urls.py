"""Addresses of the search pages; the first is where forum engines have their own."""

from django.urls import path

from forumimport.search import concordance, downloads, subcorpora, views

urlpatterns = [
    path("", views.search, name="search"),
    path("download/", downloads.posts, name="search_download"),
    path("concordance/", concordance.page, name="concordance"),
    path("concordance/download/", downloads.lines, name="concordance_download"),
    path("subcorpora/", subcorpora.listed, name="subcorpora"),
    path("subcorpora/save/", subcorpora.save, name="subcorpus_save"),
    path("subcorpora/<int:pk>/change/", subcorpora.change, name="subcorpus_change"),
    path("subcorpora/<int:pk>/delete/", subcorpora.delete, name="subcorpus_delete"),
]
