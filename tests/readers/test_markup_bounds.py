"""What a parser makes of markup: never more than was reckoned, and no common page is refused."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from forumimport.readers import BadRecord, markup, markup_bounds

NAMES = [
    *("div", "span", "p", "li", "ul", "dl", "dd", "b", "i", "a", "font", "nobr", "table", "tr"),
    *("td", "caption", "select", "option", "svg", "math", "path", "desc", "mi", "section", "h1"),
    *("button", "form", "marquee", "object", "template", "label", "title", "textarea", "style"),
    *("script", "noscript", "br", "img", "input", "body", "html", "frameset", "pre"),
]
FORMS = ["<{}>", "<{}>", "</{}>", "</{}>", "<{}/>", "<{} id=3>", '<{} x="', "<{} a=b/>"]
ODD = [*("<!--", "-->", "<!-->", "--!>", "<![CDATA[", "]]>", "<!x>"), *("</>", "<?", "=", ">", "x")]
TAGS = st.builds(str.format, st.sampled_from(FORMS), st.sampled_from(NAMES))
#: Lets every element of a table stand between two of them, and foster parents besides.
IMPLIED = 6
TIMES = 40


def measured(html):
    """Depth and number of the elements that the parser makes."""
    node, depth, deepest, elements = LexborHTMLParser(html).root, 1, 0, 0
    while node is not None:
        if node.is_element_node:
            deepest, elements = max(deepest, depth), elements + 1
        if node.child is not None:
            node, depth = node.child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = node.parent if depth > 1 else None, depth - 1
        node = node.next if node is not None else None
    return deepest, elements


@given(st.lists(st.one_of(TAGS, TAGS, st.sampled_from([*ODD, "'", '"'])), min_size=2, max_size=9))
@example(["<span>", "<div>", "</span>", "</div>"])
@example(["<div>", "<marquee>", "</div>", "</marquee>"])
@example(["<div>", "<!--", "</div>", "-->"])
@example(["<form>", "<object>", "</form>", "</object>", "</form>"])
@example(["<li>", "<dd>"])
@example(["<b>", "<div>", "</b>"])
def test_no_markup_nests_deeper_or_repeats_more_than_reckoned(parts):
    """What is repeated shows whether something grows that is not counted."""
    html = "".join(parts) * TIMES
    bound = markup_bounds.reckoned(html)
    deepest, elements = measured(html)
    assert deepest <= IMPLIED * bound.deepest + 2 * len(parts) + 10
    assert elements <= IMPLIED * bound.tags + bound.repeated + 10


@given(st.integers(1, 90), st.sampled_from(["<i id={}>", "<font color=c{}>", "<a name={}>"]))
def test_formatting_is_opened_anew_no_more_than_reckoned(many, tag):
    html = "".join(map(tag.format, range(many))) + "<p>x" * 90
    assert measured(html)[1] <= 2 * markup_bounds.reckoned(html).tags + (
        markup_bounds.reckoned(html).repeated
    )


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<div></x>" * 10_001, "nested more than 10,000 elements deep"),
        ("<span><div></span></div>" * 10_001, "nested more than 10,000"),
        ("<div><!--</div>-->" * 10_001, "nested more than 10,000"),
        ("<svg>" + "<tr>" * 10_001, "nested more than 10,000"),
        ("<li><dd>" * 10_001, "nested more than 10,000"),
        ("".join(f"<b id={n}>" for n in range(800)) + "<p>x" * 800, "never closes"),
        ("<div " + " ".join(f"a{n}" for n in range(1001)) + ">", "more than 1,000 attributes"),
        ("<svg><script><</script>" + "<a " * 10_000, "more than 1,000 attributes"),
    ],
)
def test_markup_that_costs_more_than_its_length_is_refused(html, reason):
    with pytest.raises(BadRecord, match=reason):
        markup.fragment(html)


@pytest.mark.parametrize(
    "post",
    [
        "<div class=post><p>Beans<p>Leeks<ul><li>one<li>two</ul><br><hr></div>",
        "<table><tr><td><b>Ada</b><td><span>x<td></table>",
        '<a href="/?a=1&b=2">Ada</a> <i><b>both</i></b> <font color=red>never closed',
        "<script>if (a < b) document.write('<div>')</script><!-- <div> <b> -->",
        '<svg class="icon"><path d="M0 0"/><path d="M1 1"/></svg><img alt="a > b" src=x>',
        "<div title='<div>'>x</div><textarea><div></textarea>",
        "<script><!--\ndocument.write('<script src=x><\\/script>');\n//--></script><b>x</b>",
        "<svg><style><![CDATA[ .st0{fill:red} ]]></style><path/></svg><div>x</div>",
    ],
)
def test_thousands_of_common_posts_are_read(post):
    html = post * 5_000
    assert markup_bounds.reckoned(html).deepest < markup_bounds.DEEPEST
    markup_bounds.check(html)


def test_markup_that_cannot_be_told_from_text_is_gone_through_a_few_times_only():
    """Any tag in a script that goes on may begin one, also within the values of another."""
    html = "<svg><script><</script>" + '<a b="' * 50_000
    assert markup_bounds.reckoned(html).tags < 50_000


def test_tags_taken_off_out_of_order_cost_no_more_than_their_number():
    def seconds(many):
        html = "<p>" * many + "<li>" * many + "</p>" * many
        start = time.process_time()
        markup_bounds.reckoned(html)
        return time.process_time() - start

    assert seconds(80_000) < 10 * min(seconds(20_000) for _ in range(2)) + 0.3
