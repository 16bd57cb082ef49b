"""What the tests of all readers share: samples, and drafts in a form that is easy to compare."""

from pathlib import Path

from forumimport import readers
from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import Options, Source

SAMPLES = Path(__file__).parent / "samples"

#: The samples that are one source each: their format, threads, and posts.
KNOWN = {
    "threads-parted-by-a-line.txt": ("text", 2, 4),
    "documents-with-titles-and-without.jsonl": ("documents", 2, 4),
    "forumscraper-phpbb-with-quote-and-signature.json": ("forumscraper", 1, 2),
    "forumscraper-xenforo-with-expandable-quote.json": ("forumscraper", 1, 2),
    "forumscraper-vbulletin-with-user-objects.json": ("forumscraper", 1, 2),
    "forumscraper-invision-with-cited-comment.json": ("forumscraper", 1, 2),
    "forumscraper-smf-with-quote-header.json": ("forumscraper", 1, 2),
    "forumscraper-xmb-without-quotes.json": ("forumscraper", 1, 2),
    "forumscraper-hackernews-with-levels.json": ("forumscraper", 1, 4),
    "forumscraper-stackexchange-with-comments.json": ("forumscraper", 1, 3),
    "discourse-topic-with-quote-of-another-topic.json": ("discourse", 1, 3),
    "mapped-bland.json": ("mapped", 1, 2),
    "mapped-hugi.json": ("mapped", 1, 3),
    "mapped-live2cruize.json": ("mapped", 1, 2),
    "mapped-jeppaspjall.json": ("mapped", 1, 2),
    "mapped-hacker-news-with-answers-in-answers.json": ("mapped", 1, 4),
    "mapped-forum-dl-with-scattered-posts.jsonl": ("mapped", 2, 3),
    "reddit-submissions-and-comments-deleted-and-escaped.jsonl": ("reddit", 2, 6),
    "convokit-corpus-with-meta": ("convokit", 2, 3),
    "convokit-utterances-alone-with-old-names.jsonl": ("convokit", 1, 2),
    "4cat-results.csv": ("4cat", 2, 3),
    "4cat-results.ndjson": ("4cat", 1, 2),
    "table-parted-by-semicolons.csv": ("table", 2, 3),
    "table-with-columns-of-its-own.tsv": ("table", 1, 2),
    "mbox-with-missing-parent-and-signatures.mbox": ("mail", 2, 4),
    "mbox-in-encodings-of-all-kinds.mbox": ("mail", 1, 3),
    "maildir-with-html-and-attachment": ("mail", 1, 2),
    "html-xenforo-2-with-signature-and-quote.html": ("html", 1, 2),
    "html-xenforo-1.html": ("html", 1, 2),
    "html-phpbb-two-pages-first-post-repeated": ("html", 1, 3),
    "html-vbulletin-3-in-latin-1.html": ("html", 1, 2),
    "html-vbulletin-4.html": ("html", 1, 2),
    "html-vbulletin-5.html": ("html", 1, 2),
    "html-discourse-for-crawlers.html": ("html", 1, 2),
    "html-invision.html": ("html", 1, 2),
    "html-smf-2.html": ("html", 1, 2),
    "html-microdata.html": ("html", 1, 2),
    "html-json-ld.html": ("html", 1, 3),
    "warc-of-two-pages-and-a-picture.warc": ("warc", 1, 3),
    "wet-of-two-texts.wet": ("warc", 2, 4),
}
#: What the user has to state for a sample to be read as it is meant.
STATED = {
    "threads-parted-by-a-line.txt": Options(separator="====="),
    "table-with-columns-of-its-own.tsv": Options(
        fields={"thread": "Diskussion", "author": "Name", "date": "wann", "text": "Beitrag"}
    ),
}


def content(name):
    return (SAMPLES / name).read_bytes()


def read(source, *, format=readers.AUTO, **options):
    """Return everything that a sample (by name), or bytes, are read as."""
    if isinstance(source, bytes):
        source = Source("file", source)
    elif isinstance(source, str):
        source = Source(source, path=SAMPLES / source)
    chosen = Options(**options) if options else STATED.get(source.origin, Options())
    return list(readers.read(source, format=format, options=chosen))


def thread(source, **options):
    """Return the one thread that a sample is read as."""
    (draft,) = read(source, **options)
    assert isinstance(draft, ThreadDraft), draft
    return draft


def refused(source, **options):
    """Return the place and reason of every record that is refused."""
    return [(one.locator, one.reason) for one in read(source, **options) if isinstance(one, Unread)]


def posts(draft):
    """Return each post as its words, writer, and the number (in its document) of the post it
    answers."""
    return [
        (post.span.of(document.text), post.speaker, post.reply_to)
        for document, structure in draft.structures()
        for post in structure.utterances
    ]


def dates(draft):
    """Return each post's date as written, and as understood."""
    return [
        (post.date_text, post.date.isoformat() if post.date else None, post.date_precision)
        for _document, structure in draft.structures()
        for post in structure.utterances
    ]


def quotations(draft):
    """Return each quotation as its words, the writer named, and the number of the quoted post."""
    return [
        (quotation.span.of(document.text), quotation.attributed, quotation.source_utterance)
        for document, structure in draft.structures()
        for quotation in structure.quotations
    ]


def boilerplate(draft):
    return [
        (row.span.of(document.text), row.kind)
        for document, structure in draft.structures()
        for row in structure.boilerplate
    ]


def problems(draft):
    return [(problem.locator, problem.reason) for problem in draft.problems]
