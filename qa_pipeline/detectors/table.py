"""Every detector by the name that scorecards use."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.detectors.dead_air import find_dead_air
from qa_pipeline.detectors.filler import find_fillers
from qa_pipeline.detectors.interruption import find_interruptions
from qa_pipeline.detectors.phrase import find_phrases
from qa_pipeline.detectors.registry import Detector
from qa_pipeline.detectors.speech_rate import find_speech_rates

_ALL = (
    Detector("phrase", 2, frozenset({"words"}), find_phrases),
    Detector("filler", 2, frozenset({"words"}), find_fillers),
    Detector("dead_air", 1, frozenset({"speech"}), find_dead_air),
    Detector("interruption", 1, frozenset({"speech_per_role"}), find_interruptions),
    Detector("speech_rate", 1, frozenset({"words"}), find_speech_rates),
)
DETECTORS: Mapping[str, Detector] = MappingProxyType({one.name: one for one in _ALL})
