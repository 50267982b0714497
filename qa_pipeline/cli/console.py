"""How every verb speaks: words to stderr, data to stdout, in the reader's language."""

import json
import os
from typing import Any

from rich.console import Console

from qa_pipeline.cli.shown import visible
from qa_pipeline.texts import Language, Text


def interface_language() -> Language:
    """Return `QA_LANGUAGE` if it is zh or en, else what the locale says, else English."""
    chosen = os.environ.get("QA_LANGUAGE", "")
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def words() -> Console:
    """Return a console on stderr for messages, tables for people and progress."""
    return Console(stderr=True, highlight=False, emoji=False, soft_wrap=False)


def data() -> Console:
    """Return a console on stdout for what a verb was asked for."""
    return Console(highlight=False, emoji=False)


def tell(message: str | Text) -> None:
    """Print a message for people on stderr, as it is: no markup, nothing that steers."""
    said = message if isinstance(message, str) else message.say(interface_language())
    shown = "\n".join(visible(line) for line in said.split("\n"))
    words().print(shown, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print `value` as one JSON document on stdout, Chinese as it is, nothing that steers."""
    document = json.dumps(value, ensure_ascii=False, indent=2)
    print("\n".join(visible(line) for line in document.split("\n")))
