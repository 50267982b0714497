"""What a scorecard came to on a month of stored calls: the figures behind its lint on history."""

from qa_pipeline.pipeline.history.doubts import history_doubts, no_calls_doubt
from qa_pipeline.pipeline.history.looking import History, LookBack, look_back

__all__ = ["History", "LookBack", "history_doubts", "look_back", "no_calls_doubt"]
