"""`phrase`: somebody says one of some phrases, or a phrase of every group."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Literal, assert_never

from qa_pipeline.detectors.excuses import Excuses
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.inflection import inflected
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.search import Place, search_all
from qa_pipeline.language.sounds import n_syllables
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import PhraseSignal

Reach = Literal["hit", "sentence", "turn"]

#: Stands between the members of a complete set in its quote.
_ELSEWHERE = " … "
#: A shorter phrase that was met by sound alone proves nothing (SCORECARD.md).
_SURE_SYLLABLES = 4
#: The `kind` of such a finding.
_SHORT = "short"
#: A finding's start, end and turn: its place in the order of time.
_TIME = itemgetter(*map(Finding._fields.index, ("start_s", "end_s", "turn")))


def find_phrases(_call: Call, signal: PhraseSignal, scope: Scope) -> Found:
    """Find the signal's phrases in the turns of its role.

    A finding's `match` is "sound" where it, or a member of its set, was met by sound alone; its
    `kind` is then "short" if that was under four syllables.

    Does not count: hits that `except` excuses, hits across two turns or two sentences, hits with a
    word below `min_confidence`, a part of a written word or number, digits that redaction masked,
    an incomplete set of `all_of`, and by sound: two syllables that are no word of their own, a 儿
    too many or too few. `inflect: true` (English) finds the forms of the phrase's nouns and verbs,
    regular or not; it does not count other words of the family (payment for pay) nor "better" for
    "good".

    Examples
    --------
    Two forbidden phrases, the second of which only quotes the customer:

        brush_off: {detector: phrase, role: agent, any_of: [不清楚], except: [您不清楚]}
        agent 0-4: 这个我不清楚。
        agent 6-10: 您不清楚的话可以问我。
        finds: 2-4 不清楚

    Forms of a word, which a list need not name one by one:

        refund: {detector: phrase, any_of: [pay back], inflect: true}
        customer 0-4: You paid back nothing.
        finds: 1-3 paid back

    An excuse holds in its own sentence alone:

        brush_off: {detector: phrase, role: agent, any_of: [I don't know], except: [find out],
          except_within: sentence}
        agent 0-3: I don't know.
        agent 4-8: I don't know that yet, but I will find out.
        finds: 0-3 I don't know
    """
    if signal.any_of is not None:
        return Found(tuple(_said(signal, scope, signal.any_of)))
    groups = [sorted(_said(signal, scope, group), key=_weakness) for group in signal.all_of or ()]
    sets = [_together(sorted(members, key=_TIME)) for members in zip(*groups, strict=False)]
    return Found(tuple(sorted(sets, key=_TIME)))


def lists_needed(signal: PhraseSignal) -> tuple[tuple[str, ...], ...]:
    """Return the lists of which each must be said, or the signal finds nothing.

    None are told for a signal that is looked for by sound.
    """
    if signal.match != "text":
        return ()
    groups = (signal.any_of,) if signal.any_of is not None else signal.all_of or ()
    return tuple(inflected(group) if signal.inflect else group for group in groups)


def _said(signal: PhraseSignal, scope: Scope, wanted: tuple[str, ...]) -> list[Finding]:
    """Return the hits of one list of phrases, in order of time."""
    said: list[Finding] = []
    excusing = signal.except_
    if signal.inflect:
        wanted, excusing = inflected(wanted), inflected(excusing)
    for index, passage, places in scope.saying(wanted, signal.match):
        if excusing:
            excuses = Excuses(search_all(passage, excusing, signal.match))
            within = signal.except_within
            places = [place for place in places if not _excused(passage, place, excuses, within)]
        for start, end, match in places:
            start_s, end_s = passage.span_s(start, end)
            if scope.admits(start_s, index) and scope.trusts(passage, start, end):
                quote = passage.text[start:end]
                is_short = match == "sound" and n_syllables(quote) < _SURE_SYLLABLES
                finding = Finding(
                    signal=scope.signal,
                    detector="phrase",
                    role=passage.role,
                    start_s=start_s,
                    end_s=end_s,
                    quote=quote,
                    match=match,
                    kind=_SHORT if is_short else None,
                    turn=index,
                )
                said.append(finding)
    return sorted(said, key=_TIME)


def _weakness(said: Finding) -> tuple[bool, bool]:
    """Sets are made of what is surest: of two greetings, the one that was met by text."""
    return said.kind == _SHORT, said.match == "sound"


def _excused(passage: Passage, hit: Place, excuses: Excuses, within: Reach) -> bool:
    """Return whether one of `excuses` stands close enough to `hit`."""
    match within:
        case "turn":
            return bool(excuses)
        case "sentence":
            return bool(excuses) and excuses.touch(*passage.sentence(hit.start, hit.end))
        case "hit":
            return excuses.touch(hit.start, hit.end)
        case _:
            assert_never(within)


def _together(members: Sequence[Finding]) -> Finding:
    """Return the members of a complete set, in order of time, as one."""
    first = members[0]
    return first._replace(
        end_s=max(one.end_s or 0.0 for one in members),
        role=first.role if len({one.role for one in members}) == 1 else None,
        quote=_ELSEWHERE.join(one.quote or "" for one in members),
        match=next((one.match for one in members if one.match == "sound"), first.match),
        kind=next((one.kind for one in members if one.kind), None),
    )
