"""What decodes sound here: our own decoders, and what pyannote brings along and trips over."""

import re
from collections.abc import Iterator
from ctypes.util import find_library

from qa_pipeline.cli.doctor_checks.check import Check, installed, numbers
from qa_pipeline.texts import Text, same

#: libavutil's number for FFmpeg 4 to 8, which torchcodec 0.13 was built for.
_AVUTIL = {56: 4, 57: 5, 58: 6, 59: 7, 60: 8}


def decoders() -> Iterator[Check]:
    """Tell of libsndfile and of the FFmpeg that PyAV brings."""
    try:
        import soundfile

        yield Check("libsndfile", "ok", soundfile.__libsndfile_version__)
        import av

        codec = av.library_versions["libavcodec"]
        yield Check("ffmpeg (PyAV)", "ok", "libavcodec " + ".".join(str(part) for part in codec))
    except (ImportError, OSError) as fault:
        remedy = same("pip install --force-reinstall soundfile av")
        yield Check("decoders", "fail", type(fault).__name__, remedy)


def torch_traps() -> Iterator[Check]:
    """Tell of wheels linked to CUDA beside a CPU build of torch, and of FFmpeg's libraries."""
    torchaudio, torchcodec = installed("torchaudio"), installed("torchcodec")
    is_cpu = installed("torch").endswith("+cpu")
    if is_cpu and torchaudio and "+cpu" not in torchaudio:
        remedy = Text(
            en="this torchaudio is linked to CUDA; qa loads it without its compiled library, other "
            "programs in this environment cannot import it",
            zh="该 torchaudio 链接 CUDA；qa 会绕过其编译库加载，同一环境的其他程序无法导入",
        )
        yield Check("torchaudio", "warn", torchaudio, remedy)
    if is_cpu and numbers(torchcodec) >= (0, 14):
        remedy = Text(
            en="torchcodec from 0.14 on is linked to CUDA: pip install torchcodec==0.13.0 (qa "
            "itself hands pyannote decoded audio and does without it)",
            zh="torchcodec 0.14 起链接 CUDA：pip install torchcodec==0.13.0（qa 自身不依赖它解码）",
        )
        yield Check("torchcodec", "warn", torchcodec, remedy)
    if torchcodec:
        yield from _ffmpeg()


def _ffmpeg() -> Iterator[Check]:
    found = find_library("avutil")
    major = int(number[1]) if found and (number := re.search(r"\.(\d+)$", found)) else None
    if found is None:
        remedy = Text(
            en="torchcodec finds no FFmpeg libraries: apt-get install ffmpeg (qa itself does "
            "without; training a diariser and other programs need them)",
            zh="torchcodec 找不到 FFmpeg 库：apt-get install ffmpeg"
            "（qa 自身不需要；训练说话人分离模型及其他程序需要）",
        )
        yield Check("ffmpeg libraries", "warn", "-", remedy)
    elif major is not None and major not in _AVUTIL:
        remedy = Text(
            en="torchcodec is built for FFmpeg 4 to 8: install one of these beside it",
            zh="torchcodec 只支持 FFmpeg 4 至 8：请安装其中之一",
        )
        yield Check("ffmpeg libraries", "warn", found, remedy)
