from forumimport.engines import Engine
from tests.plugin.standin_engine.models import Board, Message, Talk


class StandinEngine(Engine):
    """Says which models are the engine's; it writes nothing."""

    def models(self):
        return Board, Talk, Message

    def urlpatterns(self):
        return []

    def answered_addresses(self):
        return []

    def own_search_index(self):
        return ""


# Everything else is for importing, which the stand-in is not asked to do.
StandinEngine.__abstractmethods__ = frozenset()
