"""The scorecard as people write it: declared signals, criteria and sections, no behaviour."""
