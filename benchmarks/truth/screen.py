"""The figures of the truth set as a table in the terminal."""

from collections.abc import Mapping

from rich.table import Table

from benchmarks.truth.measure import Measured
from benchmarks.truth.peers import PEERS
from benchmarks.truth.scoring import Counts
from qa_pipeline.statistics.intervals import Interval

_COLUMNS = (
    *("labels", "precision", "recall", "traps", "blind in"),
    *("peer's precision", "peer's recall", "peer's traps"),
)


def table(title: str, detectors: Mapping[str, Measured]) -> Table:
    """Return one row a detector; rates in percent with their 95 % intervals.

    "traps": how many were found that must not be, of how many. "blind in": calls in which it could
    not look.
    """
    shown = Table("detector", title=title)
    for name in _COLUMNS:
        shown.add_column(name, justify="right")
    for name in PEERS:
        if name in detectors:
            shown.add_row(name, *_cells(detectors[name]))
    return shown


def _cells(one: Measured) -> tuple[str, ...]:
    n_labels = one.ours.n_found + one.ours.n_missed
    ours, peer = one.ours, one.peer
    return (
        *(str(n_labels), _rate(ours.precision), _rate(ours.recall), _traps(ours)),
        str(one.n_not_measured or ""),
        *(_rate(peer.precision), _rate(peer.recall), _traps(peer)),
    )


def _rate(rate: Interval | None) -> str:
    if rate is None:
        return "-"
    return f"{100 * rate.value:.1f} ({100 * rate.low:.0f}-{100 * rate.high:.0f})"


def _traps(counts: Counts) -> str:
    return f"{counts.n_fell}/{counts.n_traps}" if counts.n_traps else ""
