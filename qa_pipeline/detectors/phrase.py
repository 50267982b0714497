"""`phrase`: somebody says one of some phrases, or a phrase of every group."""

from typing import Literal, NamedTuple, assert_never

from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.inflection import inflected
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.search import Place, search_all
from qa_pipeline.language.sounds import n_syllables
from qa_pipeline.records import Call, Finding, Match, Role
from qa_pipeline.scorecard.signals import PhraseSignal

Reach = Literal["hit", "sentence", "turn"]

#: Stands between the members of a complete set in its quote.
_ELSEWHERE = " … "
#: A shorter phrase that was met by sound alone proves nothing (SCORECARD.md).
_SURE_SYLLABLES = 4


class _Said(NamedTuple):
    """A hit in one turn; hits are put in order of time."""

    start_s: float
    end_s: float
    turn: int
    role: Role | None
    quote: str
    match: Match
    is_short_sound: bool


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
        said = _said(signal, scope, signal.any_of)
        return Found(tuple([_finding(scope, one) for one in said]))
    groups = [sorted(_said(signal, scope, group), key=_weakness) for group in signal.all_of or ()]
    sets = sorted(tuple(sorted(members)) for members in zip(*groups, strict=False))
    return Found(tuple(_finding(scope, _together(members)) for members in sets))


def lists_needed(signal: PhraseSignal) -> tuple[tuple[str, ...], ...]:
    """Return the lists of which each must be said, or the signal finds nothing.

    None are told for a signal that is looked for by sound.
    """
    if signal.match != "text":
        return ()
    groups = (signal.any_of,) if signal.any_of is not None else signal.all_of or ()
    return tuple(inflected(group) if signal.inflect else group for group in groups)


def _said(signal: PhraseSignal, scope: Scope, wanted: tuple[str, ...]) -> list[_Said]:
    """Return the hits of one list of phrases, in order of time."""
    said: list[_Said] = []
    excusing = signal.except_
    if signal.inflect:
        wanted, excusing = inflected(wanted), inflected(excusing)
    for index, passage, places in scope.saying(wanted, signal.match):
        if excusing:
            excuses = search_all(passage, excusing, signal.match)
            within = signal.except_within
            places = [place for place in places if not _excused(passage, place, excuses, within)]
        for start, end, match in places:
            start_s, end_s = passage.span_s(start, end)
            if scope.admits(start_s, index) and scope.trusts(passage, start, end):
                quote = passage.text[start:end]
                is_short = match == "sound" and n_syllables(quote) < _SURE_SYLLABLES
                said.append(_Said(start_s, end_s, index, passage.role, quote, match, is_short))
    return sorted(said)


def _weakness(said: _Said) -> tuple[bool, bool]:
    """Sets are made of what is surest: of two greetings, the one that was met by text."""
    return said.is_short_sound, said.match == "sound"


def _excused(passage: Passage, hit: Place, excuses: list[Place], within: Reach) -> bool:
    """Return whether one of `excuses` stands close enough to `hit`."""
    match within:
        case "turn":
            return bool(excuses)
        case "sentence":
            start, end = passage.sentence(hit.start, hit.end)
            return any(excuse.overlaps(start, end) for excuse in excuses)
        case "hit":
            return any(excuse.overlaps(hit.start, hit.end) for excuse in excuses)
        case _:
            assert_never(within)


def _together(members: tuple[_Said, ...]) -> _Said:
    """Return the members of a complete set, in order of time, as one."""
    first = members[0]
    return first._replace(
        end_s=max(one.end_s for one in members),
        role=first.role if len({one.role for one in members}) == 1 else None,
        quote=_ELSEWHERE.join(one.quote for one in members),
        match=next((one.match for one in members if one.match == "sound"), first.match),
        is_short_sound=any(one.is_short_sound for one in members),
    )


def _finding(scope: Scope, said: _Said) -> Finding:
    """Return a hit or a complete set as evidence."""
    return Finding(
        signal=scope.signal,
        detector="phrase",
        role=said.role,
        start_s=said.start_s,
        end_s=said.end_s,
        quote=said.quote,
        match=said.match,
        kind="short" if said.is_short_sound else None,
        turn=said.turn,
    )
