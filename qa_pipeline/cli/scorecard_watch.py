"""`qa scorecard check --watch`: check again whenever one of the files is saved."""

from collections.abc import Callable, Sequence
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
    one, and a watch on the old one would see nothing more. Raises WrongUse where a folder is not
    there.
    """
    from watchfiles import watch

    wanted = {file.absolute() for file in files}
    folders = {file.parent for file in wanted}
    for folder in folders:
        if not folder.is_dir():
            raise WrongUse(
                str(folder),
                Text(en="there is no such folder to watch", zh="没有可监视的该文件夹"),
                Text(en="check the path", zh="请检查路径"),
            )
    changes = watch(
        *folders,
        watch_filter=lambda _, path: Path(path) in wanted,
        debounce=_SETTLE_MS,
        step=50,
        recursive=False,
        rust_timeout=_IDLE_MS,
        yield_on_timeout=True,
    )
    is_first = True
    try:
        # The first time comes without a change, once the watch stands: no save falls between.
        for saved in changes:
            if saved or is_first:
                _fresh(check, len(wanted))
                is_first = False
    except KeyboardInterrupt:
        return


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
