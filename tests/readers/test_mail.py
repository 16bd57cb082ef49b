"""Mail: messages to posts, with quotations resolved and what programs add set apart."""

import time
from pathlib import Path

import pytest

from forumimport import readers
from forumimport.readers import Source, reader_for
from tests.readers.reading import dates, posts, problems, quotations, read, refused, thread


def test_mail_reader_threads_by_references():
    leeks, moles = read("mbox-with-missing-parent-and-signatures.mbox")
    assert (leeks.title, leeks.identifier) == ("Leeks", "1@garden.example")
    assert posts(leeks) == [
        ("How deep do you plant\nyour leeks?\nFrom the pot I mean.", "Ada Löw", None),
        ("> How deep do you plant your\n> leeks?\n\nSo tief wie möglich.", "Bo", 0),
    ]
    assert (moles.title, moles.identifier) == ("Re: Moles", "3@garden.example")
    assert posts(moles) == [
        ("They are back.", "Cy", None),
        ("> They are back.\n\nGarlic!", "Dee", 0),
    ]
    assert problems(moles) == [
        (
            "thread 3@garden.example, message 4",
            "Its date “Yesterday” tells no day and is kept as written.",
        ),
        (
            "thread 3@garden.example, 4@garden.example",
            "It answers “3@garden.example”, which is no earlier post of the thread.",
        ),
    ]


def test_mail_reader_resolves_quotations_however_they_are_wrapped():
    leeks, moles = read("mbox-with-missing-parent-and-signatures.mbox")
    assert quotations(leeks) == [("> How deep do you plant your\n> leeks?", "Ada Löw", 0)]
    assert quotations(moles) == [("> They are back.", "", 0)]
    assert {q.basis for q in leeks.documents[0].structure.quotations} == {"inferred"}


def test_mail_reader_sets_apart_what_programs_add():
    leeks, _ = read("mbox-with-missing-parent-and-signatures.mbox")
    (document,) = leeks.documents
    assert [(row.span.of(document.text), row.kind) for row in document.structure.boilerplate] == [
        ("-- \nAda\nhttps://ada.garden.example/", "signature"),
        ("On Fri, 3 May 2019 at 10:00, Ada Löw <ada@garden.example>\nwrote:", "header"),
        ("_" * 47 + "\nGarden mailing list\nGarden@garden.example", "navigation"),
    ]


def test_mail_reader_understands_dates_and_keeps_what_is_none():
    leeks, moles = read("mbox-with-missing-parent-and-signatures.mbox")
    assert dates(leeks)[0] == (
        "Fri, 3 May 2019 10:00:00 +0200",
        "2019-05-03T08:00:00+00:00",
        "second",
    )
    assert dates(moles)[1] == ("Yesterday", None, "")


def test_mail_reader_decodes_each_message_by_its_own_encoding():
    draft = thread("mbox-in-encodings-of-all-kinds.mbox")
    assert posts(draft) == [
        ("Лук и чеснок.", "Ada", None),
        ("Schöne Grüße aus Köln, dort wachsen sie über Winter in großen Töpfen.", "Bö", 0),
        ("Größe zählt.", "Cy", 1),
    ]
    assert problems(draft) == [
        ("thread a@x.example, message 2", "It does not state its encoding; read as cp1252.")
    ]
    (document,) = draft.documents
    assert (document.encoding, document.encoding_guessed) == ("mixed", True)


def test_mail_reader_reads_folders_and_html():
    draft = thread("maildir-with-html-and-attachment")
    assert posts(draft) == [("How deep?", "Ada", None), ("How deep?\n\nVery.", "Bo", 0)]
    assert [(words, quoted) for words, _, quoted in quotations(draft)] == [("How deep?", None)]


