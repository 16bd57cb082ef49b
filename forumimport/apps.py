from django.apps import AppConfig


class ForumImportConfig(AppConfig):
    name = "forumimport"
    verbose_name = "Discourse corpus: import"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from corpus import addresses, queue
        from forumimport import checks, indexing, receivers, runs
        from forumimport.views import address

        addresses.show_at(address)
        queue.offer(runs.queue_filter())
        if not checks.check_engine():  # Else the checks tell, and nothing can be shown anyway.
            receivers.connect()
            indexing.follow_requests()
