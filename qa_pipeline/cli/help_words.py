"""`qa --help` in the reader's language: English stands at each verb, Chinese in `help.zh.yaml`."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from qa_pipeline.documents import read_document
from qa_pipeline.texts import Language

_CHINESE = Path(__file__).with_name("help.zh.yaml")


def speak(command: Any, language: Language) -> None:
    """Put the help of a command, its options and all verbs below it into `language`."""
    if language == "en":
        return
    for path, verb in verbs(command):
        verb.help = verb_help(path).replace("\\b\n", "\b\n")
        for option in verb.get_params(verb.make_context(path, [], resilient_parsing=True)):
            if hasattr(option, "help"):
                option.help = option_help(path, option.name)


def verbs(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, command) of a command and of every verb below it; the top's path is ""."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from verbs(below, f"{path} {name}".strip())


def verb_help(path: str) -> str:
    """Return a verb's help in Chinese. Raises KeyError where nobody wrote it."""
    return _catalogue()["verbs"][path]


def option_help(path: str, name: str) -> str:
    """Return an option's or argument's help in Chinese. Raises KeyError where nobody wrote it."""
    options = _catalogue()["options"]
    own = options.get(f"{path} {name}")
    return options[name] if own is None else own


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    catalogue: Mapping[str, Mapping[str, str]] = read_document(
        _CHINESE.read_bytes(), _CHINESE.name
    ).data
    return catalogue
