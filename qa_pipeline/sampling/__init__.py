"""Which calls people hear: strata, allocation, and a draw that is the same on every machine.

A batch is closed when it is drawn: it and its inclusion probabilities never change afterwards.
"""
