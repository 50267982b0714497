"""The engines that the settings ask for. Weights are read at first use, files are checked now."""

import hashlib
from dataclasses import dataclass

from qa_pipeline.engines.models import find_whisper
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.engines.pyannote import Pyannote, find_pipeline
from qa_pipeline.engines.silero import Silero
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class LocalEngines:
    """Builds engines from local files; picklable, so that each worker builds its own."""

    settings: Settings

    def fingerprint(self) -> str:
        """Return one hash of everything that decides the engines' answers; loads no weights."""
        return fingerprint(self.build(1))

    def build(self, n_threads: int) -> Engines:
        """Return the engines; the recogniser uses `n_threads` cores, 0 for its own choice.

        Raises
        ------
        EngineMissing
            The model or the pipeline is not there, or the extra it needs is not installed.
        """
        recognition, pipeline = self.settings.recognition, self.settings.diarisation.pipeline
        return Engines(
            activity=Silero(),
            transcriber=Whisper(find_whisper(recognition.model), recognition, n_threads=n_threads),
            diariser=None if pipeline is None else Pyannote(find_pipeline(pipeline)),
        )


def fingerprint(engines: Engines) -> str:
    """Return one hash of everything that decides the engines' answers."""
    parts = [engines.activity.fingerprint, engines.transcriber.fingerprint]
    if engines.diariser is not None:
        parts.append(engines.diariser.fingerprint)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
