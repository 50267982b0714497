"""Judgement: a scorecard bound to its checks, and a call judged by it."""

from qa_pipeline.scoring.bound import Bound, bind
from qa_pipeline.scoring.examples import CheckReport, check
from qa_pipeline.scoring.judge import judge
from qa_pipeline.scoring.totals import shown_score

__all__ = ["Bound", "CheckReport", "bind", "check", "judge", "shown_score"]
