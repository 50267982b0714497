"""Language: one normaliser for phrase and turn, word lists, phrase, sound and pattern matching."""
