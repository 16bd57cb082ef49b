from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "forumimport.site"
    label = "corpus_site"
    verbose_name = "Reference site"
