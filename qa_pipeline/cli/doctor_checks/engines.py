"""The recogniser and the diariser that the settings ask for, and the device that they run on."""

from collections.abc import Iterator

from qa_pipeline.cli.console import interface_language
from qa_pipeline.cli.doctor_checks.check import Check, installed
from qa_pipeline.cli.doctor_checks.sound import torch_traps
from qa_pipeline.errors import QaError
from qa_pipeline.settings import Settings
from qa_pipeline.texts import Text


def recogniser(settings: Settings) -> Check:
    """Look whether the recogniser is here and whole, and whether it is the demo's."""
    from qa_pipeline.engines.models import find_whisper, lacks_of, told

    try:
        model = find_whisper(settings.recognition.model)
        for lack in lacks_of(model.path, "asr"):
            raise told(model.path, lack)
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


def diariser(settings: Settings) -> Iterator[Check]:
    """Look whether mono calls can be told apart, and at the traps of what that needs."""
    names = ("torch", "torchaudio", "torchcodec", "pyannote.audio")
    got = ", ".join(f"{name} {installed(name)}" for name in names if installed(name)) or "-"
    wanted = settings.diarisation.pipeline
    if not installed("pyannote.audio"):
        remedy = Text(
            en="mono recordings are not diarised; pip install 'qa-pipeline[diarisation]' and set "
            "diarisation.pipeline",
            zh="单声道录音不做说话人分离；如需请 pip install 'qa-pipeline[diarisation]' "
            "并设置 diarisation.pipeline",
        )
        yield Check("diarisation", "fail" if wanted else "ok", got, remedy)
        return
    yield Check("diarisation", "ok", got)
    yield from torch_traps()
    if wanted is not None:
        yield _pipeline(wanted)


def _pipeline(wanted: str) -> Check:
    from qa_pipeline.engines.models import find_pipeline, lacks_of, told

    try:
        model = find_pipeline(wanted)
        for lack in lacks_of(model.path, "diarisation"):
            raise told(model.path, lack)
    except QaError as error:
        return Check("diarisation.pipeline", "fail", _said(error), error.fix)
    return Check("diarisation.pipeline", "ok", f"{model.label} ({model.path})")


def _said(error: QaError) -> str:
    got = "" if error.got is None else f" ({error.got})"
    return f"{error.where}: {error.what.say(interface_language())}{got}"


def gpu(settings: Settings) -> Check:
    """Look whether the device that the settings name is here, and whether one lies idle."""
    n_devices, device = _n_cuda_devices(), settings.recognition.device
    if device == "cuda" and n_devices == 0:
        remedy = Text(
            en="recognition.device is cuda and none is seen: check the driver (nvidia-smi), or set "
            "device: cpu and compute_type: int8",
            zh="recognition.device 为 cuda 但未发现 GPU：请检查驱动（nvidia-smi），"
            "或设 device: cpu、compute_type: int8",
        )
        return Check("gpu", "fail", "-", remedy)
    if n_devices == 0:
        remedy = Text(
            en="none seen: recognition runs on the CPU (recognition.device: cpu)",
            zh="未发现 GPU：识别在 CPU 上运行（recognition.device: cpu）",
        )
        return Check("gpu", "ok", "-", remedy)
    got = f"{n_devices} CUDA"
    if device == "cpu":
        remedy = Text(
            en="a GPU is here and not used: set recognition: {device: cuda, compute_type: float16}",
            zh="有 GPU 但未使用：请设置 recognition: {device: cuda, compute_type: float16}",
        )
        return Check("gpu", "warn", got, remedy)
    if installed("torch").endswith("+cpu"):
        remedy = Text(
            en="torch is built without CUDA: speakers are told apart on the CPU; install the CUDA "
            "build of torch",
            zh="torch 未带 CUDA：说话人分离在 CPU 上运行；请安装带 CUDA 的 torch",
        )
        return Check("gpu", "warn", got, remedy)
    return Check("gpu", "ok", got)


def _n_cuda_devices() -> int:
    try:
        import ctranslate2

        return int(ctranslate2.get_cuda_device_count())
    except (ImportError, OSError, RuntimeError):
        return 0
