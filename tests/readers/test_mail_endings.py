"""What programs put below the words of a mail: told apart in plain text and in HTML."""

import time

import pytest

from forumimport.drafts import segmented_each
from tests.readers.reading import boilerplate, posts, quotations, read, thread
from tests.readers.test_mail import message

HEADERS = "From: Ada Löw [mailto:ada@a.example]\nSent: Monday, May 3, 2004 10:00\nTo: b\n"
HEADERS += "Cc: c\nSubject: Leeks\n"
GERMAN = "Von: Ada Löw <ada@a.example>\nGesendet: 3. Mai 2004\nAn: b\nBetreff: Leeks\n"
ASKED = "How deep do you plant your leeks?"


def answered(body, **headers):
    """The thread of a question and its answer."""
    box = message("a", ASKED, From="Ada Löw") + message("b", body, References="<a>", **headers)
    return thread(box.encode(), format="mail")


@pytest.mark.parametrize(
    "above",
    [
        f"-----Original Message-----\n{HEADERS}",
        f"----- Original Message ----- \n{HEADERS}",
        f"-----Ursprüngliche Nachricht-----\n{GERMAN}",
        f"-----Original Message-----\n\n{HEADERS}",
        f"________________________________\n{HEADERS}",
        f"________________________________\n{GERMAN}",
        HEADERS,
        "-----Original Message-----\nFrom: Ada Löw\nDate: 3 May\n",
    ],
)
def test_mail_that_is_answered_below_is_a_quotation(above):
    draft = answered(f"Very.\n\n{above}\n{ASKED}\n", Content_Type="text/plain; charset=utf-8")
    quoted = f"{above}\n{ASKED}"
    assert quotations(draft) == [(quoted, "Ada Löw", 0)]
    assert posts(draft)[1][0] == f"Very.\n\n{quoted}"


@pytest.mark.parametrize(
    "body",
    [
        f"-----Original Message-----\n{HEADERS}\n{ASKED}\n\nVery.",
        "Very.\n\n-----My garden-----\nFrom: Ada\nSent: by mail\n\nNo.",
        "Very.\n\n-----Original Message-----\nI wrote it.",
        "Very.\n\n_____\nFrom: here to there\n\nNo.",
        "Look:\nFrom: Ada\nTo: Bo\nSubject: Leeks\nDate: 3 May\n\nThese are headers.",
        "From: Ada\nI say: no.",
    ],
    ids=["nothing above", "other words", "no headers", "one header", "as on the wire", "words"],
)
def test_what_only_looks_like_it_is_the_words_of_the_writer(body):
    draft = answered(body)
    assert (quotations(draft), posts(draft)[1][0]) == ([], body)


def test_quotations_above_are_kept_and_those_below_belong_to_it():
    original = f"-----Original Message-----\n{HEADERS}\n{ASKED}\n> Sooner?"
    draft = answered(f"Ada wrote:\n> {ASKED}\n\nVery.\n\n{original}\n\n-- \nBo")
    assert [(words, number) for words, _, number in quotations(draft)] == [
        (f"> {ASKED}", 0),
        (original, None),
    ]
    assert boilerplate(draft) == [("Ada wrote:", "header"), ("-- \nBo", "signature")]


GROUPS = (
    'You received this message because you are subscribed to the Google Groups "Garden" group.\n'
    "To unsubscribe, send an email to garden+unsubscribe@googlegroups.com."
)
SCRUBBED = "-------------- next part --------------\nA non-text attachment was scrubbed...\n"
SCRUBBED += "Name: not available\nType: application/pgp-signature\nURL: <http://a.example/x.bin>"
HTML_PART = "-------------- next part --------------\nAn HTML attachment was scrubbed...\n"
HTML_PART += "URL: <http://a.example/x.htm>"


