"""`qa scorecard check --watch`: check again whenever one of the files is saved."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa_pipeline.cli.console import data, tell, words
from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

#: Editors write a file in several steps within this time: one check is enough for them.
_SETTLE_MS = 250
#: How often the watch says that nothing happened.
_IDLE_MS = 200


def watching(files: Sequence[Path], check: Callable[[], int]) -> None:
    """Check now and after every save, clearing the terminal before; return at Ctrl-C.

    The folders are watched, not the files: most editors save by renaming a new file over the old
    one, and a watch on the old one would see nothing more. Of a symbolic link the folder of the
    real file is watched as well. Raises WrongUse where a folder is not there; one that goes later
    is waited for.
    """
    missing = _Places.of(files).missing
    if missing is not None:
        raise WrongUse(
            str(missing),
            Text(en="there is no such folder to watch", zh="没有可监视的该文件夹"),
            Text(en="check the path", zh="请检查路径"),
        )
    try:
        while True:
            for _ in _saves(files):
                _fresh(check, len(set(files)))
            _wait_for_folders(files)
    except KeyboardInterrupt:
        return


@dataclass(frozen=True, slots=True)
class _Places:
    """Where saves are seen: the files and what they link to, and the folders that hold these.

    A folder is told from one that took its name by its number on the disk, None where it is gone.
    """

    files: frozenset[Path]
    folders: frozenset[tuple[Path, tuple[int, int] | None]]

    @classmethod
    def of(cls, files: Sequence[Path]) -> "_Places":
        """Return where the files lie at this moment."""
        places = frozenset(place for file in files for place in _links(file))
        return cls(places, frozenset((p.parent, _number(p.parent)) for p in places))

    @property
    def missing(self) -> Path | None:
        """A folder that is not there."""
        return min((path for path, number in self.folders if number is None), default=None)


def _links(file: Path) -> Iterator[Path]:
    """Yield the file's own place, then those that it leads to by symbolic links."""
    seen: set[Path] = set()
    place = _in_real_folder(file)
    while place not in seen:
        seen.add(place)
        yield place
        with suppress(OSError):  # no link, or gone just now
            place = _in_real_folder(place.parent / os.readlink(place))


def _in_real_folder(path: Path) -> Path:
    """Return the path without links in its folder; one that leads in a circle is no folder."""
    return Path(os.path.realpath(path.absolute().parent)) / path.name


def _number(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if folder.is_dir() else None


def _saves(files: Sequence[Path]) -> Iterator[None]:
    """Yield at once and after every save, until the files lie elsewhere than at first.

    The first time comes once the watch stands: no save falls between.
    """
    from watchfiles import watch

    places, is_first = _Places.of(files), True
    if places.missing is not None:
        return
    changes = watch(
        *{path for path, _ in places.folders},
        watch_filter=lambda _, path: Path(path) in places.files,
        debounce=_SETTLE_MS,
        step=50,
        recursive=False,
        rust_timeout=_IDLE_MS,
        yield_on_timeout=True,
    )
    with suppress(FileNotFoundError):  # a folder went just now: the next watch waits for it
        for saved in changes:
            if _Places.of(files) != places:
                return
            if saved or is_first:
                yield
            is_first = False


def _wait_for_folders(files: Sequence[Path]) -> None:
    """Return once every folder is there, saying which one is waited for."""
    told = None
    while (missing := _Places.of(files).missing) is not None:
        if missing != told:
            tell(
                Text(
                    en=f"{missing} is gone: waiting for it, Ctrl-C ends",
                    zh=f"{missing} 已不存在：等待其重新出现，Ctrl-C 结束",
                )
            )
            told = missing
        time.sleep(_IDLE_MS / 1000)


def _fresh(check: Callable[[], int], n_files: int) -> None:
    for console in (data(), words()):
        if console.is_terminal:
            console.clear()
    check()
    at = datetime.now().astimezone().strftime("%H:%M:%S")
    tell(
        Text(
            en=f"{at}  watching {n_files} {'file' if n_files == 1 else 'files'}, Ctrl-C ends",
            zh=f"{at}  正在监视 {n_files} 个文件，Ctrl-C 结束",
        )
    )
