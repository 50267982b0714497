"""Whether a model is what its manifest says, whole, and loads: the three questions of `verify`."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from qa_pipeline.engines.models import (
    Difference,
    ModelDirectory,
    OnBytes,
    Task,
    differences,
    lacks_of,
    told,
)
from qa_pipeline.engines.trial import try_out
from qa_pipeline.errors import QaError
from qa_pipeline.settings import RecognitionSettings


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found; `was_loaded` False: loading was not asked for, or not worth trying."""

    model: ModelDirectory
    differences: tuple[Difference, ...]
    faults: tuple[QaError, ...]
    was_loaded: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with what was looked at."""
        return not self.differences and not self.faults


def verify(
    model: ModelDirectory,
    recognition: RecognitionSettings,
    *,
    load: bool = True,
    on_bytes: OnBytes | None = None,
) -> Verified:
    """Hash the model's files and, where they are right and whole, load it and let it answer.

    Files that differ are never loaded: a checkpoint is code.
    """
    differing = tuple(differences(model.path, model.manifest, on_bytes))
    named = {difference.file for difference in differing}
    lacks = lacks_of(model.path, model.manifest.task)
    faults = [told(model.path, lack) for lack in lacks if lack.file not in named]
    if differing or faults or not load or not can_load(model.manifest.task):
        return Verified(model, differing, tuple(faults), was_loaded=False)
    try:
        try_out(model, recognition)
    except QaError as fault:
        faults.append(fault)
    return Verified(model, differing, tuple(faults), was_loaded=not faults)


def can_load(task: Task) -> bool:
    """Return whether what loads such a model is installed: pyannote.audio is optional."""
    if task == "asr":
        return True
    try:
        return bool(version("pyannote.audio"))
    except PackageNotFoundError:
        return False
