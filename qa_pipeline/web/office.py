"""What every page works with: the store, its people, the scorecards, and calls kept at hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from threading import BoundedSemaphore

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.errors import QaError
from qa_pipeline.pipeline.month import month_figures
from qa_pipeline.records import Call, Evaluation
from qa_pipeline.render.titles import Titles
from qa_pipeline.scorecard.load import LoadedScorecard, load_directory
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from qa_pipeline.store.review.accounts import EVERY_GROUP, Accounts
from qa_pipeline.store.review.calibrations import Calibrations
from qa_pipeline.store.review.decisions import Decisions
from qa_pipeline.store.review.marks import Marks
from qa_pipeline.store.review.queue import Queue, Wanted
from qa_pipeline.store.review.sessions import Sessions
from qa_pipeline.store.review.submitting import Reviews
from qa_pipeline.store.work import JUDGE, MEASURE, PLAYBACK, WorkRow
from qa_pipeline.web.previewing import Previews
from qa_pipeline.web.shelf import Lately, Shelf

#: Passwords hashed at once: each takes 32 MiB and a tenth of a second.
_N_HASHING = 4
_GROUPS_S = 60.0


@dataclass(frozen=True, slots=True)
class Proxy:
    """A reverse proxy that has logged people in: the header it sets, and where it may come from."""

    header: str
    networks: tuple[IPv4Network | IPv6Network, ...]

    def trusts(self, address: str) -> bool:
        """Return whether a request from this address may name its user."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Case:
    """A call as a page shows it: measured, judged, and whether it can be heard."""

    call: Call
    evaluations: tuple[Evaluation, ...]
    has_audio: bool

    @property
    def group(self) -> str | None:
        """The call's group."""
        group = self.call.metadata.get("group")
        return None if group in (None, "") else str(group)

    @property
    def agent_id(self) -> str | None:
        """The call's agent."""
        agent_id = self.call.metadata.get("agent_id")
        return None if agent_id in (None, "") else str(agent_id)


@dataclass(frozen=True, slots=True)
class _Standards:
    """The scorecards as read, and by which the directory's files are known again."""

    state: tuple[tuple[str, int, int], ...]
    cards: Mapping[tuple[str, int], LoadedScorecard]
    titles: Titles


@dataclass
class Office:
    """A store open for review. Its parts are made once; calls are kept while nothing changes."""

    store: Store
    settings: Settings
    scorecards: Path
    proxy: Proxy | None = None
    secure_cookies: bool = False
    hashing: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_N_HASHING))
    plays: Lately[tuple[str, str]] = field(default_factory=lambda: Lately(10_000))
    _kept: Shelf[tuple[str, int], LoadedScorecard] = field(default_factory=lambda: Shelf(24))
    _months: Shelf[tuple[str, int, int], Month] = field(default_factory=lambda: Shelf(3))
    _shelf: Shelf[str, tuple[tuple[WorkRow, ...], Case]] = field(default_factory=lambda: Shelf(24))

    def __post_init__(self) -> None:
        database = self.store.ledger.database
        self.database = database
        self._groups: tuple[str, ...] | None = None
        self._read: _Standards | None = None
        self.previews = Previews()
        self.accounts = Accounts(database)
        self.sessions = Sessions(database)
        self.queue = Queue(database)
        self.marks = Marks(database)
        self.reviews = Reviews(database)
        self.decisions = Decisions(database)
        self.calibrations = Calibrations(database)

    @property
    def today(self) -> date:
        """The centre's local date."""
        return datetime.now(self.settings.zone).date()

    @property
    def midnight(self) -> datetime:
        """When the centre's day began."""
        return datetime.combine(self.today, datetime.min.time(), self.settings.zone).astimezone(UTC)

    @property
    def cards(self) -> Mapping[tuple[str, int], LoadedScorecard]:
        """The scorecards of the directory by id and version; none where it cannot be read."""
        return self._standards().cards

    @property
    def titles(self) -> Titles:
        """Titles of criteria and classes."""
        return self._standards().titles

    def _standards(self) -> _Standards:
        """Read the directory, again when a file of it changed: leads publish by files."""
        state = _state_of(self.scorecards)
        if self._read is None or self._read.state != state:
            try:
                loaded = load_directory(self.scorecards)
            except QaError:
                loaded = ()
            by_version = {(c.scorecard.scorecard, c.scorecard.version): c for c in loaded}
            self._read = _Standards(state, by_version, Titles.of(loaded))
        return self._read

    def groups(self) -> tuple[str, ...]:
        """Return the groups that assignments are of; asked of the ledger once a minute."""
        if self._groups is None or self.plays.is_new(("", "groups"), _GROUPS_S):
            self._groups = self.queue.groups()
        return self._groups

    def card(self, evaluation: Evaluation) -> Scorecard | None:
        """Return the scorecard that judged: its file's, else the store's, None where neither is."""
        version = evaluation.scorecard_id, evaluation.scorecard_version
        loaded = self.cards.get(version)
        if loaded is None or loaded.sha256 != evaluation.scorecard_sha256:
            loaded = self._kept.get(version)
        if loaded is None:
            try:
                loaded = self.store.scorecard(*version)
            except QaError:
                return None
            self._kept.put(version, loaded)
        return loaded.scorecard

    def case(self, call_id: str) -> Case | None:
        """Return a call as it stands now, None where the store does not hold it."""
        work = tuple(
            w
            for w in self.store.ledger.work_of((call_id,)).get(call_id, ())
            if w.state == "done" and w.stage.partition("/")[0] in (MEASURE, JUDGE, PLAYBACK)
        )
        kept = self._shelf.get(call_id)
        if kept is not None and kept[0] == work:
            return kept[1]
        stored = next(iter(self.store.calls((call_id,))), None)
        if stored is None:
            return None
        has_audio = any(w.stage == PLAYBACK for w in work)
        case = Case(stored.call, self.store.evaluations_of(call_id), has_audio)
        self._shelf.put(call_id, (work, case))
        return case

    def month(self, period: str) -> Month:
        """Return a month's figures, added up again when files or reviews came in since."""
        n_files = len(self.store.ledger.files())
        key = (period, n_files, self.reviews.last_id())
        kept = self._months.get(key)
        if kept is None:
            kept = month_figures(self.store, period)
            self._months.put(key, kept)
        return kept

    def warm_up(self) -> None:
        """Read a call that waits, so that the first page does not pay for loading the readers."""
        waiting = self.queue.page("", {EVERY_GROUP}, Wanted("all", per_page=1), self.today)
        for row in waiting.rows:
            self.case(row.call_id)

    def labels(self, call_ids: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
        """Return (group, agent) of those of the calls that the store holds."""
        known = self.store.ledger.work_of(call_ids)
        periods = {w.period for rows in known.values() for w in rows if w.stage == MEASURE}
        found: dict[str, tuple[str | None, str | None]] = {}
        for period in sorted(periods):
            rows = self.store.read("calls", period, columns=("call_id", "group", "agent_id"))
            for call_id, group, agent_id in rows.iter_rows():
                if call_id in known:
                    found[call_id] = group, agent_id
        return found


def _state_of(directory: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of change of the directory's files."""
    try:
        found = [(path.name, path.stat()) for path in directory.glob("*.y*ml")]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found))
