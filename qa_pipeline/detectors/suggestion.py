"""`suggestion`: a customer proposes or wishes something."""

from collections.abc import Iterator

from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.search import search
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import SuggestionSignal


def find_suggestions(call: Call, signal: SuggestionSignal, scope: Scope) -> Found:
    """Find the sentences in which the role, the customer by default, suggests or wishes something.

    The quote is the sentence, so that reports can show what was proposed; one sentence is one
    finding however many `phrases` it holds. Does not count: sentences with an `except` phrase
    (asking for a suggestion, having none, a recommended price); wishes about the own order
    ("I want a refund"); suggestions without any of the phrases; sentences with a word below
    `min_confidence`.

    Examples
    --------
    One suggestion; asking for one is none:

        wishes: {detector: suggestion}
        customer 0-6: 送礼的话您有什么建议？
        customer 8-20: 我提个建议，你们应该多放几张说明书。
        finds: 8-20 我提个建议，你们应该多放几张说明书

    The same in English:

        wishes: {detector: suggestion}
        customer 0-4: What would you suggest as a present?
        customer 5-9: It would be nice if you sent a text message.
        finds: 5-9 It would be nice if you sent a text message
    """
    shipped = lexicon(call.language)
    wanted = shipped.suggestions if signal.phrases is None else signal.phrases
    excused = shipped.no_suggestions if signal.except_ is None else signal.except_
    findings = []
    for index, turn in scope.turns_saying(wanted):
        passage = scope.passage(index)
        for start, end in _sentences(passage, wanted, excused):
            start_s, end_s = passage.span_s(start, end)
            if scope.admits(start_s, index) and scope.trusts(passage, start, end):
                findings.append(
                    Finding(
                        signal=scope.signal,
                        detector="suggestion",
                        role=turn.role,
                        start_s=start_s,
                        end_s=end_s,
                        quote=passage.text[start:end],
                        match="text",
                        turn=index,
                    )
                )
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _sentences(
    passage: Passage, wanted: tuple[str, ...], excused: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    """Yield the sentences that hold a wanted phrase and no excuse, each once."""
    places = search(passage, wanted, "text")
    found = dict.fromkeys(passage.sentence(place.start, place.end) for place in places)
    excuses = search(passage, excused, "text") if found and excused else []
    for start, end in found:
        if not any(excuse.overlaps(start, end) for excuse in excuses):
            yield start, end
