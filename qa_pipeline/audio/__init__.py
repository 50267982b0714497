"""Recordings on disk: what their containers say, and their samples."""
