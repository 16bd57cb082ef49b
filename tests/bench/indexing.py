"""How fast an index is written: ours, haystack's own, and a bare Whoosh writer."""

import random
import resource
import shutil
from pathlib import Path

from django.core.management import call_command
from haystack import connections
from whoosh import fields
from whoosh.analysis import StemFilter
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, create_in, open_dir

from corpus.search.whoosh_backend.analyzers import Words
from corpus.search.whoosh_backend.schema import Exact, Text
from corpus.search.whoosh_backend.storage import Index
from tests.bench.timing import once, peak_mb, ratio

#: Posts that Whoosh's own writer is given at once.
AT_ONCE = 20_000


def ours(count: int, processes: int) -> dict:
    backend = connections["default"].get_backend()
    shutil.rmtree(backend.folder, ignore_errors=True)
    spent = once(lambda: backend.rebuild(processes=processes))
    assert spent.pop("answer") == count
    return spent


def stock() -> dict:
    """A full rebuild by haystack's own engine, as its command does it."""
    silent = {"verbosity": 0, "interactive": False}
    return once(lambda: call_command("rebuild_index", using=["stock"], **silent))


def stock_at(size: int, sample: int) -> dict:
    """One update by haystack's own engine in an index of ``size`` documents, per document."""
    backend, post = stock_written(size)
    rows = list(post.index_queryset().order_by("?")[:sample])
    spent = once(lambda: backend.update(post, rows))
    return {"cpu": spent["cpu"] / sample}


def stock_written(size: int) -> tuple:
    """Fill haystack's own index by a bare writer, in the segments that Whoosh would leave."""
    backend = connections["stock"].get_backend()
    (post,) = connections["stock"].get_unified_index().get_indexes().values()
    shutil.rmtree(backend.path, ignore_errors=True)
    backend.setup()
    writer = backend.index.writer(limitmb=256)
    for row in post.index_queryset().select_related("topic__forum", "poster")[:size]:
        document = post.full_prepare(row)
        writer.add_document(**{k: backend._from_python(v) for k, v in document.items()})
    writer.commit()
    return backend, post


def stock_repeated(size: int) -> None:
    """Make haystack's own index as large as ``size`` documents: some of them several times.

    Only to be read. Writing so many would take an hour, and what a search costs hangs on the
    size of the files and the share of the documents that match.
    """
    backend, _post = stock_written(AT_ONCE)
    index = backend.index
    segments = [*index._segments()] * (size // AT_ONCE)
    TOC(index.schema, segments, index.latest_generation() + 1).write(index.storage, index.indexname)
    backend.setup()
    assert backend.index.doc_count() == size


def bare() -> dict:
    """Whoosh's own writer, given ready documents of the same lean schema."""
    backend = connections["default"].get_backend()
    (index,) = connections["default"].get_unified_index().get_indexes().values()
    documents = list(backend.documents(index, index.index_queryset()))
    for document in documents:
        for name in [name for name in document if name.startswith("_stored_")]:
            document[f"{name.removeprefix('_stored_')}_exact"] = document[
                name.removeprefix("_stored_")
            ]
    schema = fields.Schema(**{name: _plain(field) for name, field in backend.schema.items()})
    folder = Path(backend.folder.parent, "bare")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    writer = create_in(folder, schema).writer(limitmb=256)

    def write() -> None:
        for document in documents:
            writer.add_document(**document)
        writer.commit()

    return once(write)


def bare_copy() -> None:
    """Our index for a bare writer: the files are Whoosh's own."""
    backend = connections["default"].get_backend()
    folder = Path(backend.folder.parent, "bare")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(backend.folder, folder)
    schema = fields.Schema(**{name: _plain(field) for name, field in backend.schema.items()})
    storage = FileStorage(str(folder))
    segments = Index(backend.folder, backend.schema, backend.name)._segments()
    TOC(schema, segments, 1).write(storage, "MAIN")


def one_post() -> dict:
    """One post indexed again: ours against a bare ``update_document`` and commit."""
    backend = connections["default"].get_backend()
    (index,) = connections["default"].get_unified_index().get_indexes().values()
    folder = Path(backend.folder.parent, "bare")
    chance = random.Random(3)
    rows = list(index.index_queryset())
    our_ms, bare_ms = [], []
    for row in chance.sample(rows, 5):
        our_ms.append(once(lambda row=row: backend.update(index, [row]))["cpu"] * 1000)
        (document,) = backend.documents(index, [row])

        def update(document=document) -> None:
            writer = open_dir(folder).writer()
            writer.update_document(**document)
            writer.commit()

        bare_ms.append(once(update)["cpu"] * 1000)
    our, other = sorted(our_ms)[2], sorted(bare_ms)[2]
    return {"ours_ms": our, "bare_ms": other, "ours_to_bare": ratio(our, other)}


def measured(count: int, *, stock_fully: bool, stock_size: int | None) -> dict:
    if count <= AT_ONCE:
        ours(count, 1)  # What a process loads once, whatever it indexes, is not measured.
    one, two = ours(count, 1), ours(count, 2)
    plain = bare() if count <= AT_ONCE else None
    found = {
        "ours_posts_per_cpu_second": round(count / one["cpu"]),
        "two_processes_to_one_wall": ratio(one["wall"], two["wall"]),
        "peak_mb_of_a_worker": peak_mb(resource.RUSAGE_CHILDREN),
    }
    if plain is None:  # It takes minutes and gigabytes beyond.
        bare_copy()
    else:
        found["bare_writer_posts_per_cpu_second"] = round(count / plain["cpu"])
        found["ours_to_bare_writer"] = ratio(plain["cpu"], one["cpu"])
    found["one_post"] = one_post()
    if stock_fully:
        other = stock()
        found["stock_posts_per_cpu_second"] = round(count / other["cpu"])
        found["ours_to_stock"] = ratio(other["cpu"], one["cpu"])
    elif stock_size:
        each = stock_at(stock_size, 10)["cpu"]
        found["stock_cpu_ms_per_post_at_this_size"] = round(1000 * each, 1)
        # The cost of a post grows with the index, so on the way it is half of this at least.
        found["ours_to_stock_at_least"] = ratio(each * count / 2, one["cpu"])
    else:
        stock_repeated(count)
    return found


def _plain(field):
    if isinstance(field, Text):
        return fields.TEXT(
            analyzer=_Stems(), phrase=False, stored=field.stored, multitoken_query="phrase"
        )
    if isinstance(field, Exact):
        return fields.TEXT(analyzer=Words())
    return field


class _Stems(Words):
    stems = StemFilter()

    def __call__(self, value, **kwargs):
        return self.stems(super().__call__(value, **kwargs))
