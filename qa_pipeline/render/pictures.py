"""Charts as PNG pictures, for slides and messages: the page's own drawing, put to pixels.

A picture needs a font on this machine, which a page does not: `has_chinese` says whether one has
Chinese glyphs, so that nobody sends out rows of boxes.
"""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from qa_pipeline.render.document import Figure
from qa_pipeline.render.page import page_environment
from qa_pipeline.render.pages import style

#: Pixels to a unit: sharp on a slide.
SCALE = 2
_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "WenQuanYi Micro Hei", "Noto Sans", "DejaVu Sans", "Arial", "sans-serif",
)  # fmt: skip


def picture(figure: Figure, note: str, font: Path | None = None) -> bytes:
    """Return a figure as a PNG on paper white, with its title, its key and a note below.

    `font` is a font file to be used where the system's own have no Chinese glyphs.
    """
    svg = (
        page_environment()
        .get_template("picture.svg.j2")
        .render(figure=figure, note=note, width=figure.chart.width, height=figure.chart.height)
    )
    return _png(svg, font)


def says_chinese(figure: Figure, note: str) -> bool:
    """Return whether a picture needs Chinese glyphs."""
    return any("\u2e80" <= character <= "\uffef" for character in f"{figure}{note}")


@cache
def has_chinese(font: Path | None = None) -> bool:
    """Return whether pictures have Chinese glyphs: two characters then do not look alike."""
    one, other = (_png(_GLYPH.format(character), font) for character in "质检")
    return one != other


_GLYPH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="20">{}</text></svg>'
)


def _png(svg: str, font: Path | None) -> bytes:
    from resvg_py import svg_to_bytes

    families = ", ".join(_FONTS)
    return svg_to_bytes(
        svg_string=svg,
        style_sheet=f"{_sheet()} svg {{ font-family: {families}; }}",
        zoom=SCALE,
        background=_colours()["paper"],
        font_family=_FONTS[0],
        sans_serif_family=_FONTS[0],
        font_files=None if font is None else [str(font)],
    )


@cache
def _sheet() -> str:
    """Return the charts' style with the colours of paper in the place of variables."""
    sheet = (files("qa_pipeline.render") / "templates" / "charts.css").read_text(encoding="utf-8")
    colours = _colours()
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: colours[found[1]], sheet)


@cache
def _colours() -> dict[str, str]:
    """Return the colours of the light theme by name, as the page's style gives them first."""
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", str(style()))
    return dict(reversed(found))
