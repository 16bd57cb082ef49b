"""Headers of tar files: bounded before they are read, whatever they tell of themselves."""

import gzip
import io
import tarfile
import time
import tracemalloc

import pytest

from tests.importing.packed import LEEKS, contents, tarred


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


def test_global_headers_say_a_hundred_things_at_most(folder):
    keys = {f"k{number}": "v" for number in range(101)}
    with tarfile.open("a.tar", "w", format=tarfile.PAX_FORMAT, pax_headers=keys):
        pass
    assert "global headers say too much" in contents("a.tar")["a.tar"]


def test_digits_in_a_header_cost_no_more_than_their_number(folder):
    """Read by Python before 3.11.10, ten times as many took a hundred times as long."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 512 * 2_000
    with open("a.tar", "wb") as archive:
        archive.write(header.tobuf(tarfile.USTAR_FORMAT) + b"1" * header.size)
    start = time.process_time()
    assert "too many digits" in contents("a.tar")["a.tar"]
    assert time.process_time() - start < 2
