"""A store: one folder of append-only parquet tables and the ledger that says which files count.

Readers see the newest row of every call, and the newest evaluation of every call and scorecard.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from zoneinfo import ZoneInfo

import polars as pl

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Call, Evaluation, Outcome
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.store.cards import keep_cards, kept_card
from qa_pipeline.store.facts import FACT_COLUMNS, CallFacts, call_facts
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.scanning import scan
from qa_pipeline.store.schemas import SCHEMAS, Table, empty
from qa_pipeline.store.secret import redaction_key
from qa_pipeline.store.stored_calls import StoredCall, stored_calls
from qa_pipeline.store.verdict_rows import evaluation_of
from qa_pipeline.store.work import JUDGE, MEASURE, WorkRow
from qa_pipeline.store.writing import Writer, writing
from qa_pipeline.texts import Text

#: Calls read at once: their words and tracks are in memory together. A night's shards hold as many.
_N_CALLS_AT_ONCE = 250


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "tables").mkdir(exist_ok=True)
    except OSError as error:
        raise WrongUse(
            str(path),
            Text(en="no store can be made here", zh="无法在此处创建存储目录"),
            Text(
                en="give --store a folder that this user may write to",
                zh="请将 --store 设为当前用户可写的目录",
            ),
            got=error.strerror,
        ) from error


class Store:
    """An open store; `ledger` is its SQL side. Open one with `Store.open`."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path = path
        self.ledger = ledger

    @classmethod
    def open(cls, path: Path, *, create: bool = False, database_url: str | None = None) -> "Store":
        """Open the store in folder `path`; with `create`, make it where there is none.

        Raises WrongUse where there is no store, none can be made, or a newer version of the program
        made it.
        """
        if create:
            _make_folder(path)
        elif not (path / "tables").is_dir():
            raise WrongUse(
                str(path),
                Text(en="there is no store here", zh="此处没有存储目录"),
                Text(
                    en="check the path, or make one: qa run SOURCE --manifest M --store S",
                    zh="请检查路径，或先创建：qa run SOURCE --manifest M --store S",
                ),
            )
        return cls(path, Ledger.open(path, database_url))

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def redaction_key(self) -> bytes:
        """Return the key that masked numbers are hashed with, made on first use (32 bytes)."""
        return redaction_key(self.path, create=not self.ledger.files())

    def writing(
        self, kind: str, zone: ZoneInfo, pipeline_version: str
    ) -> AbstractContextManager[Writer]:
        """Hold the store for one run; see `store.writing.writing`."""
        return writing(self.path, self.ledger, kind, zone, pipeline_version)

    def keep_scorecards(self, cards: Iterable[LoadedScorecard]) -> None:
        """Keep the bytes of scorecards that are about to judge, so that a version can be read."""
        keep_cards(self.path, cards)

    def scorecard(self, scorecard_id: str, version: int) -> LoadedScorecard:
        """Return a scorecard version as it judged here.

        Raises WrongUse for one that never did or whose bytes were not kept, DocumentRefused where
        this version of the program refuses it.
        """
        return kept_card(self.path, self.ledger.scorecards(), scorecard_id, version)

    def read(
        self, table: Table, period: str | None = None, *, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Return the current rows of a table, of one period "YYYY-MM" or of all, oldest first.

        `calls` are the newest row of each call; `evaluations`, `verdicts` and `findings` the newest
        of each call and scorecard; `failures` those that no later success has settled. Only
        `columns` are read if given: words and tracks are most of `calls`.
        """
        match table:
            case "calls":
                return self._rows(table, self.ledger.current(MEASURE, period), period, columns)
            case "failures":
                return self._rows(table, self.ledger.failed(period), period, columns)
            case _:
                return self._rows(table, self.ledger.current(JUDGE, period), period, columns)

    def scan(self, table: Table, period: str) -> pl.LazyFrame:
        """Return the current rows of a period as `read` does, in no order, as a lazy frame."""
        return scan(self.path, self.ledger, table, period)

    def call(self, call_id: str) -> Call:
        """Return a call as it was measured last. Raises WrongUse for an id not in the store."""
        for stored in self.calls((call_id,)):
            return stored.call
        raise WrongUse(
            str(self.path),
            Text(en="the store holds no such call", zh="存储中没有该通话"),
            Text(
                en="check the call id: it is the manifest's call_id, else the first 16 hexadecimal "
                "digits of the recording's SHA-256",
                zh="请检查通话编号：为清单中的 call_id，缺省为录音 SHA-256 的前 16 位十六进制数",
            ),
            got=call_id,
        )

    def calls(self, call_ids: Iterable[str]) -> Iterator[StoredCall]:
        """Yield those of `call_ids` that the store holds, each as it was measured last."""
        known = self.ledger.work_of(call_ids)
        yield from self.measured(
            w for rows in known.values() for w in rows if w.stage == MEASURE and w.state == "done"
        )

    def measured(self, work: Iterable[WorkRow]) -> Iterator[StoredCall]:
        """Yield the calls that these rows of the ledger's `measure` stage stand for."""
        by_shard = sorted(work, key=lambda w: w.shard)
        for i in range(0, len(by_shard), _N_CALLS_AT_ONCE):
            yield from stored_calls(self._rows("calls", by_shard[i : i + _N_CALLS_AT_ONCE]))

    def facts(self, work: Sequence[WorkRow]) -> Iterator[CallFacts]:
        """Yield what is known of these calls without reading their words."""
        yield from call_facts(self._rows("calls", work, columns=FACT_COLUMNS))

    def outcomes(self, work: Sequence[WorkRow]) -> dict[str, dict[str, Outcome]]:
        """Return the outcome of each criterion of each call that these rows of `judge` stand for.

        All of them must be of one scorecard.
        """
        found: dict[str, dict[str, Outcome]] = {}
        columns = ("call_id", "criterion", "outcome")
        for call_id, criterion, outcome in self._rows(
            "verdicts", work, columns=columns
        ).iter_rows():
            found.setdefault(call_id, {})[criterion] = outcome
        return found

    def evaluations_of(self, call_id: str) -> tuple[Evaluation, ...]:
        """Return the newest evaluation of the call under each scorecard, by scorecard id."""
        work = [
            w
            for w in self.ledger.work_of((call_id,)).get(call_id, ())
            if w.stage.startswith(f"{JUDGE}/") and w.state == "done"
        ]
        tables: tuple[Table, ...] = ("evaluations", "verdicts", "findings")
        evaluations, verdicts, findings = (self._rows(t, work).to_dicts() for t in tables)
        return tuple(
            evaluation_of(
                row,
                (v for v in verdicts if v["scorecard_id"] == row["scorecard_id"]),
                (f for f in findings if f["scorecard_id"] == row["scorecard_id"]),
            )
            for row in sorted(evaluations, key=lambda row: str(row["scorecard_id"]))
        )

    def _rows(
        self,
        table: Table,
        work: Sequence[WorkRow],
        period: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Return the rows that `work` stands for, in the order of writing."""
        shards = {w.shard for w in work}
        paths = [
            self.path / file.path
            for file in self.ledger.files(table, period)
            if file.shard in shards
        ]
        if not paths:
            return empty(table).select(pl.all() if columns is None else columns)
        wanted: dict[str, list[str]] = {
            "call_id": [w.call_id for w in work],
            "shard": [w.shard for w in work],
        }
        if table in ("evaluations", "verdicts", "findings"):
            wanted["scorecard_id"] = [w.stage.removeprefix(f"{JUDGE}/") for w in work]
        read = (
            pl.scan_parquet(
                paths,
                glob=False,
                hive_partitioning=False,
                schema=SCHEMAS[table],
                missing_columns="insert",  # null: what an older version did not measure
            )
            .select(pl.all() if columns is None else list(dict.fromkeys((*columns, *wanted))))
            .collect()
        )
        kept = _only(read, pl.DataFrame(wanted).unique())
        return kept if columns is None else kept.select(columns)


def _only(read: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the `wanted` keys, in their order.

    Of a night's shard mostly all rows are wanted: words and tracks are then not copied.
    """
    keys = read.select(wanted.columns).with_row_index("row")
    rows = keys.join(wanted, on=wanted.columns, how="semi", maintain_order="left")["row"]
    return read if len(rows) == read.height else read[rows]
