"""Reads a report as a browser would, with the standard library alone."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements of a page, the text of its tables, scripts and style, every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.style = ""
        self.text = ""
        self.tables: dict[str, list[list[str]]] = {}
        self._section = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag == "section":
            self._section = dict(attrs).get("id") or ""
        if tag == "tr":
            self.tables.setdefault(self._section, []).append([])
        if tag in ("td", "th") and self.tables.get(self._section):
            self.tables[self._section][-1].append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif "style" in self._open:
            self.style += data
        else:
            self.text += data
            if {"td", "th"} & set(self._open):
                self.tables[self._section][-1][-1] += data
