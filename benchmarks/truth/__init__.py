"""The truth set: dialogues and recordings whose findings are known because somebody put them in.

`scripts/` holds what people say, with what is to be found written into the lines; `make` lays it
out in time and freezes it, `speak` records a part of it, `python -m benchmarks.truth` measures
every detector on both, and on the same words what others do. No label comes from a detector.
"""
