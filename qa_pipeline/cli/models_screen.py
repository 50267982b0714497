"""What `qa models` shows: the table of models, what verifying found, bars while it takes long."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.cli.console import data, interface_language, words
from qa_pipeline.engines.fetching import OnFetch
from qa_pipeline.engines.models import Difference, ModelDirectory, OnBytes
from qa_pipeline.engines.verifying import Verified, can_load
from qa_pipeline.errors import QaError
from qa_pipeline.texts import Text

STATES = {
    "installed": Text(en="here", zh="已就绪"),
    "incomplete": Text(en="incomplete", zh="不完整"),
    "absent": Text(en="not here", zh="未下载"),
}
_TASKS = {
    "asr": Text(en="recogniser", zh="语音识别"),
    "diarisation": Text(en="speakers", zh="说话人分离"),
}
_DEMO = Text(en="demo only: ", zh="仅供演示：")
_FAULTS = {
    "missing": Text(en="missing", zh="缺失"),
    "size": Text(en="{got} bytes instead of {expected}", zh="{got} 字节，应为 {expected}"),
    "sha256": Text(en="sha256 {got} instead of {expected}", zh="sha256 为 {got}，应为 {expected}"),
}
_WELL = Text(en="{n} files as stated{loaded}", zh="{n} 个文件与清单一致{loaded}")
_UNPINNED = Text(en="no hashes stated{loaded}", zh="清单未列出哈希{loaded}")
_LOADED = Text(en=", loads and answers", zh="，可加载并应答")
_NOT_LOADED = Text(en=", not loaded", zh="，未加载")
_NO_LOADER = Text(
    en=", not loaded: pyannote.audio is not installed", zh="，未加载：未安装 pyannote.audio"
)


def show_models(models: tuple[ModelDirectory, ...]) -> None:
    """Print each model: its name and state, what it is, what it is for."""
    language = interface_language()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for model in models:
        about = model.manifest
        purpose = about.purpose.zh if language == "zh" else about.purpose.en
        facts = (
            _TASKS[about.task].say(language),
            megabytes(size_of(model)),
            " ".join(about.languages),
            about.licence,
            about.revision[:12],
        )
        left = f"{about.name}\n{STATES[model.state].say(language)}"
        demo = _DEMO.say(language) if about.demo else ""
        right = f"{' · '.join(fact for fact in facts if fact)}\n{demo}{purpose}\n"
        table.add_row(Line(left), Line(right))
    data().print(table)


def size_of(model: ModelDirectory) -> int:
    """Return the bytes of a model's files as stated, else as they lie there."""
    if model.manifest.sizes:
        return sum(model.manifest.sizes.values())
    paths = (model.path / name for name in model.content_files)
    return sum(path.stat().st_size for path in paths if path.is_file())


def megabytes(n_bytes: int) -> str:
    """Return a size for people: MB of a million bytes."""
    return f"{n_bytes / 1e6:,.1f} MB"


def model_as_data(model: ModelDirectory) -> dict[str, Any]:
    """Return a model for JSON."""
    described = model.manifest.model_dump(mode="json")
    return described | {"state": model.state, "path": str(model.path), "bytes": size_of(model)}


def show_verified(found: Verified) -> None:
    """Print what was found of one model: one line where it is well, else one a fault."""
    language, name = interface_language(), found.model.manifest.name
    for difference in found.differences:
        data().print(f"{name}/{difference.file}: {_said(difference)}", markup=False, soft_wrap=True)
    for fault in found.faults:
        data().print(fault.say(language), markup=False, soft_wrap=True)
    if found.is_well:
        without = _NOT_LOADED if can_load(found.model.manifest.task) else _NO_LOADER
        loaded = (_LOADED if found.was_loaded else without).say(language)
        n_files = len(found.model.manifest.files)
        well = (_WELL if n_files else _UNPINNED).say(language).format(n=n_files, loaded=loaded)
        data().print(f"{name}: {well}", markup=False)


def _said(difference: Difference) -> str:
    said = _FAULTS[difference.fault].say(interface_language())
    return said.format(got=difference.got[:16], expected=difference.expected[:16])


def verified_as_data(found: Verified) -> dict[str, Any]:
    """Return what was found of one model for JSON."""
    return {
        "ok": found.is_well,
        "state": found.model.state,
        "pinned": bool(found.model.manifest.files),
        "loaded": found.was_loaded,
        "differences": [
            {"file": d.file, "fault": d.fault, "expected": d.expected, "got": d.got}
            for d in found.differences
        ],
        "faults": [fault_as_data(fault) for fault in found.faults],
    }


def fault_as_data(fault: QaError) -> dict[str, Any]:
    """Return an error for JSON, in the reader's language."""
    language = interface_language()
    return {
        "where": fault.where,
        "what": fault.what.say(language),
        "got": fault.got,
        "fix": fault.fix.say(language),
    }


@contextmanager
def hashing(title: str, n_bytes: int) -> Iterator[OnBytes]:
    """Show how far the hashing of `n_bytes` is, with the time left, in a terminal only."""
    with _bars() as bars:
        task = bars.add_task(title, total=n_bytes)
        yield lambda n: bars.advance(task, n)


@contextmanager
def fetching() -> Iterator[OnFetch]:
    """Show one bar for what a fetch has still to bring, with the time left, in a terminal only.

    What was here before counts for nothing: it came in no time and would promise too much.
    """
    with _bars() as bars:
        task = bars.add_task("", total=None)
        here: dict[str, int] = {}
        at: dict[str, int] = {}

        def show(file: str, n_bytes: int, size: int, n_total: int) -> None:
            at[file] = min(n_bytes, size)
            here.setdefault(file, at[file])
            before = sum(here.values())
            brought = sum(at.values()) - before
            bars.update(task, description=file, total=n_total - before, completed=brought)

        yield show


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=words(),
        disable=not words().is_terminal,
    )
