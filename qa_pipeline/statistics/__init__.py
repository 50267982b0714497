"""Rates that one can believe: intervals, weighted samples, evidence of change.

Rates and shares are 0-1, never percent. Every formula names its source and has a frozen oracle in
`tests/statistics`. Nothing here knows of calls, groups or files.
"""
