"""What a directory of weights is, and what to say of one that is something else."""

from collections.abc import Iterator
from pathlib import Path

from qa_pipeline.engines.models.lacks import Lack
from qa_pipeline.engines.models.manifest import Task
from qa_pipeline.engines.models.pipeline_form import CONFIG, pipeline_lacks
from qa_pipeline.engines.models.whisper_form import WHISPER_FILES, whisper_lacks
from qa_pipeline.errors import DocumentRefused, EngineMissing, QaError
from qa_pipeline.texts import Text


def recognise(directory: Path) -> Task:
    """Return what the weights in `directory` do, after looking that everything is there.

    Raises
    ------
    EngineMissing
        It is no directory, or holds weights in a form that cannot be used.
    DocumentRefused
        It is nearly a model; every lack is told.
    """
    if not directory.is_dir():
        what = Text(en="no such directory", zh="没有这个目录")
        fix = Text(en="give the directory that holds the weights", zh="请给出存放权重的目录")
        raise EngineMissing(str(directory), what, fix)
    for other in _other_forms(directory):
        raise other
    task: Task = "diarisation" if (directory / CONFIG).is_file() else "asr"
    if task == "asr" and not any((directory / name).is_file() for name in WHISPER_FILES):
        raise _nothing(directory)
    if lacks := lacks_of(directory, task):
        raise DocumentRefused(tuple(told(directory, lack) for lack in lacks))
    return task


def lacks_of(directory: Path, task: Task) -> tuple[Lack, ...]:
    """Return what keeps `directory` from doing `task`; loads no weights."""
    return whisper_lacks(directory) if task == "asr" else pipeline_lacks(directory)


def told(directory: Path, lack: Lack) -> QaError:
    """Return a lack as an error at its file."""
    return EngineMissing(str(directory / lack.file), lack.what, lack.fix, got=lack.got)


def _nothing(directory: Path) -> EngineMissing:
    what = Text(
        en="neither a CTranslate2 Whisper (model.bin) nor a pyannote pipeline (config.yaml)",
        zh="既不是 CTranslate2 格式的 Whisper（model.bin），也不是 pyannote 流水线（config.yaml）",
    )
    fix = Text(
        en="give the directory that holds one of these files", zh="请给出含有上述文件之一的目录"
    )
    return EngineMissing(str(directory), what, fix)


def _other_forms(directory: Path) -> Iterator[EngineMissing]:
    """Yield what to do with weights that were brought in a form of another program."""
    where = str(directory)
    if (directory / "snapshots").is_dir() and (directory / "blobs").is_dir():
        what = Text(en="this is a hub's cache, one level too high", zh="这是仓库缓存的上一层目录")
        fix = Text(en="give one directory below snapshots/", zh="请给出 snapshots/ 之下的某个目录")
        yield EngineMissing(where, what, fix)
    if (directory / "model.bin").is_file() or (directory / CONFIG).is_file():
        return
    names = {path.name for path in directory.iterdir() if path.is_file()}
    if any(name.endswith(".safetensors") or name == "pytorch_model.bin" for name in names):
        what = Text(
            en="these are PyTorch weights (Transformers), not CTranslate2's",
            zh="这是 PyTorch（Transformers）权重，不是 CTranslate2 格式",
        )
        command = (
            f"ct2-transformers-converter --model {where} --output_dir {where}-ct2 "
            "--copy_files tokenizer.json preprocessor_config.json --quantization float16"
        )
        fix = Text(
            en="convert them once (pip install transformers torch), then use the new directory:\n"
            f"  {command}",
            zh=f"请转换一次（pip install transformers torch），再使用新目录：\n  {command}",
        )
        yield EngineMissing(where, what, fix, got=_some(names))
    if any(name.endswith((".gguf", ".pt")) or name.startswith("ggml-") for name in names):
        what = Text(
            en="these weights are whisper.cpp's or OpenAI's own",
            zh="这是 whisper.cpp 或 OpenAI 自有格式",
        )
        fix = Text(
            en="bring the same model in CTranslate2's form, e.g. Systran/faster-whisper-large-v3",
            zh="请换用同一模型的 CTranslate2 格式，例如 Systran/faster-whisper-large-v3",
        )
        yield EngineMissing(where, what, fix, got=_some(names))


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:4])
