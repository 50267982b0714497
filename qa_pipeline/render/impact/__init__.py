"""What an edit would do, for people: a page that can be sent round, and tables for the terminal."""

from qa_pipeline.render.impact.page import impact_html, write_impact
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.terminal import impact_parts

__all__ = ["ImpactSubject", "impact_html", "impact_parts", "write_impact"]
