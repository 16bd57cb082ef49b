"""What each structured format says of posts, writers, dates and replies, as drafts."""

import json

import pytest

from forumimport.drafts import segmented_each
from forumimport.readers import Unreadable, mapping
from forumimport.readers.mapping import ThreadMapping
from tests.readers.reading import dates, posts, problems, quotations, read, refused, thread

PHPBB = "forumscraper-phpbb-with-quote-and-signature.json"
REDDIT = "reddit-submissions-and-comments-deleted-and-escaped.jsonl"


def test_forumscraper_reader_keeps_signature_quotation_and_link_apart():
    draft = thread(PHPBB)
    (document,) = draft.documents
    assert posts(draft) == [
        ("How deep do you plant them?", "Ada", None),
        ("How deep do you plant them?\n\nAs deep as the pot is. See pots.", "Bo", None),
    ]
    assert quotations(draft) == [("How deep do you plant them?", "Ada", 0)]
    assert [(row.span.of(document.text), row.kind) for row in document.structure.boilerplate] == [
        ("Mud is life", "signature")
    ]
    assert [(link.span.of(document.text), link.address) for link in document.structure.links] == [
        ("pots", "https://pots.example/")
    ]
    assert dates(draft) == [
        ("Fri May 03, 2019 10:00 am", "2019-05-03T10:00:00+00:00", "minute"),
        ("Yesterday, 11:02", None, ""),
    ]
    assert (draft.title, draft.identifier) == ("Leeks", "https://garden.example/t/7")


@pytest.mark.parametrize("engine", ["xenforo", "vbulletin", "invision", "smf"])
def test_forumscraper_reader_finds_the_quoted_post_of_every_engine(engine):
    samples = {
        "xenforo": "forumscraper-xenforo-with-expandable-quote.json",
        "vbulletin": "forumscraper-vbulletin-with-user-objects.json",
        "invision": "forumscraper-invision-with-cited-comment.json",
        "smf": "forumscraper-smf-with-quote-header.json",
    }
    assert quotations(thread(samples[engine])) == [("How deep?", "Ada", 0)]


def test_forumscraper_reader_makes_replies_of_levels():
    assert posts(thread("forumscraper-hackernews-with-levels.json")) == [
        ("How deep?\n\nIn the pot, I mean.", "ada", None),
        ("Very.", "bo", 0),
        ("Thank you.", "ada", 1),
        ("As deep as you like.", "cy", 0),
    ]


def test_forumscraper_reader_takes_comments_below_questions_and_answers():
    assert posts(thread("forumscraper-stackexchange-with-comments.json")) == [
        ("How deep?", "Ada", None),
        ("In a pot?", "Bo", 0),
        ("Very.", "Cy", 0),
    ]


def test_discourse_reader_counts_posts_by_topic():
    draft = thread("discourse-topic-with-quote-of-another-topic.json")
    assert posts(draft) == [
        ("How deep?", "ada", None),
        ("How deep?\n\nVery.", "bo", 0),
        ("From another topic.\n\nSee there.", "cy", None),
    ]
    assert quotations(draft) == [("How deep?", "ada", 0), ("From another topic.", "dee", None)]
    assert problems(draft) == [
        (
            "record 1",
            "The file holds 4 of the topic's 5 posts; fetch the others from /t/ID/posts.json.",
        )
    ]


def without_objects(kind):
    post = {"id": 1, "post_number": 1, "username": "ada", "cooked": "<p>One.</p>"}
    other = post | {"id": 2, "post_number": 2, "cooked": "<p>Two.</p>"}
    if kind == "discourse":
        return {"id": 7, "title": "Leeks", "post_stream": {"posts": [None, post, "gone", other]}}
    posts = [None, {"text": "One.", "user": "ada"}, "gone", {"text": "Two.", "user": "ada"}]
    return {"format_version": "xmb-thread", "url": "u", "title": "Leeks", "posts": posts}


