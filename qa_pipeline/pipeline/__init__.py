"""The whole journey as plain functions."""
