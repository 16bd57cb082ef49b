"""The reader of bare thread text: bytes of one file to one draft."""

import pytest

from corpus.segmentation import Cue
from forumimport import readers
from forumimport.drafts import DocumentDraft, ThreadDraft, segmented_each
from forumimport.readers import Source, Unreadable

POSTS = ["Title", "First post.", "Second\nline two.", "Third."]


def drafts(content, **options):
    return list(readers.read(Source("onions.txt", content), **options))


def posts(content):
    (draft,) = drafts(content)
    (segmented,) = segmented_each([draft])
    (document,) = segmented.documents
    spans = [utterance.span for utterance in document.structure.utterances]
    return [segmented.title, *(span.of(document.text) for span in spans)]


def test_text_reader_yields_one_draft_with_where_it_comes_from():
    assert drafts(b"Onions\n\nRed.") == [
        ThreadDraft(
            documents=(
                DocumentDraft(
                    text="Onions\n\nRed.",
                    sha256="aed61ce35de754a76fe7cdc05ad72e0efdfe43fcba02d5dc44167819649f6e2c",
                    origin="onions.txt",
                    format="text",
                    encoding="utf-8",
                ),
            )
        )
    ]


def test_text_reader_says_what_it_guessed():
    (draft,) = drafts("Frage\n\nSchöne Grüße aus Köln.".encode("cp1252"))
    assert draft.notices == (
        "The encoding is not stated; read as cp1252. "
        "If characters look wrong, import it with --encoding NAME.",
    )
    assert draft.documents[0].encoding_guessed


def test_text_reader_says_nothing_of_an_encoding_asked_for():
    (draft,) = drafts("Grüße\n\nSchöne.".encode("cp1252"), encoding="cp1252")
    assert (draft.notices, draft.documents[0].encoding_guessed) == ((), False)


def test_draft_is_titled_when_segmented_and_only_then():
    (draft,) = drafts(b"  On\tonions \n\nRed.")
    assert (draft.title, segmented_each([draft])[0].title) == ("", "On onions")


@pytest.mark.parametrize(
    "line_end",
    ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"],
    ids=["LF", "CRLF", "CR", "NEL", "U+2028", "U+2029"],
)
def test_text_reader_keeps_line_ends_and_posts_are_the_same(line_end):
    text = "Title\n\nFirst post.\n\n\nSecond\nline two.\n\n\nThird.\n".replace("\n", line_end)
    (draft,) = drafts(text.encode())
    assert draft.documents[0].text == text
    assert [post.replace(line_end, "\n") for post in posts(text.encode())] == POSTS


def test_text_reader_mixes_line_ends():
    text = "Title\r\n\nFirst post.\r\r\n\u2028Second\u2028line two.\x85\n\r\nThird."
    assert [post.replace("\u2028", "\n") for post in posts(text.encode())] == POSTS


def test_text_reader_does_not_count_100_000_blank_lines_as_posts():
    text = "Title\n\nFirst post." + "\n" * 100_000 + "Second."
    (draft,) = drafts(text.encode())
    structure = segmented_each([draft])[0].documents[0].structure
    assert [(u.span.of(text), u.cue) for u in structure.utterances] == [
        ("First post.", Cue.FIRST),
        ("Second.", Cue.GAP),
    ]


@pytest.mark.parametrize(
    ("content", "title", "bodies"),
    [
        (b"Only a title", "Only a title", []),
        (b"Only a title\n\n\n", "Only a title", []),
        (b"No blank line\nbelow the first.", "", ["No blank line\nbelow the first."]),
        ("🧅".encode(), "🧅", []),
    ],
)
def test_text_reader_takes_texts_without_posts_or_title(content, title, bodies):
    assert posts(content) == [title, *bodies]


def test_registry_knows_the_endings_and_formats():
    assert readers.suffixes() >= {".txt", ".text"}
    source = Source("onions.txt", b"Onions\n\nRed.")
    assert readers.reader_for(source) is readers.reader_for(source, "text")


def test_read_names_the_source_when_it_refuses():
    with pytest.raises(Unreadable, match=r"^onions\.txt is empty"):
        drafts(b"")