def message(name, body, **headers):
    lines = [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    return "\n".join(
        ["From x Fri May  3 10:00:00 2019", f"Message-ID: <{name}>", *lines, "", body, "\n"]
    )


BROKEN = {
    "no text": (
        message("b", "AAAA", References="<a>", Content_Type="image/png"),
        "It has no text, only image/png.",
    ),
    "NUL": (
        message("b", "a\0b", References="<a>"),
        "Its text holds a NUL (character 2), so it is damaged.",
    ),
}


@pytest.mark.parametrize("trait", BROKEN)
def test_broken_message_costs_itself(trait):
    broken, reason = BROKEN[trait]
    box = message("a", "One.") + broken + message("c", "Three.", References="<a>")
    draft = thread(box.encode(), format="mail")
    assert [words for words, _, _ in posts(draft)] == ["One.", "Three."]
    assert problems(draft) == [("thread a, message 2", reason)]


def test_messages_without_names_are_threads_of_their_own():
    box = "From x Fri May  3 10:00:00 2019\nSubject: Leeks\n\nWords.\n"
    first, second = read((box + box).encode(), format="mail")
    assert [posts(one) for one in (first, second)] == [[("Words.", "", None)]] * 2
    assert [(one.identifier, one.title) for one in (first, second)] == [("", "Leeks")] * 2


def test_messages_that_answer_each_other_in_a_circle_are_read():
    box = message("a", "One.", In_Reply_To="<b>") + message("b", "Two.", In_Reply_To="<a>")
    draft = thread(box.encode(), format="mail")
    assert len(posts(draft)) == 2


def test_mail_of_one_message_without_words_is_refused():
    assert refused(message("a", "", Subject="Leeks").encode(), format="mail") == [
        ("thread a", "None of its posts can be read; a: It has no words.")
    ]


@pytest.mark.parametrize(
    "content",
    [
        "From " + "1:11 2019 " * 200_000,
        message("a", "_" * 47 + "\n" + "words " * 200_000),
        message("a", "_" * 47 + "\n" + "words\n" * 100_000),
        message("a", "> " * 500_000),
        message("a", ">\n" * 300_000 + "Ada wrote:\n"),
        message("a", "Words.", Subject="=?utf-8?q?" * 100_000),
        message("a", "Words.", References="<" * 500_000),
        message("a", "Words.", Content_Type="multipart/mixed; boundary=" + "x" * 500_000),
    ],
    ids=["from", "footer", "footer lines", "marks", "bare marks", "subject", "references", "parts"],
)
def test_mail_of_a_million_characters_is_read_in_seconds(content):
    start = time.monotonic()
    read(content.encode(), format="mail")
    assert time.monotonic() - start < 20


def parted(*parts):
    """A message whose parts say the same, of type and words."""
    lines = [f"--b\nContent-Type: text/{kind}\n\n{words}\n" for kind, words in parts]
    kind = 'multipart/alternative; boundary="b"'
    return message("a", "".join(lines) + "--b--", Content_Type=kind).encode()


@pytest.mark.parametrize("blank", ["", " \n\n", "\u00a0"])
def test_html_is_read_where_the_plain_part_is_blank(blank):
    content = parted(("plain; charset=utf-8", blank), ("html", "<p>How <b>deep</b>?</p>"))
    assert posts(thread(content, format="mail")) == [("How deep?", "", None)]


def test_plain_part_is_read_rather_than_html():
    content = parted(("plain", ""), ("plain", "Plain."), ("html", "<p>Marked.</p>"))
    assert posts(thread(content, format="mail")) == [("Plain.", "", None)]


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("=?iso-8859-1?Q?M=FCller=2C_Hans?= <hans@garden.example>", "Müller, Hans"),
        ("=?iso-8859-1?Q?M=FCller,_Hans_<H>?= <hans@garden.example>", "Müller, Hans <H>"),
        ('"=?utf-8?B?TcO8bGxlciwgSGFucw==?=" <hans@garden.example>', "Müller, Hans"),
        ("=?utf-8?Q?=22M=C3=BCller=2C_Hans=22?= <hans@garden.example>", "Müller, Hans"),
        ("hans@garden.example (=?utf-8?Q?Hans_M=C3=BC?= =?utf-8?Q?ller?=)", "Hans Müller"),
        ("=?utf-8?Q?Hans_=3Chans=40garden.example=3E?=", "Hans"),
        ('"Müller, Hans" <hans@garden.example>', "Müller, Hans"),
        ("hans@garden.example", "hans@garden.example"),
    ],
)
def test_name_of_the_writer_is_told_from_the_address(header, author):
    draft = thread(message("a", "Words.", From=header).encode(), format="mail")
    assert posts(draft) == [("Words.", author, None)]


