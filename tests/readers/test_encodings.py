"""Bytes to text: faithfully, or refused with one sentence."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.readers import Source, Unreadable
from forumimport.readers.encodings import Decoded, decode

TEXT = "Onions\n\nAre “red” onions — 3 € a kilo — worth it? 🧅\n\n\nCertainly."
PLAIN = "Onions\n\nAre red onions worth it?\n\n\nCertainly."


def decoded(content, encoding=None):
    return decode(Source("onions.txt", content), encoding=encoding)


def refusal(content, encoding=None):
    with pytest.raises(Unreadable) as caught:
        decoded(content, encoding)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
    ],
)
def test_decode_takes_what_the_bytes_state(content, encoding):
    assert decoded(content) == Decoded(TEXT, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_decode_recognises_utf16_without_a_mark(encoding):
    assert decoded(TEXT.encode(encoding)) == Decoded(TEXT, encoding, guessed=True)


@pytest.mark.parametrize(
    ("text", "written", "guessed"),
    [
        (
            "À propos\n\nÇa a été très agréable à l’école, où l’élève a reçu un prix.",
            "cp1252",
            None,
        ),
        ("Frage\n\nSchöne Grüße aus Köln. Das hätte ich nicht gedacht.", "latin-1", "cp1252"),
        ("Spurning\n\nÞað er ekki alveg ljóst hvað átt er við hér.", "latin-1", "cp1252"),
        ("Question\n\nI don’t think so, but plain words all the rest.", "cp1252", None),
        ("Pytanie\n\nNie sądzę, proszę państwa. Zażółć gęślą jaźń, może jutro.", "cp1250", None),
        ("Вопрос\n\nА что вы думаете о том, как растут помидоры?", "cp1251", None),
        ("Вопрос\n\nА что вы думаете о том, как растут помидоры?", "koi8-r", None),
        (
            "質問\n\nそれはそんなに簡単ではないと思います。明日どうなるか見てみましょう。",
            "cp932",
            None,
        ),
    ],
)
def test_decode_guesses_and_says_so(text, written, guessed):
    assert decoded(text.encode(written)) == Decoded(text, guessed or written, guessed=True)


def test_decode_guesses_from_the_beginning_of_a_long_text():
    text = "Frage\n\n" + "Schöne Grüße aus Köln, das hätte ich nicht gedacht.\n" * 10_000
    assert decoded(text.encode("cp1252")) == Decoded(text, "cp1252", guessed=True)


@pytest.mark.parametrize(
    ("content", "asked", "expected"),
    [
        (b"Caf\xc3\xa9", "UTF8", Decoded("Café", "utf-8")),
        (b"Caf\xc3\xa9", "latin-1", Decoded("CafÃ©", "iso8859-1")),
        (b"Caf\xe9", "cp1252", Decoded("Café", "cp1252")),
        (b"Caf\xe9", "cp437", Decoded("CafΘ", "cp437")),
        (b"C\0a\0f\0\xe9\0", "utf-16-le", Decoded("Café", "utf-16-le")),
        (b"\xff\xfe", "latin-1", Decoded("ÿþ", "iso8859-1")),
    ],
)
def test_decode_obeys_the_encoding_asked_for(content, asked, expected):
    assert decoded(content, asked) == expected


@pytest.mark.parametrize(
    ("content", "asked", "encoding"),
    [
        (codecs.BOM_UTF8 + PLAIN.encode(), "UTF8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "utf-16", "utf-16"),
        (codecs.BOM_UTF32_BE + PLAIN.encode("utf-32-be"), "utf-32-be", "utf-32"),
    ],
)
def test_decode_takes_the_mark_off_what_was_asked_for(content, asked, encoding):
    assert decoded(content, asked) == Decoded(PLAIN, encoding)


EMPTY = "onions.txt is empty; a thread text has a title line and then the posts."
BINARY = (
    "onions.txt is a binary file, not text; save it as plain text, or name its encoding with "
    "--encoding if it is UTF-16 or UTF-32 without a byte order mark."
)


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"", None, EMPTY),
        (b" \r\n\t\n", None, EMPTY),
        (codecs.BOM_UTF8, None, EMPTY),
        (codecs.BOM_UTF16_LE, "utf-16", EMPTY),
        ("\u3000\u2003\x85\u2028".encode(), None, EMPTY),
        (b"Onions\n\nred\0white", None, BINARY),
        ("Onions".encode("utf-32-le"), None, BINARY),
        ("Лук\n\nКрасный".encode("utf-16-be"), None, BINARY),
        (b"Onions\n\n\x01\x02\x03\x04", None, BINARY),
        (
            b"Onions\n\nred\0white",
            "utf-8",
            "onions.txt holds a NUL character (the first is character 12), so it is a binary or "
            "damaged file; save it as plain text without NULs.",
        ),
        (
            "Zwiebeln\n\nSüße, rötliche".encode() + b"\xff",
            None,
            "onions.txt is in UTF-8, but damaged: byte 28 does not fit; save it anew as UTF-8, or "
            "name its encoding with --encoding if it is in another.",
        ),
        (
            bytes(range(128, 256)),
            None,
            "onions.txt is not in UTF-8 (byte 1 does not fit) nor in another encoding that can be "
            "told; name it with --encoding, or save the file as UTF-8.",
        ),
        (
            b"Caf\xe9",
            "utf-8",
            "onions.txt is not in utf-8: byte 4 does not fit; name the encoding it is in, or save "
            "it as UTF-8.",
        ),
        (
            b"abc--?",
            "punycode",
            "onions.txt cannot be read as 'punycode': no text encoding has that name (utf-8, "
            "utf-16, latin-1 and cp1252 are some).",
        ),
        (
            codecs.BOM_UTF16_LE + b"a\0b",
            None,
            "onions.txt is not in utf-16: byte 5 does not fit; name the encoding it is in, or save "
            "it as UTF-8.",
        ),
        (
            "Onions".encode("utf-16-be"),
            "utf-16",
            "onions.txt has no byte order mark, so utf-16 does not tell how to read it; name "
            "utf-16-le or utf-16-be.",
        ),
        (
            b"half +2AA-",
            "utf-7",
            "onions.txt holds half a character (a lone surrogate) when read as utf-7; name the "
            "encoding it is in, or save it as UTF-8.",
        ),
    ],
)
def test_decode_refuses(content, encoding, message):
    assert refusal(content, encoding) == message


@pytest.mark.parametrize("encoding", ["klingon", "zlib", "rot13", "hex", "undefined", "a\0b"])
def test_decode_refuses_what_is_no_encoding(encoding):
    assert refusal(b"Onions", encoding) == (
        f"onions.txt cannot be read as {encoding!r}: no text encoding has that name "
        "(utf-8, utf-16, latin-1 and cp1252 are some)."
    )


def test_decode_keeps_single_control_characters():
    text = "Onions\n\n" + "Red, white and yellow ones, all of them. " * 5 + "\x07\x0b\x0c\x1b"
    assert decoded(text.encode()) == Decoded(text, "utf-8")


#: What a file can hold: any text but NULs, and no mark in front, which is none of the text.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).filter(
    lambda text: not text.startswith("\ufeff")
)


def written(text, encoding):
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def read_or_none(content, encoding=None):
    try:
        return decoded(content, encoding).text
    except Unreadable:
        return None


ENCODINGS = [
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7"),
    *("ascii", "latin-1", "cp1252", "cp1251", "shift_jis", "gb18030", "euc_kr", "koi8-r"),
]


@given(text=TEXTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decode_given_the_encoding_returns_the_text_or_refuses(encoding, text):
    content = written(text, encoding)
    # Not every codec is the inverse of itself: shift_jis writes two characters as one.
    if content is not None and content.decode(encoding) == text:
        assert read_or_none(content, encoding) in (text, None)


@given(text=TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_decode_of_marked_text_returns_the_text_or_refuses(encoding, text):
    assert read_or_none(text.encode(encoding)) in (text, None)


@given(words=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_decode_refuses_no_ordinary_text(encoding, words):
    text = f"Title\n\n{words}"
    assert read_or_none(text.encode(encoding)) == text
