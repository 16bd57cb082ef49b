"""The backend: what haystack promises of its own Whoosh backend, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from haystack import connections
from haystack.backends import log_query
from haystack.backends.whoosh_backend import WhooshSearchBackend as HaystackBackend
from haystack.constants import DJANGO_CT, ID
from haystack.exceptions import SearchBackendError
from haystack.utils import get_identifier, get_model_ct
from haystack.utils.app_loading import haystack_get_model
from whoosh.index import LockError

from corpus.search import analysis
from corpus.search.fields import WordsField
from corpus.search.whoosh_backend import (
    documents,
    rebuilding,
    schema,
)
from corpus.search.whoosh_backend.query_strings import QueryStrings
from corpus.search.whoosh_backend.results import Results
from corpus.search.whoosh_backend.searchers import Pool, Searcher, pool
from corpus.search.whoosh_backend.searching import Search
from corpus.search.whoosh_backend.writing import Writer

#: Documents of one transaction of reading, between two looks at the progress.
BATCH = 1000


class WhooshSearchBackend(HaystackBackend):  # type: ignore[misc]
    """A haystack backend; its options are told in the package."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        if not self.use_file_storage:
            raise ImproperlyConfigured(
                f"The search connection “{connection_alias}” has STORAGE "
                f"“{options['STORAGE']}”; this engine keeps its index in a folder: name it in PATH."
            )
        self.folder = Path(self.path)
        language = options.get("LANGUAGE") or settings.LANGUAGE_CODE
        self.language = analysis.primary(language)
        self.fold = bool(options.get("FOLD_DIACRITICS", True))
        self.lock_timeout = float(options.get("LOCK_TIMEOUT", 60))

    # What the index consists of

    def setup(self) -> None:
        """Learn the fields; the index itself is made by the first writer."""
        self.content_field_name, self.schema = self.build_schema(self._fields)
        self.name = schema.index_name(self.schema)
        self.query_strings = QueryStrings(
            self.content_field_name,
            self.schema,
            language=self.language,
            fold=self.fold,
            strict=not self.silently_fail,
            log=self.log,
        )
        self.results = Results(self)
        self.setup_complete = True
        if rebuilding.others(self.folder, self.name) and self._pool.is_missing():
            self.log.warning(
                "The index in %s was written for other fields; run rebuild_index.", self.folder
            )

    def build_schema(self, fields: Any) -> tuple[str, Any]:
        return schema.build(fields)

    @property
    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = self._unified.all_searchfields()
        return fields

    @property
    def _unified(self) -> Any:
        return connections[self.connection_alias].get_unified_index()

    @cached_property
    def _pool(self) -> Pool:
        if not self.setup_complete:
            self.setup()
        return pool(self.folder, self.schema, self.name)

    # Writing

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Open the index for one batch of changes: committed at the end, or none of them."""
        if not self.setup_complete:
            self.setup()
        writer = self._open(rebuilding.create(self.folder, self.schema, self.name))
        try:
            yield writer
            writer.commit_changes()
        finally:
            if not writer.is_closed:
                writer.cancel()

    def _open(self, index: Any) -> Writer:
        try:
            return Writer(index, timeout=self.lock_timeout, language=self.language, fold=self.fold)
        except LockError:
            raise SearchBackendError(
                f"The index in {self.folder} was locked for {self.lock_timeout:g} seconds by "
                "another process; nothing was written. Try again, or raise LOCK_TIMEOUT."
            ) from None

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        """Put these objects into the index in place of what it holds of them."""
        model = get_model_ct(index.get_model())
        # Opened before anything is read: what others write after that is newer, and so is theirs.
        with self.writer() as writer:
            prepared = {document[ID]: document for document in self.documents(index, iterable)}
            # Objects that are to be skipped are not searched either.
            found = {f"{model}.{documents.key(row)}" for row in iterable}
            self.replace_by(writer, list(found | prepared.keys()), prepared.values())

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        self.replace([get_identifier(obj_or_string)], [])

    def replace(self, identifiers: Iterable[str], documents: Iterable[dict[str, Any]]) -> None:
        """Delete the documents with these identifiers and add these, in one commit."""
        with self.writer() as writer:
            self.replace_by(writer, list(identifiers), documents)

    def replace_by(
        self, writer: Writer, identifiers: Sequence[str], documents: Iterable[dict[str, Any]]
    ) -> None:
        """The same by a writer that is open already, before these documents were read."""
        rebuilding.note(self.folder, identifiers)
        writer.delete(identifiers)
        for document in documents:
            writer.add(document)

    def clear(self, models: Any = None, commit: bool = True) -> None:
        """Delete all documents, or those of these models."""
        if not self.setup_complete:
            self.setup()
        with self.writer() as writer:
            if models is None:
                writer.segments = []
            else:
                writer.delete_where(DJANGO_CT, [get_model_ct(model) for model in models])

    def delete_index(self) -> None:
        self.clear()

    def optimize(self) -> None:
        """Nothing: segments are merged as they are written."""

    def documents(self, index: Any, objects: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Yield the index's documents as Whoosh takes them."""
        if not self.setup_complete:
            self.setup()
        return map(self._as_written, documents.of(index, objects))

    def _as_written(self, document: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in document.items():
            if value is None or name not in self.schema:
                continue
            plain = type(value) in (str, int, float)
            made[name] = value if plain else self._from_python(value)
            if name in self.shown:
                made[f"_stored_{name}"] = self.shown[name](made[name])
        return made

    @cached_property
    def shown(self) -> dict[str, Callable[[str], str]]:
        """What is stored of a text, where that is not the text itself."""
        return {
            field.index_fieldname: field.shown
            for field in self._fields.values()
            if isinstance(field, WordsField) and field.stored
        }

    # Rebuilding

    def rebuild(
        self, *, processes: int = 1, progress: Callable[[str, int, int], None] | None = None
    ) -> int:
        """Write the index anew beside the live one, exchange them, and return the documents.

        ``progress`` is told of each model how many documents are written, of how many.
        """
        from corpus.search.whoosh_backend.workers import written

        if not self.setup_complete:
            self.setup()
        with rebuilding.room(self.folder) as room:
            parts = written(self, room, processes, progress or _silent)
            with self.writer() as live:
                rebuilding.exchange(live, parts, self._gather_changes)
            for file in rebuilding.others(self.folder, self.name):
                file.unlink(missing_ok=True)
            with self._pool.searcher() as searcher:
                return len(searcher.live) if searcher else 0

    def _gather_changes(self, writer: Writer) -> None:
        changed = rebuilding.noted(self.folder)
        writer.delete(changed)
        keys: dict[str, list[str]] = {}
        for identifier in changed:
            model, _, key = identifier.rpartition(".")
            keys.setdefault(model, []).append(key)
        for label, of_model in keys.items():
            model = haystack_get_model(*label.split("."))
            if model is None or model not in self._unified.get_indexed_models():
                continue
            index = self._unified.get_index(model)
            rows = index.index_queryset(using=self.connection_alias)
            for some in _batches(of_model, BATCH):
                for document in self.documents(index, rows.filter(pk__in=some)):
                    writer.add(document)

    # Searching

    @contextmanager
    def searcher(self) -> Iterator[Searcher | None]:
        """Lend a searcher of the present index; nothing where there is none yet."""
        with self._pool.searcher() as searcher:
            yield searcher

    def answerer(self) -> Any:
        """Return what answers pages from this index."""
        from corpus.search.whoosh_backend.answering import WhooshAnswerer

        if not self.setup_complete:
            self.setup()
        return WhooshAnswerer(self)

    @log_query  # type: ignore[untyped-decorator]
    def search(self, query_string: str, **asked: Any) -> dict[str, Any]:
        """Answer as haystack's own backend does; see :class:`.searching.Search`."""
        return Search(self).answer(str(query_string), **asked)

    def more_like_this(self, model_instance: Any, *narrowing: Any, **asked: Any) -> dict[str, Any]:
        return Search(self).like(model_instance, *narrowing, **asked)


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def _silent(model: str, done: int, total: int) -> None:
    pass
