"""Reads a page as a browser would, and asserts that nothing in it is another's doing."""

from html.parser import HTMLParser


class Inside(HTMLParser):
    """Collects what could run: scripts, handlers, inline styles, where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "script" and given.get("type") != "application/json":  # data, never run
            self.scripts.append(given.get("src"))
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            if given.get(name):
                self.addresses.append(str(given[name]))


def checked(html: str) -> Inside:
    """Parse a page and assert that nothing in it is another's doing."""
    inside = Inside()
    inside.feed(html)
    assert not inside.handlers
    assert all(src is not None and src.startswith("/static/") for src in inside.scripts)
    assert all(a.startswith(("/", "#", "?")) for a in inside.addresses), inside.addresses
    assert not inside.tags & {"base", "object", "embed", "style", "math", "template", "noscript"}
    return inside
