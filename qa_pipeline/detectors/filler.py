"""`filler`: hesitation words, and ordinary words where they only fill."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter

from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.detectors.uncovered import find_uncovered, is_listening
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.phrases import Hit, Phrases, apart
from qa_pipeline.language.units import BLANK, units_of
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import FillerSignal
from qa_pipeline.texts import Language

#: A pause after an ambiguous word from which on it only filled (SCORECARD.md).
_PAUSE_AFTER_S = 0.3
#: Marks that end a sentence for good; an ellipsis only trails off.
_ENDS = frozenset("。.!?;")
#: Without white space they make one word of two.
_HYPHENS = frozenset("-\u2010\u2011\uff0d\ufe63")
#: Yes, no, and oops: sounds that mean something, though they begin like a hesitation.
_MEANT_SOUNDS = ("um hum", "uh uh", "uh oh")
_LAST = attrgetter("last")


def find_fillers(call: Call, signal: FillerSignal, scope: Scope) -> Found | NotMeasured:
    """Find fillers in the turns of the signal's role.

    `kind` is "lexicon", "ambiguous" or, with `uncovered: true`, "uncovered": a hesitation without
    words, see `find_uncovered`, with neither quote nor match, in every count beside the others. A
    signal with both lists empty counts these alone. An ambiguous word repeated at once is one
    finding over all its repetitions. Does not count: ambiguous words that are neither repeated at
    once (这个，这个) nor open a sentence before a mark or a pause >= 0.3 s; a sentence that is
    nothing but the ambiguous word (an answer: 这个。); 啊 and 呀 at a sentence's end; turns of
    back-channels alone; parts of English words, ambiguous ones in hyphenated words too (so-called);
    parts of a sound that begins with a hesitation and means something (uh-huh, uh-oh, 嗯哼); words
    below `min_confidence`. What is stammered counts (u-um), and what is cut off (um-).

    Examples
    --------
    The last 这个 is an ordinary word:

        tics: {detector: filler, role: agent, lexicon: [嗯], ambiguous: [这个]}
        agent 0-6: 嗯，这个，这个颜色卖完了
        finds: 0-0.6 [lexicon] 嗯
        finds: 0.6-3 [ambiguous] 这个，这个

    The last "like" is an ordinary word:

        tics: {detector: filler, role: agent, lexicon: [um], ambiguous: [like]}
        agent 0-6: Um, like, like, it looks like a fuse.
        finds: 0-0.75 [lexicon] Um
        finds: 0.75-2.25 [ambiguous] like, like
    """
    shipped = lexicon(call.language)
    listed = shipped.fillers if signal.lexicon is None else signal.lexicon
    doubtful = shipped.ambiguous if signal.ambiguous is None else signal.ambiguous
    findings: list[Finding] = []
    for index, _ in scope.turns_saying(listed, doubtful):
        passage = scope.passage(index)
        sure = _hesitating(passage, apart(passage.hits(listed)))
        perhaps = [p for p in _filling(passage, doubtful) if not _overlaps(p, sure)]
        if not (sure or perhaps) or is_listening(passage):
            continue
        findings += _findings(scope, index, passage, sure, "lexicon")
        findings += _findings(scope, index, passage, perhaps, "ambiguous")
    if signal.uncovered:
        stretches = find_uncovered(call, scope)
        if isinstance(stretches, NotMeasured):
            return stretches
        findings += stretches
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    """Return whether a hit shares a unit with one of `others`, which are in order and apart."""
    after = bisect_right(others, hit.first, key=_LAST)
    return after < len(others) and others[after].first < hit.last


def _whole_words(passage: Passage, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits that neither begin nor end inside a hyphenated word: so-called.

    Chinese has none.
    """
    if passage.language == "zh" or _HYPHENS.isdisjoint(passage.text):
        return hits
    return [
        hit
        for hit in hits
        if not _hyphenated(passage, hit.last)
        and (not _hyphenated(passage, hit.first) or _stammers(passage, hit.first))
    ]


