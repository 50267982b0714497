"""Fetching a recogniser: the one place that opens a connection, and only when it was asked for."""

import os
from pathlib import Path

from qa_pipeline.engines.models import MANIFEST, missing_files, sha256_of
from qa_pipeline.errors import EngineMissing
from qa_pipeline.texts import Text

_FILES = ["model.bin", "config.json", "tokenizer.json", "preprocessor_config.json", "vocabulary.*"]


def fetch(name: str, models: Path) -> Path:
    """Download the model `name` into a folder of its own in `models`, with a manifest.

    Raises
    ------
    EngineMissing
        The name is not known, the network is not there, or the download is not whole.
    """
    os.environ["HF_HUB_OFFLINE"] = "0"  # read by the hub's client when it is first imported
    import huggingface_hub
    from faster_whisper.utils import _MODELS

    repository = name if "/" in name else _MODELS.get(name)
    if repository is None:
        what = Text(
            en="faster-whisper knows no model of this name", zh="faster-whisper 没有该名称的模型"
        )
        fix = Text(en=f"one of: {', '.join(_MODELS)}", zh=f"可选：{'、'.join(_MODELS)}")
        raise EngineMissing(name, what, fix)
    directory = models / name.replace("/", "--")
    try:
        huggingface_hub.snapshot_download(
            repository, local_dir=str(directory), allow_patterns=_FILES
        )
    except Exception as fault:  # the client raises its own, httpx's and the system's
        what = Text(en="the model could not be downloaded", zh="模型下载失败")
        fix = Text(
            en="check the network, or bring the folder from a machine that has one",
            zh="请检查网络，或从可联网的机器拷贝模型文件夹",
        )
        raise EngineMissing(repository, what, fix, got=type(fault).__name__) from fault
    _describe(directory, name, repository)
    return directory


def _describe(directory: Path, name: str, repository: str) -> None:
    """Check that the model is whole and write its manifest."""
    from ruamel.yaml import YAML

    if missing := missing_files(directory):
        what = Text(en="the downloaded model lacks files", zh="下载的模型缺少文件")
        fix = Text(
            en="take them from another release of the same model", zh="请从同一模型的其他版本补齐"
        )
        raise EngineMissing(str(directory), what, fix, got=", ".join(missing))
    files = {p.name: sha256_of(p) for p in sorted(directory.iterdir()) if p.is_file()}
    manifest = {"name": name, "revision": repository, "licence": "", "files": files}
    with (directory / MANIFEST).open("w", encoding="utf-8") as file:
        YAML().dump(manifest, file)
