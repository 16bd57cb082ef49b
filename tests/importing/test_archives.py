"""Archives: read member by member, within limits and without tricks."""

import io
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
import zstandard

from forumimport import archives, importer
from forumimport.sources import Choice, Container
from tests.importing.packed import CHARD, LEEKS, contents, found, tarred, zipped


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


def overlapping(name, count, content):
    """Write a zip file whose directory has so many entries for one file."""
    zipped({"a.txt": content}, name)
    packed = Path(name).read_bytes()
    directory = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entries = packed[directory:end] * count
    tail = struct.pack("<HHIIH", count, count, len(entries), directory, 0)
    Path(name).write_bytes(packed[:directory] + entries + packed[end : end + 8] + tail)


def test_files_that_lie_over_one_another_are_refused(folder):
    overlapping("a.zip", 3, LEEKS)
    told = [getattr(one, "reason", None) or one.content for one in found("a.zip")]
    trap = "a.zip/a.txt lies over another file of the archive, as only traps do."
    assert told == [LEEKS, trap, trap]


def test_directory_longer_than_any_is_refused_before_it_is_read(folder, monkeypatch):
    monkeypatch.setattr(archives, "_DIRECTORY", 1024 * 1024)
    overlapping("a.zip", 30_000, LEEKS)
    assert contents("a.zip") == {
        "a.zip": "a.zip is no archive that can be opened (its list of files is longer than 1 MB; "
        "pack fewer together)."
    }


def test_names_in_other_encodings_are_shown_with_their_bytes(folder):
    member = tarfile.TarInfo("café.txt")
    member.size = len(LEEKS)
    with tarfile.open("a.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        archive.addfile(member, io.BytesIO(LEEKS))
    assert contents("a.tar") == {r"a.tar/caf\udce9.txt": LEEKS}


@pytest.mark.django_db
def test_thread_of_a_name_in_another_encoding_is_stored(folder):
    test_names_in_other_encodings_are_shown_with_their_bytes(folder)
    run = importer.start_run({})
    (created,) = importer.import_sources([Container("a.tar")], collection="Talk", run=run)
    assert created.thread.documents.get().origin == r"a.tar/caf\udce9.txt"


@pytest.mark.parametrize("name", ["inner.zip", "inner.tar", "inner.tar.gz"])
@pytest.mark.parametrize("large", [False, True])
def test_archives_in_archives_are_told(folder, monkeypatch, name, large):
    if name == "inner.zip":
        zipped({"leeks.txt": LEEKS}, name)
    else:
        tarred({"leeks.txt": LEEKS}, name, "w:" + name.partition(".tar")[2].strip("."))
    if large:
        monkeypatch.setattr(archives, "_HARMLESS", 1)
    zipped({name: (folder / name).read_bytes()})
    assert contents("a.zip") == {
        f"a.zip/{name}": f"a.zip/{name} is an archive in an archive; unpack the outer one and "
        "import what is in it."
    }


def test_names_longer_than_any_cost_no_time(folder):
    deep, long = "a/" * 400_000 + "b.txt", "x" * 5_000 + ".txt"
    tarred({deep: LEEKS, long: LEEKS, "leeks.txt": LEEKS})
    started = time.process_time()
    told = contents("a.tar")
    assert time.process_time() - started < 5
    assert [str(why)[-33:] for why in told.values()][:2] == [
        " has a longer name than any file."
    ] * 2
    assert told["a.tar/leeks.txt"] == LEEKS


@pytest.mark.django_db
def test_member_that_cannot_be_unpacked_into_its_folder_costs_itself(folder):
    zipped({"garden/cur": b"a file", "garden/new/1": LETTER, "garden/cur/2": LETTER})
    failed, (draft,) = contents("a.zip"), drafts_in("a.zip")
    assert "a.zip/garden/cur/2 cannot be read" in failed["a.zip/garden/cur/2"]
    assert draft.origin == "a.zip/garden"


def test_damaged_archives_are_told(folder):
    tarred({"leeks.txt": LEEKS, "chard.txt": CHARD * 1000})
    (folder / "b.tar").write_bytes((folder / "a.tar").read_bytes()[:12000])
    told = contents("b.tar")
    assert told["b.tar/leeks.txt"] == LEEKS
    assert told["b.tar/chard.txt"] == ("b.tar/chard.txt cannot be read (unexpected end of data).")
    (folder / "c.zip").write_bytes(b"PK\x03\x04 and nothing else")
    assert "c.zip is no archive that can be opened" in contents("c.zip")["c.zip"]


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
