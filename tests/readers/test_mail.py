"""Mail: messages to posts, with quotations resolved and what programs add set apart."""

import time

import pytest

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
