"""Installed packages against what the project asks for, and the pins whose reason is a trap."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from qa_pipeline.cli.doctor_checks.check import Check, installed
from qa_pipeline.texts import Text

#: Newer ones install without a complaint and break silently. Measured with Prefect 3.8.8.
_TRAPS = {
    "sqlalchemy": (
        "<2.1",
        Text(
            en="from 2.1 on Prefect's scheduler dies without a word: no night starts",
            zh="2.1 起 Prefect 的调度器会无声停止：夜间任务不再启动",
        ),
    ),
    "fastapi": (
        "<0.151",
        Text(
            en="from 0.151 on Prefect's server fails at the first flow run",
            zh="0.151 起 Prefect 服务在首次运行流程时即失败",
        ),
    ),
}


def requirements() -> Iterator[Check]:
    """Compare what is installed with what the project needs; extras have checks of their own."""
    try:
        lines = requires("qa-pipeline") or ()
    except PackageNotFoundError:
        remedy = Text(
            en="run from a folder and not installed, so its packages cannot be compared with what "
            "it asks for: pip install -e .",
            zh="未安装，仅从文件夹运行，无法核对所需的包：pip install -e .",
        )
        yield Check("qa-pipeline", "warn", "-", remedy)
        lines = [f"{name}{specifier}" for name, (specifier, _) in _TRAPS.items()]
    for line in lines:
        asked = Requirement(line)
        if asked.marker is None:
            yield _compared(asked.name, asked.specifier)


def _compared(name: str, specifier: SpecifierSet) -> Check:
    got = installed(name)
    trap = _TRAPS.get(name)
    wanted = specifier if trap is None else specifier & SpecifierSet(trap[0])
    if got and wanted.contains(got, prereleases=True):
        return Check(name, "ok", got)
    command = f"pip install '{name}{wanted}'"
    remedy = Text(en=command, zh=command)
    if got and trap is not None and not SpecifierSet(trap[0]).contains(got, prereleases=True):
        remedy = Text(en=f"{trap[1].en}; {command}", zh=f"{trap[1].zh}；{command}")
    return Check(name, "warn" if got else "fail", got or "-", remedy)
