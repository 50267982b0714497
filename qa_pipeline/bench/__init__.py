"""Benches: what a recogniser and a diariser are worth on one's own labelled calls.

`truth` and `reference` read what people wrote down, `streams` lays what was heard beside it, pure
scores follow (`alignment`, `scores`, `phrases`, `der`), `asr` and `diarisation` do the journey.
"""
