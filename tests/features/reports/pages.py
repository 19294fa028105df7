"""Reading the pages: what is seen, in which language it is said to be, and where it leads."""

from collections import defaultdict
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "img", "rect", "hr", "input"}
_HIDDEN = {"style", "title"}
_INLINE = {"a", "b", "code", "mark", "q", "small", "span"}


class Page(HTMLParser):
    """A page taken apart.

    Attributes:
        text: everything that is seen.
        own: what is seen in the page's own language, without what is marked as another.
        rows: the cells of every table row, by the class of the table.
        links: every address in it.
        tags: the names of all elements.
    """

    def __init__(self, html):
        super().__init__()
        self.own = self.text = ""
        self.rows = defaultdict(list)
        self.links, self.tags = [], set()
        self._open, self._tables, self._in_cell = [], [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        if tag not in _INLINE:
            self.text += " "
            self.own += " "
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        if tag not in _VOID:
            language = given.get("lang") or (self._open[-1][1] if self._open else None)
            self._open.append((tag, language))
        if tag == "html":
            self.language = given["lang"]
        elif tag == "table":
            self._tables.append(given["class"])
        elif tag == "tr":
            self.rows[self._tables[-1]].append([])
        elif tag in ("td", "th"):
            self.rows[self._tables[-1]][-1].append("")
            self._in_cell = True

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        while self._open.pop()[0] != tag:
            pass
        if tag == "table":
            self._tables.pop()
        elif tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        tag, language = self._open[-1] if self._open else (None, None)
        if tag is None or tag in _HIDDEN:
            return
        self.text += data
        if language == self.language:
            self.own += data
        if self._in_cell:
            rows = self.rows[self._tables[-1]]
            rows[-1][-1] = f"{rows[-1][-1]}{data}"


def cells(page, table):
    """The rows of all tables of a class, their spaces made even."""
    return [[" ".join(cell.split()) for cell in row] for row in page.rows[table]]
