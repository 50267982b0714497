"""Every detector by the name that scorecards use."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.detectors.phrase import find_phrases
from qa_pipeline.detectors.registry import Detector

DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        detector.name: detector
        for detector in (Detector("phrase", 1, frozenset({"words"}), find_phrases),)
    }
)