@pytest.mark.parametrize(
    ("below", "rows"),
    [
        (f"-- \n{GROUPS}", [(f"-- \n{GROUPS}", "navigation")]),
        (
            f"-- \nBo\n\n-- \n{GROUPS}",
            [("-- \nBo", "signature"), (f"-- \n{GROUPS}", "navigation")],
        ),
        (
            f"--~--~---------~--~----~\n{GROUPS}\n-~----------~----~----~\n",
            [(f"--~--~---------~--~----~\n{GROUPS}\n-~----------~----~----~", "navigation")],
        ),
        (HTML_PART, [(HTML_PART, "navigation")]),
        (
            f"-- \nBo\n{HTML_PART}\n{SCRUBBED}",
            [("-- \nBo", "signature"), (HTML_PART, "navigation"), (SCRUBBED, "navigation")],
        ),
        (
            f"{SCRUBBED}\n{'_' * 47}\nGarden list",
            [(SCRUBBED, "navigation"), ("_" * 47 + "\nGarden list", "navigation")],
        ),
    ],
)
def test_notes_of_lists_and_archives_are_boilerplate(below, rows):
    for lines in ("\n", "\r\n"):
        draft = answered(f"Very.\n\n{below}\n".replace("\n", lines))
        assert posts(draft)[1][0] == "Very."
        found = [(words.replace("\r\n", "\n"), kind) for words, kind in boilerplate(draft)]
        assert found == rows


@pytest.mark.parametrize(
    "body",
    [
        "Very.\n-------------- next part --------------\nThese are words of another part.",
        f"Very.\n\nThey wrote: {GROUPS}",
        f"{GROUPS}\n" + "And so on.\n" * 20 + "So I did.",
    ],
)
def test_words_that_look_like_such_notes_stay(body):
    draft = answered(body)
    assert (boilerplate(draft), posts(draft)[1][0]) == ([], body)


def html(body):
    return answered(body, Content_Type="text/html; charset=utf-8")


def test_what_mail_programs_add_to_html_is_told_apart():
    draft = html(
        '<div dir="ltr">Very.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, '
        "May 4, 2021 at 10:00 AM Ada Löw &lt;<a href='mailto:a@b'>a@b</a>&gt; wrote:<br></div>"
        f'<blockquote class="gmail_quote">{ASKED}</blockquote></div>'
        '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Bo</div>'
        f"<p></p>\n\n-- <br />{GROUPS.replace(chr(10), '<br />')}"
    )
    assert posts(draft)[1][0] == f"Very.\n\n{ASKED}"
    assert quotations(segmented_each([draft])[0]) == [(ASKED, "Ada Löw", 0)]
    assert boilerplate(draft) == [
        ("--", "signature"),
        ("Bo", "signature"),
        (f"--\n{GROUPS}", "navigation"),
    ]


def test_line_of_gmail_that_introduces_no_quotation_stays():
    draft = html('Very.<div class="gmail_attr">---- Forwarded message ----<br>From: Cy</div>Deep.')
    assert posts(draft)[1][0] == "Very.\n---- Forwarded message ----\nFrom: Cy\nDeep."


def test_mail_answered_in_html_is_a_quotation():
    draft = html(
        "<p>Very.</p><div style='border-top:solid'><p><b>From:</b> Ada Löw &lt;a@b&gt;<br>"
        "<b>Sent:</b> Monday<br><b>To:</b> b<br><b>Subject:</b> Leeks</p></div>"
        f"<blockquote>{ASKED}</blockquote>"
    )
    ((words, name, post),) = quotations(draft)
    assert (words.partition("\n")[0], name, post) == ("From: Ada Löw <a@b>", "Ada Löw", 0)
    assert words.endswith(f"Leeks\n\n{ASKED}")


@pytest.mark.parametrize(
    "part",
    [
        "-----Original Message-----\n",
        f"{HEADERS}",
        "________\n",
        f"{SCRUBBED}\n",
        f"-- \n{GROUPS}\n",
        "-" * 99,
        "From: ",
        "a: ",
        "-------------- next part --------------\n",
        "-- \n",
    ],
)
def test_endings_over_and_over_are_read_in_seconds(part):
    content = message("a", "Words.\n" + part * (2_000_000 // len(part)))
    start = time.monotonic()
    read(content.encode(), format="mail")
    assert time.monotonic() - start < 20
