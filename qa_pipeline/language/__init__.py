"""Language: one normaliser for phrase and turn, word lists, phrase, sound and pattern matching.

Chinese is compared by characters, as spaCy's default tokeniser for it has them, not by segmented
words. On the 257 turns of the demo's Chinese dialogues and of the shipped scorecard's examples,
with that scorecard's 149 phrases: our search and spaCy 3.8's PhraseMatcher over characters find
the same 507 places; over jieba's words it finds 394, because a phrase must fall on the segmenter's
borders (请 in 请问, 太差 in 太差劲). spaCy's third segmenter, pkuseg, loads its model from the
network. Characters cost the marks and pauses that a match must not cross, which spaCy's tokens do
not carry; so the search is our own. Segmented words did not help to tell questions apart either:
`qa_pipeline.detectors.repeated_question` says what was measured.
"""
