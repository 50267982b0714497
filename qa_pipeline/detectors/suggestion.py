"""`suggestion`: a customer proposes or wishes something."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from qa_pipeline.detectors.excuses import Excuses
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Phrases
from qa_pipeline.language.search import search
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import SuggestionSignal

#: Where something stands in a turn's text.
Chars = tuple[int, int]


def find_suggestions(call: Call, signal: SuggestionSignal, scope: Scope) -> Found:
    """Find the sentences in which the role, the customer by default, suggests or wishes something.

    The quote is the sentence, so that reports can show what was proposed; one sentence is one
    finding however many `phrases` it holds. Does not count: sentences with an `except` phrase
    (asking for a suggestion, having none, a recommended price); wishes about the own order
    ("I want a refund", 希望你们尽快给我退款) and what is supposed (你们应该收到了) where the
    shipped lists know them, and then nothing else in that sentence; suggestions without any of the
    phrases; sentences with a word below `min_confidence`. Without `phrases` of its own a signal
    also finds what 就好了 ends and 要是 or the like began.

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
    closers = shipped.wish_closers if signal.phrases is None else ()
    excused = shipped.no_suggestions if signal.except_ is None else signal.except_
    findings = []
    for index, turn in scope.turns_saying(wanted, closers):
        passage = scope.passage(index)
        said = sorted({*_saying(passage, wanted), *_wishing(passage, closers)})
        for start, end in _unexcused(passage, said, excused):
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


def _saying(passage: Passage, wanted: Phrases) -> Iterator[Chars]:
    """Yield the sentences that hold a wanted phrase."""
    for place in search(passage, wanted, "text"):
        yield passage.sentence(place.start, place.end)


def _wishing(passage: Passage, closers: Phrases) -> Iterator[Chars]:
    """Yield the sentences in which something begins a wish before one of `closers` ends it."""
    closed = search(passage, closers, "text")
    openers = lexicon(passage.language).wish_openers
    begun = [place.start for place in search(passage, openers, "text")] if closed else []
    for closer in closed:
        start, end = passage.sentence(closer.start, closer.end)
        n_before = bisect_left(begun, closer.start)
        if n_before and begun[n_before - 1] >= start:
            yield start, end


def _unexcused(passage: Passage, said: Sequence[Chars], excused: Phrases) -> Iterator[Chars]:
    """Yield the sentences of those `said` that hold no excuse."""
    excuses = Excuses(search(passage, excused, "text") if said and excused else ())
    for start, end in said:
        if not excuses.touch(start, end):
            yield start, end
