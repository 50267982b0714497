"""Every detector by the name that scorecards use."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.detectors.dead_air import find_dead_air
from qa_pipeline.detectors.filler import find_fillers
from qa_pipeline.detectors.interruption import find_interruptions
from qa_pipeline.detectors.phrase import find_phrases
from qa_pipeline.detectors.read_back import find_unrepeated
from qa_pipeline.detectors.registry import Detector
from qa_pipeline.detectors.repeated_question import find_repeated_questions
from qa_pipeline.detectors.sensitive_data import find_sensitive_data
from qa_pipeline.detectors.speech_rate import find_speech_rates
from qa_pipeline.detectors.steps import find_steps
from qa_pipeline.detectors.suggestion import find_suggestions

_ALL = (
    Detector("phrase", 2, frozenset({"words"}), find_phrases),
    Detector("filler", 2, frozenset({"words"}), find_fillers),
    Detector("dead_air", 1, frozenset({"speech"}), find_dead_air),
    Detector("interruption", 1, frozenset({"speech_per_role"}), find_interruptions),
    Detector("speech_rate", 1, frozenset({"words"}), find_speech_rates),
    Detector("repeated_question", 1, frozenset({"words"}), find_repeated_questions),
    Detector("steps", 1, frozenset({"words"}), find_steps),
    Detector("read_back", 1, frozenset({"words"}), find_unrepeated),
    Detector("sensitive_data", 1, frozenset({"words"}), find_sensitive_data),
    Detector("suggestion", 1, frozenset({"words"}), find_suggestions),
)
DETECTORS: Mapping[str, Detector] = MappingProxyType({one.name: one for one in _ALL})
