"""What a worker does with a chunk of calls: judge each by both scorecards, and count."""

from dataclasses import dataclass

from qa_pipeline.aggregate.impact import Flip
from qa_pipeline.pipeline.impact.tally import Tally
from qa_pipeline.pipeline.jobs import place_of
from qa_pipeline.pipeline.stored import Chunk
from qa_pipeline.records import Call
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.selection import applies, facts
from qa_pipeline.scoring.bound import Bound, bind
from qa_pipeline.scoring.judge import judge
from qa_pipeline.scoring.pairing import judge_both, pair
from qa_pipeline.store import CallFacts, Store


@dataclass(frozen=True, slots=True)
class Compared:
    """What a chunk comes to, and its calls on which the versions disagree."""

    tally: Tally
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Comparing:
    """Picklable; calling it in a worker binds the scorecards once."""

    old: LoadedScorecard
    new: LoadedScorecard

    def __call__(self) -> "Comparer":
        """Make what looks at chunks."""
        return Comparer(bind(self.old), bind(self.new))


class Comparer:
    """Judges stored calls by two scorecards, whatever their dates: only `applies_to` is asked."""

    def __init__(self, old: Bound, new: Bound) -> None:
        self._old, self._new, self._pair = old, new, pair(old, new)

    def __call__(self, store: Store, chunk: Chunk) -> Compared:
        """Compare the calls of a chunk; one that breaks the program is counted and left out."""
        tally = Tally()
        wanted = {known.call_id: self._who_applies(known) for known in store.facts(chunk)}
        covered = [row for row in chunk if any(wanted.get(row.call_id, ()))]
        tally.n_outside = len(chunk) - len(covered)
        flips = []
        for stored in store.measured(covered):
            try:
                flip = self._count(tally, stored.call, wanted[stored.call.call_id])
            except Exception as error:  # a fault of ours: told by its place, never by its words
                tally.failed[f"{type(error).__name__} at {place_of(error.__traceback__)}"] += 1
                continue
            if flip is not None:
                flips.append(flip)
        return Compared(tally, tuple(flips))

    def _who_applies(self, known: CallFacts) -> tuple[bool, bool]:
        of_call = facts(known.metadata, known.language)
        return applies(self._old.card, of_call), applies(self._new.card, of_call)

    def _count(self, tally: Tally, call: Call, wanted: tuple[bool, bool]) -> Flip | None:
        if wanted == (True, True):
            return tally.add(call, *judge_both(call, self._pair))
        is_old, is_new = wanted
        return tally.add(
            call,
            judge(call, self._old) if is_old else None,
            judge(call, self._new) if is_new else None,
        )
