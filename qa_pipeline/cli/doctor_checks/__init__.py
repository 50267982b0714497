"""What `qa doctor` looks at: each check answers with a state, what it saw and perhaps a remedy.

Nothing is loaded that needs seconds: versions come from package metadata.
"""

from collections.abc import Callable, Iterator

from qa_pipeline.cli.doctor_checks.check import Check, State
from qa_pipeline.cli.doctor_checks.engines import diariser, gpu, recogniser
from qa_pipeline.cli.doctor_checks.machine import disk, fonts, python, sqlite, terminal
from qa_pipeline.cli.doctor_checks.packages import requirements
from qa_pipeline.cli.doctor_checks.privacy import telemetry
from qa_pipeline.cli.doctor_checks.sound import decoders
from qa_pipeline.settings import Settings

__all__ = ["Check", "State", "examine"]


def examine(settings: Settings) -> tuple[Check, ...]:
    """Return every check, in the order in which they are told."""
    looks: tuple[Callable[[], Check | Iterator[Check]], ...] = (
        python,
        requirements,
        decoders,
        sqlite,
        lambda: recogniser(settings),
        lambda: diariser(settings),
        lambda: gpu(settings),
        fonts,
        disk,
        telemetry,
        terminal,
    )
    found: list[Check] = []
    for look in looks:
        seen = look()
        found.extend((seen,) if isinstance(seen, Check) else seen)
    return tuple(found)