@pytest.mark.parametrize("kind", ["discourse", "forumscraper"])
def test_post_that_is_no_object_costs_itself(kind):
    draft = thread(json.dumps(without_objects(kind)).encode(), format=kind)
    assert posts(draft) == [("One.", "ada", None), ("Two.", "ada", None)]
    assert problems(draft) == [
        ("line 1, entry 1 of its posts", "It is no JSON object in braces."),
        ("line 1, entry 3 of its posts", "It is no JSON object in braces."),
    ]


def test_comment_that_is_no_object_costs_itself():
    question = {"id": 1, "text": "How deep?", "comments": [5, {"id": 2, "text": "In a pot?"}]}
    values = {"format_version": "stackexchange-thread", "url": "u", "posts": [question]}
    draft = thread(json.dumps(values).encode())
    assert posts(draft) == [("How deep?", "", None), ("In a pot?", "", 0)]
    assert problems(draft) == [
        ("line 1, entry 1 of its posts, entry 1 of its comments", "It is no JSON object in braces.")
    ]


def test_thread_without_any_object_says_why():
    values = {"format_version": "xmb-thread", "url": "u", "posts": ["gone"]}
    assert refused(json.dumps(values).encode()) == [
        (
            "line 1",
            "None of its posts can be read; entry 1 of its posts: It is no JSON object in braces.",
        )
    ]


def test_documents_reader_takes_fields_by_the_names_stated():
    (draft,) = read(
        b'{"body_text": "Leeks\\n\\nWhy?", "adresse": "https://a.example/"}',
        format="documents",
        fields={"text": "body_text", "url": "adresse"},
    )
    assert (draft.documents[0].text, draft.identifier) == ("Leeks\n\nWhy?", "https://a.example/")


def test_document_with_a_title_apart_loses_no_first_line():
    _, moles = read("documents-with-titles-and-without.jsonl")
    (segmented,) = segmented_each([moles])
    (document,) = segmented.documents
    assert segmented.title == "Moles again"
    assert [u.span.of(document.text) for u in document.structure.utterances] == [
        "They are back under the lawn.",
        "Garlic keeps them off, they say.",
    ]


def test_reddit_reader_sorts_posts_into_threads_by_time():
    leeks, moles = read(REDDIT)
    assert (leeks.title, leeks.identifier, leeks.metadata["subreddit"]) == (
        "Leeks & pots",
        "t3_abc",
        "leeks",
    )
    assert posts(leeks) == [
        ("How deep?", "ada", None),
        ("> How deep?\n\nVery, i.e. > 10 cm & more.", "bo", 0),
        ("As deep as the pot is.", "dee", 0),
        ("[deleted]", "", 1),
        ("So it is.", "ada", 3),
    ]
    assert quotations(leeks) == [("> How deep?", "", 0)]
    assert (posts(moles), moles.problems) == ([("They are back.", "cy", None)], ())
    assert segmented_each([moles])[0].title == "t3_xyz"


def test_reddit_reader_sorts_posts_depth_first_if_asked():
    leeks, _ = read(REDDIT, order="depth-first")
    assert [words[-9:] for words, _, _ in posts(leeks)] == [
        "How deep?",
        "m & more.",
        "[deleted]",
        "So it is.",
        "e pot is.",
    ]


def test_reddit_reader_leaves_signs_alone_where_one_is_not_escaped():
    draft = thread(
        b'{"id":"a","body":"a < b &amp;gt; c","link_id":"t3_x","parent_id":1000}', format="reddit"
    )
    assert posts(draft) == [("a < b &amp;gt; c", "", None)]
    assert problems(draft)[0][1] == "It answers “t1_rs”, which is no earlier post of the thread."


def test_convokit_reader_takes_titles_from_the_conversations():
    leeks, moles = read("convokit-corpus-with-meta")
    assert (leeks.title, leeks.identifier, leeks.metadata) == ("Leeks", "u1", {"score": 3})
    assert posts(leeks) == [("How deep?", "ada", None), ("Very.", "bo", 0)]
    assert posts(moles) == [("They are back.", "cy", None)]


