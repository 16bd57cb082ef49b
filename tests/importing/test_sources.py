"""Compressed files and archives: read as what is in them, within limits and without tricks."""

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile

import pytest
import zstandard

from corpus.models import SourceDocument, Thread
from forumimport import archives, importer, sources
from forumimport.importer import Failed, Known, Skipped
from forumimport.models import ImportedContainer
from forumimport.readers import READERS, Reader, Source
from forumimport.sources import Choice, Container
from forumimport.unpacking import unpacked
from tests.importing.posts import lines
from tests.importing.rows import snapshot

LEEKS = b"Leeks\n\nDeep or shallow?\n\n\nDeep.\n"
CHARD = b"Chard\n\nWhy does it bolt?\n"
PACKED = {
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
}
TALK = {"id": "t1", "title": "Moles", "posts": [{"id": "p1", "text": "Why? " * 400}]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*names, choice=sources.ALL):
    containers = sources.opened(sources.files(names, choice), choice)
    return [source for container in containers for source in container.sources()]


def contents(*names, **options):
    return {
        source.origin: source.reason if isinstance(source, Failed) else source.content
        for source in found(*names, **options)
    }


def zipped(members, name="a.zip"):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def tarred(members, name="a.tar", mode="w"):
    with tarfile.open(name, mode) as archive:
        for member, content in members.items():
            entry = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize("packing", PACKED)
def test_compressed_files_are_read_as_what_is_in_them(folder, packing):
    (folder / f"leeks.txt.{packing}").write_bytes(PACKED[packing](LEEKS))
    assert contents(".") == {f"./leeks.txt.{packing}": LEEKS}


@pytest.mark.parametrize("packing", PACKED)
def test_compressed_parts_one_after_the_other_are_all_read(packing):
    packed = PACKED[packing](LEEKS) + PACKED[packing](CHARD)
    assert unpacked(io.BytesIO(packed)).read() == LEEKS + CHARD


