"""Text from outside as a terminal may show it: what would steer the terminal is made visible.

Transcripts, names and file names may hold escape sequences, bidirectional overrides or rich's
markup; none of it is ever interpreted.
"""

import json
import unicodedata

from rich.text import Text as Line


def visible(text: str) -> str:
    """Return `text` with control and format characters (line breaks too) written as `\\u001b`."""
    return "".join(json.dumps(c)[1:-1] if _steers(c) else c for c in text)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def line(text: object, style: str = "") -> Line:
    """Return `text` for a table's cell or a line of its own: no markup, nothing that steers."""
    return Line(visible(str(text)), style=style)
