"""`steps`: what must be said in an order, what is missing of it and what came out of order."""

from operator import attrgetter
from typing import NamedTuple

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import Step, StepsSignal


class _Hit(NamedTuple):
    """Step number `step` (as declared) is said."""

    start_s: float
    end_s: float
    step: int
    turn: int
    role: Role | None
    quote: str


class _Run(NamedTuple):
    """Hits whose steps go up, and what the run is worth beside others.

    `worth` is how many they are, how many of them required, and their steps from the last to the
    first, each with a minus: what is declared first is worth most.
    """

    worth: tuple[int, int, tuple[int, ...]]
    hits: tuple[_Hit, ...]

    def longer(self, hit: _Hit, optional: bool) -> "_Run":
        """Return the run with one more hit."""
        n, n_required, steps = self.worth
        worth = n + 1, n_required + (not optional), (-hit.step, *steps)
        return _Run(worth, (*self.hits, hit))


_NO_RUN = _Run((0, 0, ()), ())


def find_steps(call: Call, signal: StepsSignal, scope: Scope) -> Found | NotMeasured:
    """Find the steps that are missing, and those outside the longest run in the right order.

    A step is said where one of its phrases is; said several times, it counts where it fits best.
    Of runs that are equally long the one with fewer optional steps stands, then the one whose last
    step is declared first, then the last but one, and so on, each where it is first said: of two
    steps that changed places, the one that came too early is found. Each step is found once at
    most:

    - `kind` "missing:ID": a step that nobody (of the role) says and that is not `optional`. It has
      no quote; its span is where it should have been, from the step before it to the step after
      it, or from the first or to the last of what the signal looks at.
    - `kind` "misplaced:ID": a step that is said, never where it belongs. Span and quote are those
      of its first words.

    Words that stand for two steps at once serve both. Does not count: optional steps that nobody
    says; steps said in other words than listed; said by the other role; repeated at a wrong place
    too after they were said at the right one; anything where an anchor (`after`, `before`) is not
    found.

    Examples
    --------
    The address comes before the phone, and nobody confirms the order:

        order: {detector: steps, steps: [{id: phone, any_of: [电话]}, {id: address, any_of: [地址]},
          {id: confirm, any_of: [核对]}]}
        agent 0-4: 您的地址？
        agent 6-10: 您的电话？
        finds: 2-4 [misplaced:address] 地址
        finds: 10-10 [missing:confirm]

    The amount comes before the purpose, and the rights are missing:

        told: {detector: steps, steps: [{id: purpose, any_of: [collect a debt]},
          {id: amount, any_of: [balance]}, {id: rights, any_of: [dispute]}]}
        agent 0-4: The balance is high.
        agent 6-10: I want to collect a debt.
        finds: 1-2 [misplaced:amount] balance
        finds: 10-10 [missing:rights]
    """
    hits = _hits(signal.steps, scope)
    run = _longest_run(hits, signal.steps)
    placed = {hit.step: hit for hit in run}
    said = {hit.step for hit in hits}
    missing = [i for i, step in enumerate(signal.steps) if i not in said and not step.optional]
    if missing and (deaf := _deaf(call, scope)):
        return deaf
    findings = [
        _finding(scope, signal.steps[step], next(hit for hit in hits if hit.step == step))
        for step in said - placed.keys()
    ]
    if missing and (looked := _looked_at(call, signal, scope)):
        findings += [_missing(scope, signal.steps[i], _place(i, placed, looked)) for i in missing]
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _hits(steps: tuple[Step, ...], scope: Scope) -> list[_Hit]:
    """Return where the steps are said, in order of time and, at one moment, as declared."""
    hits = []
    for number, step in enumerate(steps):
        for index, passage, places in scope.saying(step.any_of, "text"):
            for place in places:
                start_s, end_s = passage.span_s(place.start, place.end)
                if scope.admits(start_s, index) and scope.trusts(passage, place.start, place.end):
                    quote = passage.text[place.start : place.end]
                    hits.append(_Hit(start_s, end_s, number, index, passage.role, quote))
    return sorted(hits, key=attrgetter("start_s", "step"))


def _longest_run(hits: list[_Hit], steps: tuple[Step, ...]) -> tuple[_Hit, ...]:
    """Return the longest run of hits whose steps go up; ties as `find_steps` says.

    The longest increasing subsequence: `best[s]` is the best run so far that ends before step s,
    which a hit of step s lengthens. What a run is worth never falls from one to the next of them.
    """
    best = [_NO_RUN] * (len(steps) + 1)
    for hit in hits:
        run = best[hit.step].longer(hit, steps[hit.step].optional)
        for later in range(hit.step + 1, len(best)):
            if run.worth <= best[later].worth:
                break
            best[later] = run
    return best[-1].hits


def _deaf(call: Call, scope: Scope) -> NotMeasured | None:
    """Return that a step may have been said by a customer of whom no word was recognised."""
    if scope.role is not None or call.turns_of("customer") is None:
        return None
    return unheard(call, "customer")


def _looked_at(call: Call, signal: StepsSignal, scope: Scope) -> tuple[float, float] | None:
    """Return the first and last moment that the signal looks at; None where an anchor is lacking.

    Where nobody speaks in the signal's window, what should have been said there is missing.
    """
    turns = enumerate(call.turns or ())
    edges = sorted([(at, i) for i, turn in turns for at in (turn.start_s, turn.end_s)])
    first = next((at for at, turn in edges if scope.admits(at, turn)), None)
    if first is not None:
        return first, next(at for at, turn in reversed(edges) if scope.admits(at, turn))
    if signal.after or signal.before:
        return None
    return (edges[0][0], edges[-1][0]) if edges else (0.0, call.duration_s)


def _place(step: int, placed: dict[int, _Hit], looked: tuple[float, float]) -> tuple[float, float]:
    """Return where a missing step should have been: between its neighbours in the run."""
    before = [hit.end_s for number, hit in placed.items() if number < step]
    after = [hit.start_s for number, hit in placed.items() if number > step]
    start_s = max(before, default=looked[0])
    return start_s, max(start_s, min(after, default=looked[1]))


def _finding(scope: Scope, step: Step, hit: _Hit) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="steps",
        role=hit.role,
        start_s=hit.start_s,
        end_s=hit.end_s,
        quote=hit.quote,
        match="text",
        kind=f"misplaced:{step.id}",
        turn=hit.turn,
    )


def _missing(scope: Scope, step: Step, place: tuple[float, float]) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="steps",
        role=scope.role,
        start_s=place[0],
        end_s=place[1],
        kind=f"missing:{step.id}",
    )
