"""A report as one self-contained HTML file: no script runs, nothing is fetched, it prints to A4."""

from functools import cache

from jinja2 import Environment

from qa_pipeline.render.document import Document
from qa_pipeline.render.pages import csp_hash, environment, style
from qa_pipeline.render.report_words import report_words_in


def page_html(document: Document) -> str:
    """Return the report as HTML. Everything that people or calls said is escaped."""
    sheet = style()
    html = (
        page_environment()
        .get_template("report.html.j2")
        .render(
            d=document,
            w=report_words_in(document.language),
            style=sheet,
            style_hash=csp_hash(sheet),
        )
    )
    return html.strip() + "\n"


@cache
def page_environment() -> Environment:
    """Return the environment that reports' templates are drawn in."""
    return environment("qa_pipeline.render", {"shortened": shortened})


def shortened(text: str, width: int) -> str:
    """Return `text` cut to `width` Latin letters' room; a Chinese character takes two."""
    used = 0.0
    for i, character in enumerate(text):
        used += 2 if ord(character) > 0x2E7F else 1
        if used > width:
            return f"{text[: max(1, i - 1)]}…"
    return text
