"""`qa scorecard check --watch` sees a save, whichever way the editor does it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from qa_pipeline.cli.scorecard_watch import watching
from qa_pipeline.errors import WrongUse
from tests.conftest import ROOT
from tests.scorecard.cards import CARD, edited

pytestmark = pytest.mark.slow

BROKEN = edited(("min_s: 8", "mins: 8"))
_LONG_S = 60.0


class Watched:
    """A `qa scorecard check --watch` under way, and what it says line by line."""

    def __init__(self, *files: Path) -> None:
        code = "from qa_pipeline.cli.main import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "scorecard", "check", "--watch", *map(str, files)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
            env={**os.environ, "QA_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def until_watching(self) -> list[str]:
        """Return the lines of one check, the one that says that it waits left out."""
        lines: list[str] = []
        end_s = time.monotonic() + _LONG_S
        while time.monotonic() < end_s:
            try:
                line = self._lines.get(timeout=1)
            except Empty:
                continue
            if "watching" in line:
                return lines
            lines.append(line)
        raise AssertionError(f"no check within {_LONG_S} s: {lines}")

    def until(self, part: str) -> None:
        """Wait for a line with these words."""
        end_s = time.monotonic() + _LONG_S
        while time.monotonic() < end_s:
            try:
                if part in self._lines.get(timeout=1):
                    return
            except Empty:
                continue
        raise AssertionError(f"{part!r} was not said within {_LONG_S} s")

    def says_nothing_for(self, seconds: float) -> bool:
        """Return whether no line comes."""
        try:
            self._lines.get(timeout=seconds)
        except Empty:
            return True
        return False

    def end(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_LONG_S)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "card.yaml").write_text(CARD, "utf-8")
    return tmp_path / "card.yaml"


@pytest.fixture
def watched(file: Path) -> Iterator[Watched]:
    yield from watch(file)


def watch(file: Path) -> Iterator[Watched]:
    started = Watched(file)
    try:
        assert started.until_watching() == [f"{file}: 3 criteria, 0 of 0 examples hold"]
        yield started
    finally:
        started.process.kill()
        started.process.wait()
        assert started.process.stdout is not None
        started.process.stdout.close()


def in_place(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def by_renaming(file: Path, text: str) -> None:
    """As vim and most others: a new file takes the old one's name."""
    beside = file.with_name(".card.yaml.swp")
    beside.write_text(text, "utf-8")
    beside.replace(file)


def with_a_backup(file: Path, text: str) -> None:
    """As vim with `backupcopy=no`: the old file moves away, then a new one is written."""
    file.replace(file.with_name("card.yaml~"))
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("save", [in_place, by_renaming, with_a_backup])
def test_every_save_is_checked(
    watched: Watched, file: Path, save: Callable[[Path, str], None]
) -> None:
    save(file, BROKEN)
    said = watched.until_watching()
    assert said[0].startswith(f"{file}:12:")
    assert "fix: did you mean min_s?" in said
    save(file, CARD)
    assert watched.until_watching() == [f"{file}: 3 criteria, 0 of 0 examples hold"]
    assert watched.end() == 0


@pytest.fixture
def link(file: Path, tmp_path: Path) -> Path:
    """Return a link to a link, each in a folder of its own, to the file."""
    for name in ("middle", "links"):
        (tmp_path / name).mkdir()
    (tmp_path / "middle" / "card.yaml").symlink_to(Path("..") / file.name)
    (tmp_path / "links" / "mine.yaml").symlink_to(tmp_path / "middle" / "card.yaml")
    return tmp_path / "links" / "mine.yaml"


@pytest.fixture
def watched_link(link: Path) -> Iterator[Watched]:
    yield from watch(link)


@pytest.mark.parametrize("save", [in_place, by_renaming])
def test_a_save_of_the_file_behind_a_link_is_checked(
    watched_link: Watched, link: Path, file: Path, save: Callable[[Path, str], None]
) -> None:
    save(file, BROKEN)
    assert watched_link.until_watching()[0].startswith(f"{link}:12:")
    save(file, CARD)
    assert watched_link.until_watching() == [f"{link}: 3 criteria, 0 of 0 examples hold"]


def test_a_link_that_leads_elsewhere_is_followed(
    watched_link: Watched, link: Path, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    other = tmp_path / "new" / "other.yaml"
    other.write_text(BROKEN, "utf-8")
    beside = link.with_name("beside")
    beside.symlink_to(other)
    beside.replace(link)
    assert watched_link.until_watching()[0].startswith(f"{link}:12:")
    other.write_text(CARD, "utf-8")
    assert watched_link.until_watching() == [f"{link}: 3 criteria, 0 of 0 examples hold"]


@pytest.mark.parametrize("pause_s", [0.0, 1.0], ids=["at-once", "later"])
def test_a_folder_made_anew_is_watched_again(tmp_path: Path, pause_s: float) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    file = folder / "card.yaml"
    file.write_text(CARD, "utf-8")
    for watched in watch(file):
        folder.rename(tmp_path / "cards.old")
        if pause_s:
            watched.until(f"{folder} is gone: waiting for it")
        time.sleep(pause_s)
        folder.mkdir()
        file.write_text(CARD, "utf-8")
        watched.until("1 file")
        time.sleep(1.0)  # the check may have come before the file was written
        file.write_text(BROKEN, "utf-8")
        watched.until(f"{file}:12:")
        assert watched.end() == 0


def test_other_files_of_the_folder_are_nobodys_business(watched: Watched, file: Path) -> None:
    file.with_name("other.yaml").write_text(BROKEN, "utf-8")
    assert watched.says_nothing_for(2.0)
    assert watched.end() == 0


def test_a_folder_that_is_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(WrongUse, match="no such folder"):
        watching([tmp_path / "a" / "card.yaml"], lambda: 0)
