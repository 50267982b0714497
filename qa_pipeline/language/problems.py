"""What is wrong with a phrase or a pattern that a person wrote."""

from dataclasses import dataclass

from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault at character `offset` (0-based) of a written string, and how to mend it."""

    offset: int
    what: Text
    fix: Text
