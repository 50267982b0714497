"""What `qa doctor` looks at: each check answers with a state, what it saw and perhaps a remedy.

Nothing is loaded that needs seconds: versions come from package metadata.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from qa_pipeline.cli.console import interface_language
from qa_pipeline.errors import QaError
from qa_pipeline.settings import Settings
from qa_pipeline.texts import Text

State = Literal["ok", "warn", "fail"]
_GIB = 1 << 30
#: Source: SQLite release notes, "WAL-reset bug", 3.7.0 to 3.51.2.
_WAL_BUG = ((3, 7, 0), (3, 51, 2))


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor."""

    name: str
    state: State
    got: str
    remedy: Text | None = None


def examine(settings: Settings) -> tuple[Check, ...]:
    """Return every check, in the order in which they are told."""
    looks: tuple[Callable[[], Check | Iterator[Check]], ...] = (
        _python,
        _packages,
        _decoders,
        _sqlite,
        lambda: _model(settings),
        lambda: _diariser(settings),
        _gpu,
        _fonts,
        _disk,
        _telemetry,
        _terminal,
    )
    found: list[Check] = []
    for look in looks:
        seen = look()
        found.extend((seen,) if isinstance(seen, Check) else seen)
    return tuple(found)


def _python() -> Check:
    got = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info[:2] < (3, 13):
        return Check("python", "ok", got)
    remedy = Text(en="use Python 3.11 or 3.12", zh="请使用 Python 3.11 或 3.12")
    return Check("python", "fail", got, remedy)


def _packages() -> Iterator[Check]:
    """Compare what is installed with what the project asks for; extras only where installed."""
    for line in requires("qa-pipeline") or ():
        asked = Requirement(line)
        if asked.marker is not None:
            continue
        try:
            got = version(asked.name)
        except PackageNotFoundError:
            got = "-"
        if got != "-" and asked.specifier.contains(got, prereleases=True):
            yield Check(asked.name, "ok", got)
            continue
        remedy = Text(
            en=f"pip install '{asked.name}{asked.specifier}'",
            zh=f"pip install '{asked.name}{asked.specifier}'",
        )
        yield Check(asked.name, "fail" if got == "-" else "warn", got, remedy)


def _decoders() -> Iterator[Check]:
    try:
        import soundfile

        yield Check("libsndfile", "ok", soundfile.__libsndfile_version__)
        import av

        codec = av.library_versions["libavcodec"]
        yield Check("ffmpeg (PyAV)", "ok", "libavcodec " + ".".join(str(part) for part in codec))
    except (ImportError, OSError) as fault:
        remedy = Text(
            en="pip install --force-reinstall soundfile av",
            zh="pip install --force-reinstall soundfile av",
        )
        yield Check("decoders", "fail", type(fault).__name__, remedy)


def _sqlite() -> Check:
    got = sqlite3.sqlite_version
    if _WAL_BUG[0] <= sqlite3.sqlite_version_info <= _WAL_BUG[1]:
        remedy = Text(
            en="this version can lose a commit when two processes write (WAL-reset bug, fixed in "
            "3.51.3); the store writes from one process, keep other writers away from its database",
            zh="该版本在两个进程同时写入时可能丢失提交（WAL 重置缺陷，3.51.3 修复）；本系统只用"
            "一个进程写入，请勿让其他程序写同一数据库",
        )
        return Check("sqlite", "warn", got, remedy)
    return Check("sqlite", "ok", got)


def _model(settings: Settings) -> Check:
    from qa_pipeline.engines.models import find_whisper

    try:
        model = find_whisper(settings.recognition.model)
    except QaError as error:
        return Check("model", "fail", _said(error), error.fix)
    got = f"{model.label} ({model.path})"
    if not model.manifest.demo:
        return Check("model", "ok", got)
    remedy = Text(
        en="this is the demo model: it knows the synthetic voices of the demo only and invents "
        "fluent sentences on real speech; give a real one with --model or recognition.model",
        zh="这是演示模型：只认识演示用的合成语音，在真实语音上会编造通顺的句子；"
        "请用 --model 或 recognition.model 指定真实模型",
    )
    return Check("model", "warn", got, remedy)


def _said(error: QaError) -> str:
    got = "" if error.got is None else f" ({error.got})"
    return f"{error.where}: {error.what.say(interface_language())}{got}"


