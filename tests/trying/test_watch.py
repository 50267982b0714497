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


def test_other_files_of_the_folder_are_nobodys_business(watched: Watched, file: Path) -> None:
    file.with_name("other.yaml").write_text(BROKEN, "utf-8")
    assert watched.says_nothing_for(2.0)
    assert watched.end() == 0
