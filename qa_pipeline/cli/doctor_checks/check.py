"""One line of the doctor, and what is installed."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from qa_pipeline.texts import Text

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, what was seen, and what to do about it."""

    name: str
    state: State
    got: str
    remedy: Text | None = None


def installed(name: str) -> str:
    """Return a package's version, "" where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def numbers(number: str) -> tuple[int, ...]:
    """Return a version as numbers, its local part dropped: `2.13.0+cpu` is (2, 13, 0)."""
    return tuple(int(part) for part in number.split("+")[0].split(".") if part.isdigit())