def _diariser(settings: Settings) -> Iterator[Check]:
    installed = _versions("torch", "torchaudio", "torchcodec", "pyannote.audio")
    got = ", ".join(f"{name} {number}" for name, number in installed.items() if number) or "-"
    wanted = settings.diarisation.pipeline
    if not installed["pyannote.audio"]:
        remedy = Text(
            en="mono recordings are not diarised; pip install 'qa-pipeline[diarisation]' and set "
            "diarisation.pipeline",
            zh="单声道录音不做说话人分离；如需请 pip install 'qa-pipeline[diarisation]' "
            "并设置 diarisation.pipeline",
        )
        yield Check("diarisation", "fail" if wanted else "ok", got, remedy)
        return
    yield Check("diarisation", "ok", got)
    yield from _torch_traps(installed)
    if wanted is not None and not (Path(wanted).expanduser() / "config.yaml").is_file():
        remedy = Text(
            en="diarisation.pipeline must be a directory with config.yaml",
            zh="diarisation.pipeline 须为含 config.yaml 的目录",
        )
        yield Check("diarisation.pipeline", "fail", wanted, remedy)


def _torch_traps(installed: dict[str, str]) -> Iterator[Check]:
    """Tell of wheels linked to CUDA beside a CPU build of torch."""
    is_cpu = "+cpu" in installed["torch"]
    if is_cpu and installed["torchaudio"] and "+cpu" not in installed["torchaudio"]:
        remedy = Text(
            en="this torchaudio is linked to CUDA; qa loads it without its compiled library, "
            "other programs in this environment cannot import it",
            zh="该 torchaudio 链接 CUDA；qa 会绕过其编译库加载，同一环境的其他程序无法导入",
        )
        yield Check("torchaudio", "warn", installed["torchaudio"], remedy)
    if is_cpu and _numbers(installed["torchcodec"]) >= (0, 14):
        remedy = Text(
            en="torchcodec from 0.14 on is linked to CUDA: pip install torchcodec==0.13.0 (qa "
            "itself hands pyannote decoded audio and does without it)",
            zh="torchcodec 0.14 起链接 CUDA：pip install torchcodec==0.13.0（qa 自身不依赖它解码）",
        )
        yield Check("torchcodec", "warn", installed["torchcodec"], remedy)


def _versions(*names: str) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _numbers(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("+")[0].split(".") if part.isdigit())


def _gpu() -> Check:
    try:
        import ctranslate2

        n_devices = ctranslate2.get_cuda_device_count()
    except (ImportError, OSError, RuntimeError):
        n_devices = 0
    if n_devices:
        return Check("gpu", "ok", f"{n_devices} CUDA")
    remedy = Text(
        en="none seen: recognition runs on the CPU (recognition.device: cpu)",
        zh="未发现 GPU：识别在 CPU 上运行（recognition.device: cpu）",
    )
    return Check("gpu", "ok", "-", remedy)


def _fonts() -> Check:
    lister = shutil.which("fc-list")
    if lister is None:
        remedy = Text(
            en="fc-list is missing, so fonts could not be looked up: apt-get install fontconfig",
            zh="缺少 fc-list，无法检查字体：apt-get install fontconfig",
        )
        return Check("chinese fonts", "warn", "-", remedy)
    listed = subprocess.run(
        [lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=False
    ).stdout.splitlines()
    families = sorted({line.split(",")[0].strip() for line in listed if line.strip()})
    if families:
        return Check("chinese fonts", "ok", ", ".join(families[:3]))
    remedy = Text(
        en="Chinese shows as boxes in pictures of reports: apt-get install fonts-noto-cjk",
        zh="报告图片中的中文会显示为方框：apt-get install fonts-noto-cjk",
    )
    return Check("chinese fonts", "warn", "-", remedy)


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free
    got = f"{free / _GIB:.1f} GiB"
    remedy = Text(en="free some space before the night", zh="请在夜间任务前清理磁盘空间")
    if free < _GIB:
        return Check("free disk", "fail", got, remedy)
    return (
        Check("free disk", "warn", got, remedy)
        if free < 5 * _GIB
        else Check("free disk", "ok", got)
    )


def _telemetry() -> Check:
    from qa_pipeline.engines.offline import go_offline

    asked_for = {
        name: os.environ[name]
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
        if os.environ.get(name, "1").lower() in ("0", "false", "no", "off", "")
    }
    go_offline()
    if asked_for:
        got = ", ".join(f"{name}={value}" for name, value in asked_for.items())
        remedy = Text(
            en="unset it: engines must not ask a hub during a night",
            zh="请取消该变量：夜间任务中引擎不应访问模型仓库",
        )
        return Check("telemetry", "warn", got, remedy)
    return Check("telemetry", "ok", "off")


def _terminal() -> Check:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding == "utf8":
        return Check("terminal", "ok", "UTF-8")
    remedy = Text(en="set LANG=C.UTF-8", zh="请设置 LANG=C.UTF-8")
    return Check("terminal", "warn", encoding or "-", remedy)
