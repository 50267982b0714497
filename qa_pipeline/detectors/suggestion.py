"""`suggestion`: a customer proposes or wishes something."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from qa_pipeline.detectors.excuses import Excuses
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Phrases
from qa_pipeline.language.search import Place, search
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import SuggestionSignal
from qa_pipeline.texts import Language

#: What he asks for himself follows over no more characters: 希望你们能把钱尽快退给我.
_SOON: dict[Language, int] = {"zh": 8, "en": 24}

#: Where something stands in a turn's text.
Chars = tuple[int, int]


def find_suggestions(call: Call, signal: SuggestionSignal, scope: Scope) -> Found:
    """Find the sentences in which the role, the customer by default, suggests or wishes something.

    The quote is the sentence, so that reports can show what was proposed; one sentence is one
    finding however many `phrases` it holds. Does not count: sentences with an `except` phrase
    (asking for a suggestion, having none, a recommended price); wishes about the own order
    ("I want a refund", 希望你们尽快给我退款; but what is for later or for all counts) and what is
    supposed (你们应该收到了) where the shipped lists know them, and then nothing else in that
    sentence; suggestions without any of the phrases; sentences with a word below `min_confidence`.
    Without `phrases` of its own a signal also finds what 就好了 ends and 要是, 早点 or the like
    began; without `except` of its own it leaves out wishes about the own order.

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
        held = sorted({*_saying(passage, wanted), *_wishing(passage, closers)})
        said = _unexcused(passage, held, excused)
        if signal.except_ is None:
            said = _for_all(passage, said, wanted)
        for start, end in said:
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
    begun = _wishes_begun(passage) if closed else ()
    for closer in closed:
        start, end = passage.sentence(closer.start, closer.end)
        n_before = bisect_left(begun, closer.start)
        if n_before and begun[n_before - 1] >= start:
            yield start, end


def _wishes_begun(passage: Passage) -> Sequence[int]:
    """Return where something begins a wish, in order."""
    shipped, text = lexicon(passage.language), passage.text
    begun = [place.start for place in search(passage, shipped.wish_openers, "text")]
    heads = [place.start for place in search(passage, shipped.wish_heads, "text")]
    begun += [start for start in heads if not text[max(0, start - 1) : start].isalnum()]
    return sorted(begun)


def _unexcused(passage: Passage, said: Sequence[Chars], excused: Phrases) -> Sequence[Chars]:
    """Return the sentences of those `said` that hold no excuse."""
    excuses = Excuses(search(passage, excused, "text") if said and excused else ())
    return [chars for chars in said if not excuses.touch(*chars)]


def _for_all(passage: Passage, said: Sequence[Chars], wanted: Phrases) -> Sequence[Chars]:
    """Return the sentences of those `said` in which the role wishes more than his own due, now."""
    shipped = lexicon(passage.language)
    owned = search(passage, shipped.own_wishes, "text") if said else []
    if not owned:
        return said
    asked = [*search(passage, wanted, "text"), *search(passage, shipped.wish_openers, "text")]
    own = Excuses(_soon_after(asked, owned, _SOON[passage.language]))
    general = Excuses(search(passage, shipped.general_wishes, "text"))
    return [chars for chars in said if not own.touch(*chars) or general.touch(*chars)]


def _soon_after(asked: Sequence[Place], owned: Sequence[Place], n: int) -> Sequence[Place]:
    """Return those of `owned` that begin within `n` characters of one of `asked`, or inside it."""
    begun = sorted(asked)
    starts = [place.start for place in begun]
    found = []
    for place in owned:
        n_before = bisect_right(starts, place.start)
        if n_before and place.start - begun[n_before - 1].end <= n:
            found.append(place)
    return found
