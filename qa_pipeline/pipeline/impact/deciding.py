"""What turned a call: the criteria whose outcome or weight the edit changed, as evidence."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache

from qa_pipeline.aggregate.impact import Change, Flip, Judged, Moved, State, Turn
from qa_pipeline.records import Call, Evaluation, Outcome, Verdict

#: The outcome of the criteria for which a call is what it is; that it passes needs no reason.
_TELLING: Mapping[State, Outcome] = {"fail": "fail", "undecided": "not_measured"}


def state_of(evaluation: Evaluation | None) -> State:
    """Return what a version makes of a call; it does not apply to it without an evaluation."""
    if evaluation is None:
        return "outside"
    if evaluation.passed is None:
        return "undecided"
    return "pass" if evaluation.passed else "fail"


def flip_of(call: Call, old: Evaluation, new: Evaluation) -> Flip:
    """Return a call on which the versions disagree, with what decided as evidence."""
    agent, pairs = call.metadata.get("agent_id"), tuple(_pairs(old, new))
    before, now = _telling(old), _telling(new)
    moved = tuple(pair for pair in pairs if _is_moved(pair))
    telling = [pair for pair in pairs if pair.criterion in before | now]
    turns = tuple(turn for pair in telling if (turn := _turn(pair, now)) is not None)
    turned = {turn.criterion for turn in turns} or before | now
    return Flip(
        call_id=call.call_id,
        group=str(call.metadata["group"]) if call.metadata.get("group") else None,
        agent_id=None if agent is None else str(agent),
        started_at=call.started_at,
        duration_s=call.duration_s,
        before=state_of(old),
        now=state_of(new),
        score_before=old.score,
        score_now=new.score,
        coverage_before=old.coverage,
        coverage_now=new.coverage,
        moved=moved,
        weighed=tuple(p for p in telling if p.criterion in turned and not _is_moved(p)),
        turns=turns or _all([pair for pair in moved if _weighs(pair.before) or _weighs(pair.now)]),
    )


def _pairs(old: Evaluation, new: Evaluation) -> Iterator[Moved]:
    """Yield every criterion's verdicts, those that only the old version has at the end."""
    theirs = {verdict.criterion: verdict for verdict in old.verdicts}
    for verdict in new.verdicts:
        yield Moved(verdict.criterion, theirs.pop(verdict.criterion, None), verdict)
    for gone in theirs.values():
        yield Moved(gone.criterion, gone, None)


def _telling(evaluation: Evaluation) -> set[str]:
    """Return the criteria for which the call is what it is: the fatal ones alone if there are any.

    They suffice, and no other version could have seen them without them deciding.
    """
    outcome = _TELLING.get(state_of(evaluation))
    telling = [v for v in evaluation.verdicts if v.outcome == outcome and _weighs(v)]
    fatal = [verdict for verdict in telling if verdict.fatal]
    return {verdict.criterion for verdict in fatal or telling}


def _turn(pair: Moved, telling_now: Set[str]) -> Turn | None:
    """Return a telling criterion's part in it; None where it is as it was."""
    before, now = _outcome(pair.before), _outcome(pair.now)
    if before != now:
        return _known_turn(pair.criterion, before, now, None)
    change = _change(pair, is_for_now=pair.criterion in telling_now)
    return None if change is None else _known_turn(pair.criterion, before, now, change)


def _change(pair: Moved, *, is_for_now: bool) -> Change | None:
    """Return how a criterion weighs more in the state that it speaks for than in the other."""
    if pair.before is None or pair.now is None:
        return None
    here, there = (pair.now, pair.before) if is_for_now else (pair.before, pair.now)
    if here.fatal and not there.fatal:
        return "fatal" if is_for_now else "not_fatal"
    return "points" if here.points > there.points else None


def _all(moved: Sequence[Moved]) -> tuple[Turn, ...]:
    """Return everything that moved: a criterion that had passed is gone, say."""
    return tuple(_known_turn(m.criterion, _outcome(m.before), _outcome(m.now), None) for m in moved)


def _weighs(verdict: Verdict | None) -> bool:
    """Return whether a verdict can turn a call: one for show is worth no points."""
    return verdict is not None and (verdict.fatal or verdict.points > 0)


def _is_moved(pair: Moved) -> bool:
    return _outcome(pair.before) != _outcome(pair.now)


def _outcome(verdict: Verdict | None) -> Judged:
    return None if verdict is None else verdict.outcome


@lru_cache(maxsize=4096)
def _known_turn(criterion: str, before: Judged, now: Judged, change: Change | None) -> Turn:
    return Turn(criterion, before, now, change)
