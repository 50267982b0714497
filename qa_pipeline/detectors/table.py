"""Every detector by the name that scorecards use."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.detectors.dead_air import find_dead_air
from qa_pipeline.detectors.drawn_out import find_drawn_out
from qa_pipeline.detectors.filler import find_fillers
from qa_pipeline.detectors.hang_up import find_hang_up
from qa_pipeline.detectors.hold import find_holds
from qa_pipeline.detectors.interruption import find_interruptions
from qa_pipeline.detectors.loudness import find_loudness
from qa_pipeline.detectors.phrase import find_phrases
from qa_pipeline.detectors.read_back import find_unrepeated
from qa_pipeline.detectors.registry import Detector
from qa_pipeline.detectors.repeated_question import find_repeated_questions
from qa_pipeline.detectors.ring import find_late_answer
from qa_pipeline.detectors.sensitive_data import find_sensitive_data
from qa_pipeline.detectors.slow_answer import find_slow_answers
from qa_pipeline.detectors.speech_rate import find_speech_rates
from qa_pipeline.detectors.steps import find_steps
from qa_pipeline.detectors.suggestion import find_suggestions
from qa_pipeline.detectors.talk_share import measure_talk_share

_ALL = (
    Detector("phrase", 3, frozenset({"words"}), find_phrases),
    Detector("filler", 3, frozenset({"words"}), find_fillers),
    Detector("dead_air", 2, frozenset({"speech"}), find_dead_air),
    Detector("interruption", 3, frozenset({"speech_per_role"}), find_interruptions),
    Detector("speech_rate", 2, frozenset({"words"}), find_speech_rates),
    Detector("slow_answer", 3, frozenset({"speech_per_role"}), find_slow_answers),
    Detector("talk_share", 1, frozenset({"speech_per_role"}), measure_talk_share),
    Detector("drawn_out", 1, frozenset({"words"}), find_drawn_out),
    Detector("loudness", 2, frozenset({"speech", "tracks"}), find_loudness),
    Detector("hold", 3, frozenset({"words", "roles", "speech"}), find_holds),
    Detector("hang_up", 1, frozenset({"metadata"}), find_hang_up),
    Detector("ring", 1, frozenset({"metadata"}), find_late_answer),
    Detector("repeated_question", 3, frozenset({"words", "roles"}), find_repeated_questions),
    Detector("steps", 2, frozenset({"words"}), find_steps),
    Detector("read_back", 3, frozenset({"words", "roles"}), find_unrepeated),
    Detector("sensitive_data", 1, frozenset({"words"}), find_sensitive_data),
    Detector("suggestion", 3, frozenset({"words"}), find_suggestions),
)
DETECTORS: Mapping[str, Detector] = MappingProxyType({one.name: one for one in _ALL})
