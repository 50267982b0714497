"""The one exception tree of the product.

An error says where, what (and what was got), and how to mend it; never what was said in a call.
Foreign exceptions are translated at the edge that called.
"""

from typing import ClassVar

from qa_pipeline.texts import Language, Text


class QaError(Exception):
    """Something a person can mend.

    `where` is a file, a `file:line:column`, a call id or a setting; `got` is what stood there.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, where: str, what: Text, fix: Text, *, got: str | None = None) -> None:
        super().__init__(where, what, fix)
        self.where = where
        self.what = what
        self.fix = fix
        self.got = got

    def say(self, language: Language) -> str:
        """Return `where: what (got ...)` and, on a line of its own, `fix: ...`."""
        got = {"en": f" (got {self.got})", "zh": f"（实际为 {self.got}）"}[language]
        label = {"en": "fix: ", "zh": "修复："}[language]
        first = f"{self.where}: {self.what.say(language)}{got if self.got is not None else ''}"
        return f"{first}\n{label}{self.fix.say(language)}"

    def __str__(self) -> str:
        return self.say("en")


class WrongUse(QaError):
    """A command, a setting or a file that a person wrote is not what it must be."""


class Doubt(QaError):
    """A warning: something that works and is probably not what was meant. Told, never raised."""


class DocumentRefused(QaError):
    """A document was refused; `errors` holds every fault in order of place."""

    def __init__(self, errors: tuple[QaError, ...]) -> None:
        if not errors:
            raise ValueError("a refusal needs at least one error")
        first = errors[0]
        super().__init__(first.where, first.what, first.fix, got=first.got)
        self.errors = errors

    def say(self, language: Language) -> str:
        """Return every fault, in order of place."""
        return "\n".join(error.say(language) for error in self.errors)


class RecordingFailed(QaError):
    """One recording could not be evaluated; the night goes on and keeps the reason.

    `stage` is the step of the journey that failed (pull, probe, decode, transcribe, ...), `code` a
    stable word for counting (`truncated`, `unsupported_format`, `too_many_channels`, ...).
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self, where: str, what: Text, fix: Text, *, stage: str, code: str, got: str | None = None
    ) -> None:
        super().__init__(where, what, fix, got=got)
        self.stage = stage
        self.code = code


class EngineMissing(QaError):
    """An engine, a model directory or an optional package is not there."""
