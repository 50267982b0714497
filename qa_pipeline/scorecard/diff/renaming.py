"""Signals that only have another name: what names them says the same as before."""

from collections.abc import Iterable, Mapping

from qa_pipeline.scorecard.signals import Signal

#: New names of renamed signals, by the old ones.
Names = Mapping[str, str]
Signals = Mapping[str, Signal]


def new_names(old: Signals, new: Signals) -> dict[str, str]:
    """Return how signals that are gone are called now, as far as they say the same.

    One that hangs on a renamed anchor is found once that anchor is.
    """
    names: dict[str, str] = {}
    gone = [name for name in old if name not in new]
    come: dict[str, list[str]] = {}
    for name in new:
        if name not in old:
            come.setdefault(new[name].model_dump_json(), []).append(name)
    is_found = True
    while is_found:
        is_found = False
        for name in gone:
            alike = come.get(renamed(old[name], names).model_dump_json())
            if name not in names and alike:
                names[name], is_found = alike.pop(0), True
    return names


def named(signals: Iterable[str], names: Names) -> tuple[str, ...]:
    """Return names of signals as they are now."""
    return tuple(names.get(name, name) for name in signals)


def renamed(signal: Signal, names: Names) -> Signal:
    """Return a signal whose anchors have their new names."""
    anchors = {"after": named(signal.after, names), "before": named(signal.before, names)}
    return signal.model_copy(update=anchors) if names else signal
