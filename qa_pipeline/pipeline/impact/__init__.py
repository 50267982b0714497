"""`qa impact`: what an edited scorecard would have done to a month of stored calls.

Nothing is heard and nothing in the store changes.
"""

from qa_pipeline.pipeline.impact.cards import named_card
from qa_pipeline.pipeline.impact.run import ImpactRun, Question, impact_of

__all__ = ["ImpactRun", "Question", "impact_of", "named_card"]