@pytest.mark.parametrize("packing", PACKED)
def test_truncated_compressed_files_give_what_is_before_and_say_so(
    db, posts_reader, folder, packing
):
    threads = [TALK | {"id": f"t{n}", "metadata": {"n": str(n * n)}} for n in range(3000)]
    packed = PACKED[packing](lines(*threads))
    (folder / "dump.posts").write_bytes(packed[: len(packed) * 2 // 3])
    outcomes = list(
        importer.import_sources(
            [Container("dump.posts")], collection="Talk", run=importer.start_run({})
        )
    )
    assert isinstance(outcomes[-1], Failed)
    assert outcomes[-1].reason.startswith("dump.posts cannot be read")
    assert ImportedContainer.objects.filter(finished__isnull=False).count() == 0


def test_zstandard_windows_of_2_gigabytes_are_read():
    parameters = zstandard.ZstdCompressionParameters(window_log=31, compression_level=1)
    whole = zstandard.ZstdCompressor(compression_params=parameters).compress(LEEKS)
    assert unpacked(io.BytesIO(whole)).read() == LEEKS


def test_what_expands_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("forumimport.unpacking._HARMLESS", 1024 * 1024)
    bomb = unpacked(io.BytesIO(zstandard.compress(bytes(50_000_000))))
    with pytest.raises(OSError, match="it expands to more than 1,000 times its size"):
        list(iter(lambda: bomb.read(1024 * 1024), b""))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2"])
def test_archives_are_read_member_by_member(folder, name):
    members = {"b/leeks.txt": LEEKS, "chard.txt": CHARD, "notes.md": b"No", ".x.txt": b"Hidden"}
    if name == "a.zip":
        zipped(members, name)
    else:
        tarred(members, name, "w:" + name.partition(".tar")[2].strip("."))
    assert contents(".") == {f"./{name}/b/leeks.txt": LEEKS, f"./{name}/chard.txt": CHARD}


def test_archive_compressed_by_zstandard_is_read(folder):
    tarred({"leeks.txt": LEEKS})
    (folder / "b.tar.zst").write_bytes(zstandard.compress((folder / "a.tar").read_bytes()))
    assert contents("b.tar.zst") == {"b.tar.zst/leeks.txt": LEEKS}


def test_members_that_lead_elsewhere_are_refused(folder):
    names = ["../out.txt", "/abs.txt", "a/../../b.txt", "c:\\d.txt", "a\\..\\..\\e.txt"]
    zipped(dict.fromkeys(names, LEEKS))
    told = contents("a.zip", choice=Choice(include=("*",)))
    assert len(told) == len(names)
    assert all(str(why).endswith("has a name that leads out of the archive.") for why in
               told.values())  # fmt: skip


def test_links_and_devices_are_refused(folder):
    link, hard, device, pipe = map(tarfile.TarInfo, ["l.txt", "h.txt", "d.txt", "p.txt"])
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "/etc/passwd"
    device.type, pipe.type = tarfile.CHRTYPE, tarfile.FIFOTYPE
    tarred({link: b"", hard: b"", device: b"", pipe: b"", "leeks.txt": LEEKS})
    assert contents("a.tar") == {
        "a.tar/l.txt": "a.tar/l.txt is a link, which is not followed.",
        "a.tar/h.txt": "a.tar/h.txt is a link, which is not followed.",
        "a.tar/d.txt": "a.tar/d.txt is a device, not a file.",
        "a.tar/p.txt": "a.tar/p.txt is a device, not a file.",
        "a.tar/leeks.txt": LEEKS,
    }
    entry = zipfile.ZipInfo("l.txt")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile("b.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert contents("b.zip") == {"b.zip/l.txt": "b.zip/l.txt is a link, which is not followed."}


def test_encrypted_members_are_named(folder):
    zipped({"a.txt": LEEKS, "b.txt": CHARD})
    content = bytearray((folder / "a.zip").read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    (folder / "a.zip").write_bytes(content)
    assert contents("a.zip") == {
        "a.zip/a.txt": "a.zip/a.txt is encrypted; unpack it with its password and import that.",
        "a.zip/b.txt": CHARD,
    }


def test_archive_bombs_are_refused(folder, settings, monkeypatch):
    monkeypatch.setattr(archives, "_HARMLESS", 1000)
    zipped({"bomb.txt": bytes(5_000_000), "leeks.txt": LEEKS})
    assert contents("a.zip") == {
        "a.zip/bomb.txt": "a.zip/bomb.txt expands to more than 1,000 times its size.",
        "a.zip/leeks.txt": LEEKS,
    }
    settings.CORPUS_MAX_ARCHIVE_BYTES = 40
    zipped({"leeks.txt": LEEKS, "chard.txt": CHARD})
    assert contents("a.zip")["a.zip/chard.txt"] == (
        "a.zip/chard.txt is not read: the archive holds more than the 40 bytes that "
        "CORPUS_MAX_ARCHIVE_BYTES allows."
    )
    monkeypatch.setattr(archives, "MEMBERS", 1)
    assert contents("a.zip")["a.zip"] == "a.zip holds more than 1 files; the rest is left."


def with_header(kind, size, *, told):
    """Return a tar file that begins with an extended header that tells of ``told`` bytes."""
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, told
    return header.tobuf(tarfile.USTAR_FORMAT) + bytes(size)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_headers_longer_than_any_name_are_refused_before_they_are_read(folder, kind):
    size = 24 * 1024 * 1024
    (folder / "a.tar.gz").write_bytes(gzip.compress(with_header(kind, size, told=1024**3)))
    tracemalloc.start()
    told = contents("a.tar.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == {
        "a.tar.gz": "a.tar.gz is damaged or cut off (a header is too long); what is before that "
        "place is read."
    }
    assert peak < 8 * 1024 * 1024


def test_headers_of_headers_without_end_are_refused(folder):
    (folder / "a.tar").write_bytes(with_header(tarfile.XHDTYPE, 0, told=0) * 5000)
    assert contents("a.tar")["a.tar"].startswith("a.tar is damaged or cut off")


def test_names_longer_than_a_header_are_read(folder):
    name = "deep/" * 100 + "leeks.txt"
    tarred({name: LEEKS})
    assert contents("a.tar") == {f"a.tar/{name}": LEEKS}


def test_damaged_archives_are_told(folder):
    tarred({"leeks.txt": LEEKS, "chard.txt": CHARD * 1000})
    (folder / "b.tar").write_bytes((folder / "a.tar").read_bytes()[:12000])
    told = contents("b.tar")
    assert told["b.tar/leeks.txt"] == LEEKS
    assert told["b.tar/chard.txt"] == ("b.tar/chard.txt cannot be read (unexpected end of data).")
    (folder / "c.zip").write_bytes(b"PK\x03\x04 and nothing else")
    assert "c.zip is no archive that can be opened" in contents("c.zip")["c.zip"]


def test_patterns_choose_files_of_folders_and_archives(folder):
    (folder / "talk").mkdir()
    for name in ["a.txt", "b.txt", "c.log"]:
        (folder / "talk" / name).write_bytes(LEEKS)
    zipped({"d.txt": CHARD, "old/e.txt": CHARD}, "talk/f.zip")
    assert list(contents("talk", choice=Choice(include=("*.log",)))) == ["talk/c.log"]
    chosen = Choice(include=("*.txt", "*.zip"), exclude=("b*", "old/*"))
    assert list(contents("talk", choice=chosen)) == ["talk/a.txt", "talk/f.zip/d.txt"]


def test_folders_that_are_one_source_are_not_taken_apart(folder, monkeypatch):
    class Folder(Reader):
        id, title, suffixes = "folder", "A folder", frozenset()

        def sniff(self, head):
            return 1.0 if {"cur", "new", "tmp"} <= head.folder else 0.0

        def read(self, source, options):
            raise AssertionError

    monkeypatch.setitem(READERS, "folder", Folder())
    for name in ["mail/cur", "mail/new", "mail/tmp", "talk"]:
        (folder / name).mkdir(parents=True)
    (folder / "mail/cur/1.txt").write_bytes(LEEKS)
    (folder / "talk/leeks.txt").write_bytes(LEEKS)
    origins = [(source.origin, source.path is not None) for source in found(".")]
    assert origins == [("./mail", True), ("./talk/leeks.txt", False)]


def test_files_above_the_limit_are_read_where_they_hold_many_threads(
    db, posts_reader, folder, settings
):
    settings.CORPUS_MAX_DOCUMENT_BYTES = 5_000
    threads = [TALK | {"id": f"t{n}", "title": f"Moles {n}"} for n in range(10)]
    giant = {"id": "t99", "title": "Giant", "posts": [{"text": "Why? " * 2000}]}
    (folder / "dump.posts").write_bytes(lines(*threads, giant))
    outcomes = list(
        importer.import_sources(
            [Container("dump.posts")], collection="Talk", run=importer.start_run({})
        )
    )
    assert Thread.objects.count() == 10
    assert outcomes[-1].reason == (
        "dump.posts line 11 is larger than the 5,000 bytes that CORPUS_MAX_DOCUMENT_BYTES allows; "
        "split it or raise the setting."
    )


@pytest.fixture
def dump(folder, posts_reader, monkeypatch):
    monkeypatch.setattr(sources, "REMEMBERED", 1)
    threads = [TALK | {"id": f"t{n}", "title": f"Moles {n}"} for n in range(5)]
    (folder / "dump.posts").write_bytes(lines(*threads))
    return Container("dump.posts")


def imported(*containers, **options):
    options = {"collection": "Talk", "run": importer.start_run({})} | options
    return list(importer.import_sources(containers, **options))


def test_finished_files_are_not_read_again(db, dump, monkeypatch):
    imported(dump)
    rows = snapshot()
    with monkeypatch.context() as patched:
        patched.setattr(Container, "sources", lambda self: pytest.fail("It was read again."))
        (known,) = imported(dump)
    assert (type(known), known.documents) == (Known, 5)
    assert snapshot() == rows


def test_finished_file_is_read_again_when_a_thread_is_gone(db, dump):
    imported(dump)
    Thread.objects.first().delete()
    outcomes = imported(dump)
    assert sum(isinstance(outcome, Skipped) for outcome in outcomes) == 4
    assert SourceDocument.objects.count() == 5
    assert [type(outcome) for outcome in imported(dump)] == [Known]


def test_file_that_a_limit_cut_short_is_not_finished(db, dump):
    plan = importer.Plan("Talk", limit=2)
    assert len(imported(dump, plan=plan)) == 2
    assert ImportedContainer.objects.get().finished is None
    assert len([one for one in imported(dump) if isinstance(one, Skipped)]) == 2
    assert Thread.objects.count() == 5


def test_file_read_otherwise_is_read_again(db, dump):
    imported(dump)
    outcomes = imported(Container("dump.posts", Choice(exclude=("x*",))))
    assert {type(outcome) for outcome in outcomes} == {Skipped}


def test_content_that_is_compressed_is_read_as_what_is_in_it():
    assert Source("a", gzip.compress(LEEKS)).stream().read() == LEEKS


def sparse_chain(blocks):
    """Return a GNU tar file with a sparse header whose map goes on for so many blocks."""
    header = bytearray(tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT))
    header[156:157], header[482] = tarfile.GNUTYPE_SPARSE, 1
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    more = bytearray((b"%011o " % 1) * 42)
    more += bytes([1]) + bytes(7)
    return bytes(header[:512]) + bytes(more) * blocks


def test_maps_of_sparse_files_are_refused_before_they_are_read(folder):
    (folder / "a.tar.gz").write_bytes(gzip.compress(sparse_chain(40_000)))
    tracemalloc.start()
    told = contents("a.tar.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "it holds a sparse file" in told["a.tar.gz"]
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize(
    "headers",
    [
        {"GNU.sparse.map": "0,1,5,1", "GNU.sparse.size": "10"},
        {"GNU.sparse.size": "10", "GNU.sparse.numblocks": "1"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
    ],
)
def test_sparse_files_by_extended_headers_are_refused(folder, headers):
    member = tarfile.TarInfo("leeks.txt")
    member.pax_headers = headers
    with tarfile.open("a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        member.size = len(LEEKS)
        archive.addfile(member, io.BytesIO(LEEKS))
    assert "sparse file" in " ".join(map(str, contents("a.tar").values()))


def test_global_headers_are_bounded_together(folder):
    with tarfile.open("a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.fileobj.write(
            b"".join(
                tarfile.TarInfo.create_pax_global_header({f"k{number}": "v" * 600_000})
                for number in range(4)
            )
        )
    assert "a header is too long" in contents("a.tar")["a.tar"]


def test_members_of_a_stream_are_forgotten(folder, monkeypatch):
    tarred({f"{number}.txt": LEEKS for number in range(50)})
    held = []
    following = tarfile.TarFile.next

    def counted(archive):
        held.append(len(archive.members))
        return following(archive)

    monkeypatch.setattr(tarfile.TarFile, "next", counted)
    assert len(contents("a.tar")) == 50
    assert max(held) <= 1


LETTER = b"From: Ada <ada@x.example>\nSubject: Moles\nMessage-ID: <1@x>\n\nA cat helps.\n"
MAILDIR = {"garden/cur/1": LETTER, "garden/new/2": LETTER.replace(b"1@x", b"2@x")}


def drafts_in(name):
    collected = importer.import_sources([Container(name)], collection="Talk", run=None)
    return [one.draft for one in collected if isinstance(one, importer.Created)]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.django_db
def test_folders_that_are_one_source_are_read_as_such_inside_archives(folder, name):
    members = MAILDIR | {"garden/tmp/": b"", "notes.txt": LEEKS}
    if name.endswith("zip"):
        zipped(members, name)
    else:
        members.pop("garden/tmp/")
        tarred(members, name, "w:" + name.partition(".tar")[2].strip("."))
    notes, *mail = drafts_in(name)
    assert (notes.origin, {draft.origin for draft in mail}) == (
        f"{name}/notes.txt",
        {f"{name}/garden"},
    )
    assert [draft.title for draft in mail] == ["Moles", "Moles"]


@pytest.mark.django_db
def test_corpus_inside_an_archive_says_where_its_utterances_stand(folder):
    line = b'{"id": "u1", "conversation_id": "c1", "speaker": "ada", "text": "A cat helps."}\n'
    zipped({"corpus/utterances.jsonl": line, "corpus/conversations.json": b"{}"})
    (draft,) = drafts_in("a.zip")
    assert (draft.origin, draft.locator) == ("a.zip/corpus", "thread c1")


def test_folders_inside_archives_are_unpacked_within_the_limits(folder, settings):
    settings.CORPUS_MAX_ARCHIVE_BYTES = len(LETTER) + 1
    zipped(MAILDIR)
    assert "CORPUS_MAX_ARCHIVE_BYTES" in contents("a.zip")["a.zip/garden/new/2"]


def test_names_that_lead_out_of_a_folder_of_an_archive_are_refused(folder):
    zipped(MAILDIR | {"garden/cur/../../../evil": LETTER})
    assert not (folder.parent / "evil").exists()
    assert "leads out" in " ".join(map(str, contents("a.zip", choice=Choice(("*",))).values()))
