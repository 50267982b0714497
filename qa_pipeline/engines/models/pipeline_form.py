"""What a directory needs to be a diariser: a pyannote pipeline that names nothing outside it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from qa_pipeline.engines.models.lacks import Lack, is_pointer, pointer
from qa_pipeline.texts import Text

CONFIG = "config.yaml"
_CHECKPOINT = "pytorch_model.bin"
_PLDA = ("plda.npz", "xvec_transform.npz")
#: pyannote's own pipeline; it fetches from a hub each of these that config.yaml leaves out.
_DIARISATION = "pyannote.audio.pipelines.SpeakerDiarization"
_PARTS = ("segmentation", "embedding", "plda")
_INSIDE = "$model/"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_BRING = Text(
    en="bring the whole directory from where the pipeline came from", zh="请从来源处拷贝整个目录"
)
_WRITE = Text(
    en="name segmentation, embedding and plda as $model/... below the directory",
    zh="segmentation、embedding、plda 须写成目录内的 $model/...",
)


def pipeline_lacks(directory: Path) -> tuple[Lack, ...]:
    """Return everything that keeps `directory` from being a diariser; loads no weights."""
    if not (directory / CONFIG).is_file():
        what = Text(en="no pyannote pipeline lies here", zh="此处没有 pyannote 流水线")
        return (Lack(CONFIG, what, _BRING, got="missing"),)
    parameters = _parameters(directory)
    if isinstance(parameters, Lack):
        return (parameters,)
    return tuple(
        lack for part, named in parameters.items() for lack in _part(directory, part, named)
    )


def _parameters(directory: Path) -> Mapping[str, Any] | Lack:
    """Return what the pipeline is made of, None for a part that it must and does not name."""
    try:
        config: Any = YAML(typ="safe", pure=True).load((directory / CONFIG).read_bytes())
    except (YAMLError, UnicodeDecodeError):
        config = None
    pipeline = config.get("pipeline") if isinstance(config, dict) else None
    if isinstance(config, dict) and "task" in config and pipeline is None:
        what = Text(
            en="this is one model of pyannote's, not a pipeline",
            zh="这是 pyannote 的单个模型，不是流水线",
        )
        return Lack(CONFIG, what, _BRING, got="task")
    if not isinstance(pipeline, dict) or not isinstance(pipeline.get("name"), str):
        what = Text(en="it does not say pipeline: {name: ...}", zh="其中没有 pipeline: {name: ...}")
        return Lack(CONFIG, what, _BRING)
    parameters = dict(pipeline.get("params") or {})
    if pipeline["name"].rpartition(".")[2] != _DIARISATION.rpartition(".")[2]:
        return {part: named for part, named in parameters.items() if _is_inside(named)}
    return {part: parameters.get(part) for part in _PARTS}


def _part(directory: Path, part: str, named: Any) -> Iterator[Lack]:
    if named is None:
        what = Text(
            en=f"{part} is not named: pyannote would ask a hub for it",
            zh=f"未写 {part}：pyannote 会去访问模型仓库",
        )
        yield Lack(CONFIG, what, _WRITE)
    elif _is_inside(named):
        yield from _files(directory, named.removeprefix(_INSIDE), part)
    elif isinstance(named, str) and not Path(named).exists():
        is_hub = _HUB_ID.fullmatch(named) is not None
        what = Text(
            en=f"{part} is {'a repository of a hub' if is_hub else 'not here'}",
            zh=f"{part} {'指向模型仓库' if is_hub else '不在本机'}",
        )
        yield Lack(CONFIG, what, _WRITE, got=named)


def _is_inside(named: Any) -> bool:
    return isinstance(named, str) and named.startswith(_INSIDE)


def _files(directory: Path, below: str, part: str) -> Iterator[Lack]:
    wanted = _PLDA if part == "plda" else (_CHECKPOINT,)
    for name in wanted:
        path = directory / below / name
        file = path.relative_to(directory).as_posix()
        if not path.is_file():
            what = Text(en=f"the weights of {part}", zh=f"{part} 的权重")
            yield Lack(file, what, _BRING, got="missing")
        elif is_pointer(path):
            yield pointer(file)
