"""The `qa` command: reads words, calls the floors below, prints. Data on stdout, words on stderr."""