def test_convokit_reader_keeps_counters_that_are_no_dates():
    assert dates(thread("convokit-utterances-alone-with-old-names.jsonl")) == [
        ("0", None, ""),
        ("1", None, ""),
    ]


def test_4cat_reader_reads_rows_over_several_lines():
    leeks, moles = read("4cat-results.csv")
    assert posts(leeks) == [
        ("How deep?\r\nIn a pot, I mean.", "ada", None),
        ('Very, "very" deep.', "bo", 0),
    ]
    assert [leeks.title, moles.title] == ["Leeks", "Moles"]


def test_table_reader_takes_columns_by_the_names_stated():
    draft = thread("table-with-columns-of-its-own.tsv")
    assert posts(draft) == [("Wie tief?", "Ada", None), ("Sehr tief.", "Bo", None)]
    assert dates(draft) == [("gestern", None, ""), ("heute", None, "")]


@pytest.mark.parametrize("name", sorted(n for n, m in mapping.shipped().items() if m.told_by))
def test_every_shipped_mapping_has_a_sample(name):
    from tests.readers.reading import KNOWN

    assert any(sample.startswith(f"mapped-{name}") for sample in KNOWN)


def test_mapping_makes_the_first_object_a_post():
    assert posts(thread("mapped-hugi.json")) == [
        ("Hvað djúpt?", "Ada", None),
        ("Mjög djúpt.", "Bo", 0),
        ("Takk.", "Ada", 1),
    ]


def test_mapping_sorts_posts_by_its_order():
    first, *_ = posts(thread("mapped-live2cruize.json"))
    assert first == ("Hvar?", "Ada", None)


def test_mapping_gathers_scattered_posts():
    leeks, moles = read("mapped-forum-dl-with-scattered-posts.jsonl")
    assert (leeks.title, posts(leeks)) == (
        "Leeks",
        [("How deep?", "Ada", None), ("Very.", "Bo", None)],
    )
    assert (moles.title, posts(moles)) == ("Moles", [("They are back.", "Cy", None)])


def test_mapping_of_ones_own_is_taken():
    chosen = {"thread": {"posts": "p", "title": "t"}, "post": {"text": "w", "author": "a.n"}}
    draft = thread(b'{"t": "Leeks", "p": [{"w": "Why?", "a": {"n": "Ada"}}]}', mapping=chosen)
    assert (draft.title, posts(draft)) == ("Leeks", [("Why?", "Ada", None)])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "The mapping has no section [thread]."),
        ({"threads": {}}, "The mapping has “threads”, which means nothing; known are post, "
         "scattered, thread, title, told_by."),
        ({"thread": {"posts": "p"}, "post": {}}, "The mapping names no text under [post]."),
        ({"thread": {}, "post": {"text": "t"}}, "The mapping names no posts under [thread]."),
        ({"thread": {"posts": "p"}, "post": {"text": "t", "html": "yes"}},
         "In the mapping, html under [post] must be true, false, or an expression that finds it."),
        ({"thread": {"posts": "p"}, "post": {"text": "t", "children": "c"}},
         "In the mapping, children under [post] needs an id beside it."),
        ({"scattered": True, "thread": {"id": "p"},
          "post": {"text": "t", "id": "i", "children": "c"}},
         "In the mapping, children under [post] is for posts not scattered."),
        ({"thread": {"posts": 5}, "post": {"text": "t"}},
         "In the mapping, posts under [thread] is no JMESPath expression."),
        ({"thread": {"posts": "["}, "post": {"text": "t"}},
         "In the mapping, posts under [thread] is no JMESPath expression."),
    ],
)  # fmt: skip
def test_mapping_says_what_is_wrong_with_it(values, reason):
    with pytest.raises(Unreadable) as refusal:
        ThreadMapping.of(values)
    assert str(refusal.value) == reason
