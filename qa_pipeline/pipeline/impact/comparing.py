"""What a worker does with a chunk of calls: judge each by both scorecards, and count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa_pipeline.aggregate.impact import Flip, Moved
from qa_pipeline.pipeline.content_keys import Judges, judge_key, labels
from qa_pipeline.pipeline.impact.tally import Tally
from qa_pipeline.pipeline.jobs import place_of
from qa_pipeline.pipeline.stored import Chunk
from qa_pipeline.records import Call, Evaluation, Outcome
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.selection import applies, facts
from qa_pipeline.scoring.bound import Bound, bind
from qa_pipeline.scoring.judge import judge
from qa_pipeline.scoring.pairing import judge_both, pair
from qa_pipeline.store import CallFacts, Store
from qa_pipeline.store.work import WorkRow, judging


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
    judges: Judges

    def __call__(self) -> "Comparer":
        """Make what looks at chunks."""
        return Comparer(bind(self.old), bind(self.new), self.judges)


class Comparer:
    """Judges stored calls by two scorecards, whatever their dates: only `applies_to` is asked.

    What the old one gave a call before under the same key, and the edit left alone, is not looked
    for again.
    """

    def __init__(self, old: Bound, new: Bound, judges: Judges) -> None:
        self._old, self._new, self._pair = old, new, pair(old, new)
        self._judges = judges

    def __call__(self, store: Store, chunk: Chunk) -> Compared:
        """Compare the calls of a chunk; one that breaks the program is counted and left out."""
        tally = Tally()
        facts_of = {known.call_id: known for known in store.facts(chunk)}
        wanted = {call_id: self._who_applies(known) for call_id, known in facts_of.items()}
        covered = [row for row in chunk if any(wanted.get(row.call_id, ()))]
        tally.n_outside = len(chunk) - len(covered)
        known = self._known(store, chunk, facts_of)
        flips = []
        for call in self._calls(store, covered, facts_of, known):
            flip = self._counted(tally, call, wanted[call.call_id], known.get(call.call_id))
            if flip is not None:
                flips.append(flip)
        return Compared(tally, tuple(self._with_reasons(store, chunk, flips)))

    def _with_reasons(self, store: Store, chunk: Chunk, flips: Sequence[Flip]) -> Iterator[Flip]:
        """Yield the flips, those judged anew whose evidence is known by its outcomes alone.

        Each costs a second look, and its shard another reading: `benchmarks/RESULTS.md` has what
        that takes where one call in forty flips.
        """
        bare = {flip.call_id for flip in flips if any(_is_bare(one) for one in flip.weighed)}
        calls = store.measured([row for row in chunk if row.call_id in bare]) if bare else ()
        counted_already = Tally()
        told = {
            stored.call.call_id: self._counted(counted_already, stored.call, (True, True), None)
            for stored in calls
        }
        for flip in flips:
            yield told.get(flip.call_id) or flip

    def _calls(
        self,
        store: Store,
        rows: Sequence[WorkRow],
        facts_of: Mapping[str, CallFacts],
        known: Mapping[str, object],
    ) -> Iterator[Call]:
        """Yield the calls; where the edit asks for no look, known ones without their words."""
        wordless = {
            row.call_id
            for row in rows
            if not self._pair.narrow
            and row.call_id in known
            and self._who_applies(facts_of[row.call_id]) == (True, True)
        }
        for call_id in sorted(wordless):
            yield _without_words(facts_of[call_id])
        for stored in store.measured([row for row in rows if row.call_id not in wordless]):
            yield stored.call

    def _who_applies(self, known: CallFacts) -> tuple[bool, bool]:
        of_call = facts(known.metadata, known.language)
        return applies(self._old.card, of_call), applies(self._new.card, of_call)

    def _known(
        self, store: Store, chunk: Chunk, facts_of: Mapping[str, CallFacts]
    ) -> dict[str, dict[str, Outcome]]:
        """Return the outcomes of calls that the old scorecard judged just as it would today."""
        stage, measured = judging(self._old.card.scorecard), {row.call_id: row for row in chunk}
        work = [
            row
            for rows in store.ledger.work_of(measured).values()
            for row in rows
            if row.stage == stage and row.state == "done"
        ]
        fresh = []
        for row in work:
            if (known := facts_of.get(row.call_id)) is not None:
                of_call = labels(known.metadata, known.started_at)
                key = measured[row.call_id].fingerprint
                if row.fingerprint == judge_key(key, of_call, self._sha256, self._judges):
                    fresh.append(row)
        return store.outcomes(fresh) if fresh else {}

    @property
    def _sha256(self) -> str:
        return self._old.loaded.sha256

    def _counted(
        self,
        tally: Tally,
        call: Call,
        wanted: tuple[bool, bool],
        known: Mapping[str, Outcome] | None,
    ) -> Flip | None:
        """Count a call and return its flip; one that breaks the program is counted as such."""
        try:
            return tally.add(call, *self._judged(call, wanted, known))
        except Exception as error:  # a fault of ours: told by its place, never by its words
            tally.failed[f"{type(error).__name__} at {place_of(error.__traceback__)}"] += 1
            return None

    def _judged(
        self, call: Call, wanted: tuple[bool, bool], known: Mapping[str, Outcome] | None
    ) -> tuple[Evaluation | None, Evaluation | None]:
        if wanted == (True, True):
            return judge_both(call, self._pair, known)
        is_old, is_new = wanted
        return (
            judge(call, self._old) if is_old else None,
            judge(call, self._new) if is_new else None,
        )


def _is_bare(moved: Moved) -> bool:
    """Return whether a verdict was taken from the store, which gives its outcome alone."""
    return any(one is not None and not one.reason for one in (moved.before, moved.now))


def _without_words(known: CallFacts) -> Call:
    return Call(
        call_id=known.call_id,
        language=known.language,
        tier=known.tier,
        duration_s=known.duration_s,
        turns=None,
        speech=None,
        started_at=known.started_at,
        metadata=known.metadata,
    )
