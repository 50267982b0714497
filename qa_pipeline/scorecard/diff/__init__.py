"""What changed between two versions of a scorecard, in words that a QA lead would use."""

from qa_pipeline.scorecard.diff.compare import differences
from qa_pipeline.scorecard.diff.difference import Difference, Subject

__all__ = ["Difference", "Subject", "differences"]
