"""The `qa` command: reads words, calls the floors below, prints.

Data goes to stdout, words for people to stderr.
"""
