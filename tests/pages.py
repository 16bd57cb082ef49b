"""Pages as a reader has them: parsed, never searched for bits of markup."""

import html5lib


def parsed(response):
    """The page's element tree; fails unless the page is there."""
    assert response.status_code == 200, response
    return html5lib.parse(
        response.content.decode(), treebuilder="etree", namespaceHTMLElements=False
    )


def with_class(root, name):
    return [e for e in root.iter() if name in str(e.get("class", "")).split()]


def text_of(element):
    """All of an element's text, white space folded."""
    return " ".join("".join(element.itertext()).split())


def page_text(response):
    root = parsed(response)
    for element in list(root.iter("script")) + list(root.iter("style")):
        element.text = ""
    return text_of(root.find("body"))


def links(element):
    return [(text_of(a), a.get("href")) for a in element.iter("a")]


def posts_of(response):
    """The posts of a discussion page: head, text as read, and quotations with their links."""
    shown = []
    for post in with_class(parsed(response), "post"):
        (body,) = with_class(post, "post-content")
        quotations = []
        for quotation in with_class(body, "corpus-quotation"):
            for attribution in with_class(quotation, "corpus-attribution"):
                quotations += links(attribution)
                quotation.remove(attribution)
        words = "".join("".join(e.itertext()) for e in with_class(body, "corpus-utterance"))
        shown.append((text_of(with_class(post, "corpus-post-head")[0]), words, quotations))
    return shown


def form_values(response):
    """What a browser would send of the page's main form, as it stands."""
    (content,) = [e for e in parsed(response).iter() if e.get("id") == "content-main"]
    values = {}
    for field in content.iter():
        name = field.get("name")
        if not name or field.get("type") in ("submit", "checkbox", "file"):
            continue
        if field.tag == "input":
            values[name] = field.get("value") or ""
        elif field.tag == "textarea":
            values[name] = "".join(field.itertext())
        elif field.tag == "select":
            chosen = [o for o in field.iter("option") if o.get("selected") is not None]
            values[name] = (chosen or list(field.iter("option")))[0].get("value") or ""
    return values
