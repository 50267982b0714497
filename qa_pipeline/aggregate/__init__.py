"""A month in figures: what the machine judged, what people heard, what changed, what went wrong.

Pure functions from tables to frozen figures; rates and shares are 0-1. The machine's rate (all
calls) and people's rate (weighted sample) stand side by side and are never mixed.
"""
