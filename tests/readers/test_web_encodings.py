"""Pages in the encoding that they state, as browsers read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings.labels import LABELS

from forumimport.readers import Source, Unreadable
from forumimport.readers.encodings import Decoded, decode
from forumimport.readers.pages import decoded
from forumimport.readers.web_encodings import codec, nearly_whole, whole
from tests.readers.reading import posts, problems, thread

#: What the standard decodes to nothing; Python reads some of them.
_NOTHING = {"replacement"}
_CODECS = {
    "gbk": "gb18030",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "x-user-defined": "cp1252",
}


def test_codecs_are_those_of_the_standard():
    labels = {label: name for label, name in LABELS.items() if name not in _NOTHING}
    expected = {
        label: codec(_CODECS.get(name, name.replace("windows-", "cp")))
        for label, name in labels.items()
    }
    assert {label: codec(label) for label in labels} == expected


def page(text, charset, encoding=None, head=b""):
    body = text if isinstance(text, bytes) else text.encode(encoding or charset)
    return (
        b"<html><head><meta http-equiv=Content-Type content='text/html; charset=%s'>%s</head>"
        b'<body><div class="post" id="p1"><div class="content">%s</div></div></body></html>'
    ) % (charset.encode(), head, body)


STATED = [
    ("caf\xe9 “deep” …", "iso-8859-1", "cp1252", "cp1252"),
    ("caf\xe9 “deep” …", "us-ascii", "cp1252", "cp1252"),
    ("“Güzel” şey …", "ISO-8859-9", "cp1254", "cp1254"),
    ("“สวัสดี” ครับ…", "tis-620", "cp874", "cp874"),
    ("啲嘢喺邊度", "big5", "big5hkscs", "big5hkscs"),
    ("十€十", "big5", "cp950", "cp950"),
    ("①㈱髙", "Shift_JIS", "cp932", "cp932"),
    ("①㈱髙", "x-sjis", "cp932", "cp932"),
    ("①㈱髙", "windows-31j", "cp932", "cp932"),
    ("今日①", "euc-jp", "euc_jis_2004", "euc_jis_2004"),
    ("镕在說話", "gb2312", "gb18030", "gb18030"),
    ("똠방각하", "euc-kr", "cp949", "cp949"),
    ("שלום", "iso-8859-8-i", "iso8859-8", "iso8859-8"),
    ("café", "x-mac-roman", "mac-roman", "mac-roman"),
    ("їжак", "koi8-ru", "koi8-u", "koi8-u"),
    ("café", "unicode", "utf-8", "utf-8"),
    ("café", "utf-16", "utf-8", "utf-8"),
    ("café", "cp850", "cp850", "cp850"),
]


@pytest.mark.parametrize(("text", "stated", "written", "read"), STATED)
def test_page_is_read_in_the_encoding_that_it_states(text, stated, written, read):
    draft = thread(page(text, stated, written))
    (document,) = draft.documents
    assert posts(draft) == [(text, "", None)]
    assert (document.encoding, document.encoding_guessed) == (read, False)
    assert problems(draft) == []


def test_page_is_read_in_the_encoding_of_its_xml_declaration():
    content = '<?xml version="1.0" encoding="windows-1251"?><html>Лук</html>'.encode("cp1251")
    assert decoded(Source("It", content), None).encoding == "cp1251"


def test_what_means_nothing_in_a_code_page_is_a_control_character():
    draft = thread(page(b"caf\xe9 \x81 \x9d fin", "windows-1252"))
    assert posts(draft) == [("café \x81 \x9d fin", "", None)]
    assert (draft.documents[0].encoding, problems(draft)) == ("cp1252", [])


def test_encoding_that_does_not_fit_is_named_with_the_guess():
    japanese = "質問です。それはそんなに簡単ではないと思います。明日どうなるか見てみましょう。"
    draft = thread(page(japanese * 3, "iso-8859-1", "cp932"))
    assert posts(draft) == [(japanese * 3, "", None)]
    assert problems(draft) == [
        (
            "",
            "The encoding is stated as iso-8859-1, but that does not fit; read as cp932. "
            "If characters look wrong, import it with --encoding NAME.",
        )
    ]


def test_every_encoding_stated_in_vain_is_named():
    content = page("Süß, größere Äpfel und üppige Blüten für Gärten", "utf-8", "cp1252")
    found = decoded(Source("It", content), None, "x-none")
    assert (found.encoding, found.stated) == ("cp1252", "x-none and utf-8")


def test_page_in_utf8_is_not_read_as_one_of_which_a_few_bytes_do_not_fit():
    content = page("So “deep” it is", "iso-8859-1", "utf-8")
    assert decoded(Source("It", content), None) == Decoded(content.decode(), "utf-8")


DAMAGED = (
    "At 1 place the bytes do not fit {}; U+FFFD (\ufffd) stands there, and the words around it "
    "may be damaged."
)
CUT = b'<meta name=description content="Wie tief pflanzt man f\xc3"><title>Leeks</title>'


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_page_with_a_character_cut_in_two_is_read_and_told(before):
    draft = thread(before + page("Für gewöhnlich tief.", "utf-8", head=CUT))
    (document,) = draft.documents
    assert (draft.title, posts(draft)) == ("Leeks", [("Für gewöhnlich tief.", "", None)])
    assert (document.encoding, document.encoding_guessed) == (
        "utf-8-sig" if before else "utf-8",
        False,
    )
    assert problems(draft) == [("", DAMAGED.format(document.encoding))]
    assert all(problem.lost is False for problem in draft.problems)


def test_page_cut_in_another_encoding_is_read_and_told():
    cut = b'<meta name=description content="\x8e\xbf\x96"><title>Leeks</title>'
    draft = thread(page("質問です", "shift_jis", head=cut))
    assert (draft.title, posts(draft)) == ("Leeks", [("質問です", "", None)])
    assert problems(draft) == [("", DAMAGED.format("cp932"))]


def test_page_that_states_nothing_and_is_damaged_is_read_and_told():
    content = b"<html>" + "Für gewöhnlich".encode() + b" \xc3</html>"
    found = decoded(Source("It", content), None)
    assert found == Decoded("<html>Für gewöhnlich \ufffd</html>", "utf-8", True, misfits=1)


def test_page_that_was_damaged_before_it_was_sent_is_as_it_came():
    draft = thread(page("Für \ufffd gewöhnlich", "utf-8"))
    assert (posts(draft), problems(draft)) == ([("Für \ufffd gewöhnlich", "", None)], [])


def test_encoding_asked_for_may_be_that_of_a_damaged_page():
    content = page("Für gewöhnlich", "iso-8859-1", "utf-8", head=CUT)
    found = decoded(Source("It", content), "utf-8")
    assert (found.encoding, found.misfits) == ("utf-8", 1)
    with pytest.raises(Unreadable, match="It is not in utf-8: byte"):
        decoded(Source("It", page("Süß", "iso-8859-1")), "utf-8")


def test_text_that_is_no_page_may_not_be_damaged():
    with pytest.raises(Unreadable, match="is in UTF-8, but damaged"):
        decode(Source("It", "Für gewöhnlich ".encode() + b"\xc3"))


def test_encoding_of_half_characters_is_not_believed():
    found = decoded(Source("It", page("+2AA-", "utf-7", "ascii")), None)
    assert found.encoding == "utf-8"


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "cp1252", "cp874", "cp932", "gb18030"]))
def test_bytes_are_whole_or_nearly_whole_or_neither(content, encoding):
    fits = whole(content, encoding)
    nearly = nearly_whole(content, encoding)
    assert fits is None or nearly is None
    if nearly and not nearly.misfits:
        kept = [ord(char) for char in nearly.text if "\x80" <= char <= "\x9f"]
        assert all(char in content for char in kept)
