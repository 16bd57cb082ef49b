"""Pages that browsers saved with their pictures as one file (MHTML)."""

import quopri

import pytest

from forumimport.drafts import Unread
from forumimport.readers import Source, Unreadable, reader_for
from tests.readers.reading import posts, read, thread
from tests.readers.test_mail import message
from tests.readers.test_warc_damage import BOTH, page

ADDRESS = "http://a.example/viewtopic.php?t=1"


def saved(body=None, *, address=ADDRESS, kind="text/html", location=""):
    body = quopri.encodestring(page(1) if body is None else body).decode()
    part = f"Content-Type: {kind}\nContent-Transfer-Encoding: quoted-printable\n{location}\n"
    part += f"{body}\n"
    picture = "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n"
    head = "From: <Saved by Blink>\nSubject: Leeks\nMIME-Version: 1.0\n"
    head += f"Snapshot-Content-Location: {address}\n" if address else ""
    head += 'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="--b--"\n\n'
    content = f"{head}\n----b--\n{part}----b--\n{picture}----b----\n"
    return content.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("name", ["leeks.mhtml", "leeks.mht", "upload"])
def test_page_saved_with_its_pictures_is_read_as_one_of_its_address(name):
    assert reader_for(Source(name, saved())).id == "html"
    draft = thread(saved())
    assert [words for words, _, _ in posts(draft)] == BOTH
    assert (draft.identifier, draft.documents[0].locator) == (ADDRESS, ADDRESS)


def test_address_may_stand_with_the_page():
    content = saved(address="", location=f"Content-Location: {ADDRESS}\n")
    assert thread(content).identifier == ADDRESS


def test_pages_saved_either_way_are_joined(tmp_path):
    link = f'<link rel="canonical" href="{ADDRESS}&start=2">'.encode()
    (tmp_path / "a.mhtml").write_bytes(saved())
    (tmp_path / "b.html").write_bytes(page(2).replace(b"<html>", b"<html>" + link))
    (tmp_path / "c.mhtml").write_bytes(saved(kind="text/css"))
    failed, draft = read(Source("pages", path=tmp_path))
    assert [words for words, _, _ in posts(draft)] == BOTH * 2
    assert isinstance(failed, Unread)
    assert failed.locator == "c.mhtml"
    assert failed.reason.endswith("but no page is in it; save it anew.")


def test_file_without_a_page_is_refused():
    with pytest.raises(Unreadable, match="but no page is in it; save it anew"):
        read(saved(kind="text/css"))


def test_letter_with_a_page_in_it_is_a_letter():
    letter = message("a", "<p>How deep?</p>", From="Ada", Content_Type="text/html").encode()
    assert reader_for(Source("upload", letter)).id == "mail"
