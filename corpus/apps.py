from django.apps import AppConfig


class CorpusConfig(AppConfig):
    name = "corpus"
    verbose_name = "Discourse corpus"
    # Set here and not in the host project: there it would write migrations into
    # the forum engine's own package.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from corpus import conf
        from corpus.segmentation import model

        # Recovery is pure and reads no settings: it is told where to ask for its weights.
        model.source = conf.segmenter_weights
