"""Weights behind protocols: speech activity, recogniser, diariser, imported transcripts."""
