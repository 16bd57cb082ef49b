"""What elements of post bodies mean, by the names that forum engines give them. Data only."""

from __future__ import annotations

import re


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Elements without words of their own, or whose words are no one's.
SKIPPED_TAGS = _names(
    "script style template noscript head title button select option input svg canvas"
)
#: Elements that stand for something shown in another place.
EMBEDDING_TAGS = _names("iframe video audio embed object")
#: Elements that stand on lines of their own, and those with a blank line around them.
LINE_TAGS = _names(
    "div li tr dt dd section article header footer aside figure figcaption summary details "
    "address form fieldset center caption thead tbody tfoot main nav"
)
BLOCK_TAGS = _names("p blockquote pre ul ol dl table h1 h2 h3 h4 h5 h6 hr textarea")
CELL_TAGS = frozenset({"td", "th"})
#: Elements in which white space counts.
VERBATIM_TAGS = frozenset({"pre", "textarea", "listing"})

#: Quotations, beside <blockquote>: Discourse, XenForo 1, vBulletin 4 and 5, phpBB 2 and 3, vB 3.
QUOTE_CLASSES = _names("bbCodeQuote bbcode_quote quotecontent")
QUOTE_TAGS_WITH_CLASS = frozenset(
    {("aside", "quote"), ("td", "quote"), ("td", "alt2"), ("div", "bbCodeBlock--quote")}
)
#: The line that an engine puts above a quotation.
HEADER_CLASSES = _names(
    "quotetitle quoteheader topslice_quote attribution bbCodeBlock-title bbcode_postedby "
    "ipsQuote_citation"
)
#: Elements that are that line if they read like it.
HEADER_TAGS = frozenset({"cite"})
MAYBE_HEADER_CLASSES = _names("smallfont genmed gmail_attr moz-cite-prefix")
#: Buttons and labels of the engine inside bodies, and what its polls have counted.
DROPPED_CLASSES = _names(
    "quoteExpand bbCodeBlock-expandLink bbCodeBlock-shrinkLink quotefooter botslice_quote "
    "quote-controls bbcode_quote_container bbcode_description codeheader bbcode_code_title "
    "js-selectToQuoteEnd poll-info poll-buttons poll-voters poll-voters-list"
)
#: (class of the parent, tag): labels above code in phpBB, image captions in Discourse.
DROPPED_WITHIN = frozenset({("codebox", "p"), ("codebox", "dt"), ("lightbox", "div")})
SIGNATURE_CLASSES = _names(
    "signature postsignature post-signature message-signature messageSignature "
    "signaturecontainer b-post__signature sig-content gmail_signature gmail_signature_prefix "
    "moz-signature"
)
#: Notes of the engine below a post ("Last edited by …"): vBulletin 4 and 5, XenForo, Invision 3 to
#: 5, MyBB, phpBB 2; two classes of SMF that mean it together; Invision's attribute of what none may
#: quote.
NOTE_CLASSES = _names(
    "lastedited message-lastEdit editedby b-post__edit ipsEdited post_edit edit gensmall"
)
NOTE_TOGETHER = frozenset({"smalltext", "modified"})
NOTE_ATTRIBUTE = "data-excludequote"

SMILEY_CLASSES = re.compile(r"smil|emoji|emoticon|inlineimg", re.IGNORECASE)
#: The title of a spoiler in its button: XenForo 2 and 1.
SPOILER_TITLE = ".bbCodeSpoiler-button-title, .SpoilerTitle"
#: Previews of pages that engines make of an address: XenForo 2, Discourse; and where they keep it.
CARD_TAGS_WITH_CLASS = frozenset({("div", "bbCodeBlock--unfurl"), ("aside", "onebox")})
CARD_ATTRIBUTES = ("data-url", "data-onebox-src")
#: What stands for a picture without words: it is one character, as in other formats of text.
OBJECT = "\ufffc"

#: Attributes of a quotation that name the writer, and the quoted post.
WRITER_ATTRIBUTES = (
    *("data-quote", "data-username", "data-ipsquote-username", "data-cite", "data-author"),
)
POST_ATTRIBUTES = (
    *("data-ipsquote-contentcommentid", "data-post", "data-post-id", "data-source", "cite"),
)
#: The number of a post in an address or an attribute.
POST_NUMBER = re.compile(
    r"(?:post:\s?|#post-?|#p|[?&;]p=|[?&;]pid=|#msg|msg=?|/post\?id=|/posts/|^)(\d{1,18})(?!\d)"
)
