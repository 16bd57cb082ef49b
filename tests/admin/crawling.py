"""Everything that a visitor comes to by following links."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

#: Pages that are read at most, and those of them whose addresses differ in numbers only.
PAGES, ALIKE = 400, 4
#: The end of the visit; and the engine's own forms, whose warning of a later Django is an error.
LEFT_ALONE = ("logout", "/admin/forum/forum/")


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if address := dict(attrs).get("href"):
            self.found.append(address)


def read(client, begin, *, asking=True):
    """Yield the addresses of pages and files, and what they say, following links from some.

    Unless ``asking``, only links without a question in them: no list sorted otherwise.
    """
    waiting, seen, alike = list(begin), set(), {}
    while waiting and len(seen) < PAGES:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "0", address)
        alike[shape] = alike.get(shape, 0) + (address not in seen)
        if address in seen or alike[shape] > ALIKE or any(map(address.count, LEFT_ALONE)):
            continue
        seen.add(address)
        answer = client.get(address)
        if "location" in answer.headers:
            waiting.append(urljoin(address, answer["location"]).split("#")[0])
            continue
        words = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        yield address, words
        if "html" in answer.headers.get("content-type", ""):
            targets = (urljoin(address, link) for link in Links(words).found)
            waiting += [
                target.split("#")[0]
                for target in targets
                if target.startswith("/")
                and not urlsplit(target).netloc
                and (asking or not urlsplit(target).query)
            ]