def _hyphenated(passage: Passage, unit: int) -> bool:
    """Return whether nothing but a hyphen stands between `unit` and the one before it."""
    if passage.marks(unit) not in _HYPHENS or not 0 < unit < passage.n_units:
        return False
    _, ends = passage.chars(unit - 1, unit)
    begins, _ = passage.chars(unit, unit + 1)
    return begins - ends == 1


def _stammers(passage: Passage, unit: int) -> bool:
    """Return whether what a hyphen joins to `unit` is its first letter: u-um."""
    return passage.symbols[unit - 1] == passage.symbols[unit][:1]


def _hesitating(passage: Passage, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits that are no part of a longer sound by which somebody listens."""
    heard = apart(passage.hits(_longer_sounds(passage.language))) if hits else ()
    if not heard:
        return hits
    return [hit for hit in hits if hit.last - hit.first > 1 or not _overlaps(hit, heard)]


@cache
def _longer_sounds(language: Language) -> Phrases:
    """Return the sounds that begin with a hesitation and go on to mean something: uh huh, 嗯哼."""
    shipped = lexicon(language)
    sounds = (*shipped.back_channels, *(_MEANT_SOUNDS if language == "en" else ()))
    told = ((sound, units_of(sound, language).units) for sound in sounds)
    return tuple(w for w, said in told if len(said) > 1 and said[0].symbol in shipped.fillers)


def _filling(passage: Passage, doubtful: Phrases) -> Iterator[Hit]:
    """Yield the ambiguous words that only fill, repetitions as one."""
    particles = lexicon(passage.language).final_particles
    for run in _runs(passage, doubtful):
        whole = Hit(run[0].first, run[-1].last, run[0].phrase)
        said = "".join(passage.symbols[run[0].first : run[0].last])
        if said in particles and _ends(passage, whole.last):
            continue
        if len(run) > 1 or (passage.opens(whole.first) and _hesitates(passage, whole.last)):
            yield whole


def _runs(passage: Passage, doubtful: Phrases) -> Iterator[list[Hit]]:
    """Yield the hits, each with its immediate repetitions."""
    run: list[Hit] = []
    for hit in _whole_words(passage, apart(passage.hits(doubtful))):
        repeats = (
            run
            and hit.first == run[-1].last
            and hit.phrase == run[-1].phrase
            and not passage.parted(hit.first)
        )
        if run and not repeats:
            yield run
            run = []
        run.append(hit)
    if run:
        yield run


def _ends(passage: Passage, after: int) -> bool:
    """Return whether a sentence ends before unit `after`, or the turn does."""
    if after == passage.n_units:
        return not _trails(passage.tail)
    return passage.stopped(after) and not _trails(passage.marks(after))


def _trails(marks: str) -> bool:
    """Return whether `marks` leave the sentence open: an ellipsis, a comma; not their absence."""
    return bool(marks) and not _ENDS & set(marks.replace("...", "…"))


def _hesitates(passage: Passage, after: int) -> bool:
    """Return whether a mark that leaves the sentence open, or a pause, stands before `after`."""
    if _ends(passage, after):
        return False
    if after == passage.n_units:
        return True
    marks = passage.marks(after).strip(BLANK)
    return bool(marks) or passage.pause_s(after) >= _PAUSE_AFTER_S - TOLERANCE_S


def _findings(
    scope: Scope, index: int, passage: Passage, hits: Iterable[Hit], kind: str
) -> Iterator[Finding]:
    """Yield the evidence of those hits that the signal's scope admits and trusts."""
    for hit in hits:
        start, end = passage.chars(hit.first, hit.last)
        start_s, end_s = passage.span_s(start, end)
        if scope.admits(start_s, index) and scope.trusts(passage, start, end):
            yield Finding(
                signal=scope.signal,
                detector="filler",
                role=passage.role,
                start_s=start_s,
                end_s=end_s,
                quote=passage.text[start:end],
                match="text",
                kind=kind,
                turn=index,
            )
