"""Prefect's view of the pipeline: names, retries, schedules, progress. No logic stands here."""
