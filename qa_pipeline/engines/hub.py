"""The model hub, as little of it as fetching needs: the only module that opens a connection.

`HF_ENDPOINT` names a mirror; `HF_TOKEN` is for sources whose conditions must be accepted first.
"""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import Any

from qa_pipeline.engines.offline import go_offline
from qa_pipeline.errors import EngineMissing
from qa_pipeline.texts import Text

#: Told how many bytes of the file are on the disk.
OnPosition = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository; `sha256` is what the hub says of a large file, else None."""

    path: str
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a repository at one commit."""

    commit: str
    files: tuple[HubFile, ...]


@contextmanager
def online() -> Iterator[None]:
    """Lift the offline switch for as long as it takes; telemetry stays off."""
    go_offline()
    from huggingface_hub import constants, file_download  # noqa: F401 - it sets its log level

    was, said = constants.HF_HUB_OFFLINE, os.environ["HF_HUB_OFFLINE"]
    constants.HF_HUB_OFFLINE, os.environ["HF_HUB_OFFLINE"] = False, "0"
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it retries aloud, in English
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE, os.environ["HF_HUB_OFFLINE"] = was, said


def listing(repository: str, revision: str | None) -> Listing:
    """Return a repository's files at `revision`, or as they are now for None.

    Raises
    ------
    EngineMissing
        The hub cannot be reached, refuses, or has no such repository or revision.
    """
    from huggingface_hub import HfApi

    with _translated(repository):
        api = HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
        found = api.model_info(repository, revision=revision, files_metadata=True)
        files = tuple(_file(sibling) for sibling in found.siblings or ())
        return Listing(str(found.sha), files)


def _file(sibling: Any) -> HubFile:
    lfs = sibling.lfs
    return HubFile(sibling.rfilename, int(sibling.size or 0), None if lfs is None else lfs.sha256)


def download(
    repository: str, commit: str, file: str, part: Path, size: int, on_position: OnPosition
) -> None:
    """Write one file to `part`, going on where an earlier try left off; raises as `listing`."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    part.parent.mkdir(parents=True, exist_ok=True)
    if part.is_file() and part.stat().st_size > size:
        part.unlink()
    url = hf_hub_url(repository, file, revision=commit, endpoint=os.environ.get("HF_ENDPOINT"))
    with _translated(repository), _Watched(part, on_position) as written:
        http_get(
            url,
            written,
            resume_size=written.tell(),
            headers=build_hf_headers(),
            expected_size=size,
        )


class _Watched(BufferedWriter):
    """A file written to at its end that tells how far it is."""

    def __init__(self, path: Path, on_position: OnPosition) -> None:
        super().__init__(FileIO(path, "ab"))
        self._on_position = on_position
        on_position(self.tell())

    def write(self, block: Any, /) -> int:
        written = super().write(block)
        self._on_position(self.tell())
        return written


@contextmanager
def _translated(repository: str) -> Iterator[None]:
    """Say in our words what went wrong between here and the hub."""
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    try:
        yield
    except HfHubHTTPError as fault:
        status = fault.response.status_code
        if status in (401, 403) or isinstance(fault, RepositoryNotFoundError):
            raise _refused(repository) from fault
        raise (
            _gone(repository) if status == 404 else _unreachable(repository, f"HTTP {status}")
        ) from fault
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise _full(repository) from fault
        raise _unreachable(repository, type(fault).__name__) from fault
    except Exception as fault:  # the client raises its transport's errors, whatever it is
        raise _unreachable(repository, type(fault).__name__) from fault


def _unreachable(repository: str, got: str) -> EngineMissing:
    what = Text(en="the model hub cannot be reached from here", zh="此处无法访问模型仓库")
    fix = Text(
        en="run the same command on a machine that has a network and carry the model's directory "
        "here (then `qa models verify`); a mirror is named by HF_ENDPOINT; what was fetched so far "
        "is kept",
        zh="请在联网机器上运行同一命令，再把模型目录拷贝到此处（然后运行 `qa models verify`）；"
        "镜像用 HF_ENDPOINT 指定；已下载的部分会保留",
    )
    return EngineMissing(repository, what, fix, got=got)


def _refused(repository: str) -> EngineMissing:
    what = Text(
        en="the source refuses: there is no such repository, or its conditions must be accepted",
        zh="来源拒绝访问：没有该仓库，或须先接受其使用条件",
    )
    fix = Text(
        en="check the name; accept the conditions on its page with an account, then run again with "
        "HF_TOKEN set to a read token of that account",
        zh="请检查名称；用账号在其页面接受条件，再将 HF_TOKEN 设为该账号的只读令牌后重试",
    )
    return EngineMissing(repository, what, fix)


def _gone(repository: str) -> EngineMissing:
    what = Text(en="the source no longer has this revision or file", zh="来源已没有该版本或文件")
    fix = Text(
        en="fetch it by its repository with --revision COMMIT, and check what changed",
        zh="请用仓库名加 --revision 提交号 下载，并核对变化",
    )
    return EngineMissing(repository, what, fix)


def _full(repository: str) -> EngineMissing:
    what = Text(en="the disk is full", zh="磁盘已满")
    fix = Text(en="free some space and run again: it goes on", zh="请清理空间后重试：会接着下载")
    return EngineMissing(repository, what, fix)