@pytest.mark.parametrize(
    ("header", "encoding", "body"),
    [
        ("Лук и чеснок", "koi8-r", "koi8-r"),
        ("Лук и чеснок", "utf-8", "koi8-r"),
        ("Tiefe Töpfe", "cp1252", "us-ascii"),
        ("深い鉢", "iso-2022-jp", "iso-2022-jp"),
        ("Leeks", "ascii", "utf-16-le"),
    ],
)
def test_headers_that_name_no_encoding_are_read_in_that_of_the_message(header, encoding, body):
    kind = f"Content-Type: text/plain; charset={body}\nMessage-ID: <a>\n\n"
    content = f"Subject: {header}\nFrom: {header} <a@b.example>\n".encode(encoding)
    draft = thread(content + kind.encode() + "Words\n".encode(body), format="mail")
    ((_words, author, _),) = posts(draft)
    assert (draft.title, author) == (header, header)


def test_header_may_hold_bytes_and_encoded_words():
    content = message("a", "Words.", Subject="Лук: =?utf-8?q?=D0=BB=D1=83=D0=BA?= C:\\u").encode()
    assert thread(content, format="mail").title == "Лук: лук C:\\u"


def test_mbox_of_usenet_has_numbers_in_place_of_senders():
    letters = [
        f"From {n}\r\nMessage-ID: <{n}>\r\nSubject: Leeks\r\n\r\nWords.\r\nFrom 1999\r\non.\r\n\r\n"
        for n in (-6457297585892768411, 64)
    ]
    content = "".join(letters).encode()
    assert reader_for(Source("usenet", content)).id == "mail"
    found = read(content, format="mail")
    assert [posts(one) for one in found] == [[("Words.\r\nFrom 1999\r\non.", "", None)]] * 2


def test_mbox_may_end_with_what_begins_like_a_message():
    content = message("a", "Words.").rstrip() + "\nFrom 1999"
    assert posts(thread(content.encode(), format="mail")) == [("Words.\nFrom 1999", "", None)]


def test_letter_that_cannot_be_read_costs_itself(tmp_path, monkeypatch):
    for folder in ("cur", "new"):
        (tmp_path / folder).mkdir()
    for name in "abc":
        (tmp_path / "cur" / name).write_text(f"Message-ID: <{name}>\n\nWords of {name}.\n")
    opened = Path.open

    def refusing(path, *arguments):
        if path.name == "b":
            raise OSError(5, "Input/output error")
        return opened(path, *arguments)

    monkeypatch.setattr(Path, "open", refusing)
    failed, *drafts = read(Source("box", path=tmp_path), format="mail")
    assert (failed.locator, failed.reason) == ("cur/b", "It cannot be read: Input/output error.")
    assert [posts(one)[0][0] for one in drafts] == ["Words of a.", "Words of c."]


def test_words_like_the_first_line_of_a_usenet_message_cut_no_other_mailbox():
    mailbox = (
        b"From a@x Mon Jun  7 10:15:22 2010\nFrom: a@x\nSubject: a\nMessage-ID: <1@x>\n\n"
        b"I was born in\nFrom 1999\nHobby: none\n"
    )
    (draft,) = readers.read(Source("a.mbox", mailbox), format="mail")
    assert "Hobby: none" in draft.documents[0].text
