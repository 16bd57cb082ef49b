from django.apps import AppConfig


class CorpusConfig(AppConfig):
    name = "corpus"
    verbose_name = "Discourse corpus"
    # Set here and not in the host project: there it would write migrations into
    # the forum engine's own package.
    default_auto_field = "django.db.models.BigAutoField"
