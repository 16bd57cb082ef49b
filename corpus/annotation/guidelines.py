"""Guidelines: Markdown by coordinators, shown to annotators; pure."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from markdown2 import markdown

_PLAIN = {
    "p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4",
    "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_EMPTY = {"br", "hr"}
_SCHEMES = ("http://", "https://", "mailto:", "#")
#: Characters that are read: Markdown of megabytes helps no one and takes minutes.
_READ = 50_000


class _Rebuilt(HTMLParser):
    """Writes known elements anew, without attributes, and everything else as text.

    Whatever a Markdown library lets through, nothing leaves that is not written here.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            self.parts.append(f"<{tag}>")
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            safe = address if address.lower().startswith(_SCHEMES) else "#"
            self.parts.append(f'<a href="{escape(safe)}" rel="noopener noreferrer">')
            self.open.append(tag)
        elif tag in _PLAIN:
            # Below the headings of the page that shows them.
            self.parts.append(f"<{_lowered(tag)}>")
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open:
            ended = self.open.pop()
            self.parts.append(f"</{_lowered(ended)}>")
            if ended == tag:
                return

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))


def html(guidelines: str) -> str:
    """Return Markdown as HTML that is safe to show; markup written in it is shown as text.

    >>> html("*Doubt* <script>")
    '<p><em>Doubt</em> &lt;script&gt;</p>'
    """
    rebuilt = _Rebuilt()
    rebuilt.feed(str(markdown(guidelines[:_READ], safe_mode="escape", extras=["tables"])))
    rebuilt.close()
    rebuilt.parts.extend(f"</{_lowered(tag)}>" for tag in reversed(rebuilt.open))
    return "".join(rebuilt.parts).strip()


def _lowered(tag: str) -> str:
    return f"h{min(6, int(tag[1]) + 2)}" if tag[0] == "h" and tag[1:].isdigit() else tag
