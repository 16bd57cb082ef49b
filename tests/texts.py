"""Strategies for text as it comes: every character a file may hold, in the shape of threads."""

from hypothesis import strategies as st

#: All that a stored text may hold: no NUL (refused by the reader), no lone surrogates (no text).
characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])

#: What markup, browsers and databases trip over.
awkward = st.sampled_from(
    [
        *"<>&\"'`*_#|~-+=.!?:;/\\()[]{}",
        "&amp;", "&#0;", "&lt;script&gt;", "<script>alert(1)</script>", "</div>", "<!--", "]]>",
        "1. ", "- ", "# ", "> ", ">> ", "    ", "\t", "  ", "```", "***", "[a](b)",
        "\r\n", "\r", "\n", "\n\n", "\n\n\n", "\x85", "\u2028", "\u2029", "\v", "\f",
        "\x01", "\x1f", "\x7f", "\x80", "\x9f", "\u200b", "\u200f", "\u202e", "\u2066",
        "\ufeff", "\ufffe", "\ufffd", "\xa0", "\u3000", "e\u0301", "שלום", "مرحبا", "👩‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "x" * 300,
    ]
)  # fmt: skip

lines = st.lists(st.one_of(st.text(characters, max_size=12), awkward), max_size=8).map("".join)
bodies = st.lists(
    st.tuples(lines, st.sampled_from(["\n", "\n\n", "\n\n\n", " ", "\r\n\r\n"])), max_size=10
).map(lambda parts: "".join(line + gap for line, gap in parts))

#: Whole words in posts, some of which copy an earlier post, as threads have them.
_words = st.sampled_from(
    ["we", "planted", "beans", "early", "but", "frost", "came", "and", "nobody", "saw", "it"]
)
paragraphs = st.lists(_words, min_size=1, max_size=25).map(" ".join)


@st.composite
def threads(draw: st.DrawFn) -> str:
    """A title line and posts, one or two blank lines apart, some opening with a copy."""
    said: list[str] = []
    parts = ["A title"]
    for _ in range(draw(st.integers(1, 8))):
        if said and draw(st.booleans()):
            parts += [draw(st.sampled_from(["\n\n", "\n\n\n"])), draw(st.sampled_from(said))]
        said.append(draw(st.one_of(paragraphs, lines.filter(str.strip))))
        parts += [draw(st.sampled_from(["\n\n", "\n\n\n"])), said[-1]]
    return "".join(parts)
