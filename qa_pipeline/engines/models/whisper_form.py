"""What a directory needs to be a recogniser: Whisper in CTranslate2's form, with its tokeniser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa_pipeline.engines.models.lacks import Lack, is_pointer, pointer
from qa_pipeline.texts import Text

#: Without tokenizer.json faster-whisper would ask a hub.
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
PREPROCESSOR = "preprocessor_config.json"
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
#: Everything that decides what is heard.
WHISPER_CONTENT = (*WHISPER_FILES, PREPROCESSOR, *VOCABULARIES)
#: large-v3 and its kin have one token more (Cantonese) and 128 mel bands instead of 80.
#: Source: openai/whisper, release of large-v3; faster-whisper takes 80 where nothing says more.
_N_TOKENS_OF_128, _MORE_BANDS = 51_866, 128
_WHAT = {
    "model.bin": Text(en="the weights", zh="权重"),
    "config.json": Text(
        en="the model's settings, with the alignment heads", zh="模型配置（含对齐头）"
    ),
    "tokenizer.json": Text(
        en="the tokeniser; without it a hub would be asked", zh="分词器；缺少它会去访问模型仓库"
    ),
    "vocabulary.json": Text(en="the vocabulary", zh="词表"),
}
_BRING = Text(
    en="bring the file from where the model came from, in CTranslate2's form",
    zh="请从模型来源处补齐该文件（CTranslate2 格式）",
)


def missing_files(directory: Path) -> tuple[str, ...]:
    """Return the files that a recogniser needs and `directory` lacks; opens none."""
    missing = [name for name in WHISPER_FILES if not (directory / name).is_file()]
    if not any((directory / name).is_file() for name in VOCABULARIES):
        missing.append(VOCABULARIES[0])
    return tuple(missing)


def whisper_lacks(directory: Path) -> tuple[Lack, ...]:
    """Return everything that keeps `directory` from being a recogniser; loads no weights."""
    missing = missing_files(directory)
    found = [Lack(name, _WHAT[name], _BRING, got="missing") for name in missing]
    for check in (_weights, _alignment, _bands):
        found.extend(check(directory))
    return tuple(found)


def _weights(directory: Path) -> Iterator[Lack]:
    path = directory / "model.bin"
    if path.is_file() and is_pointer(path):
        yield pointer("model.bin")


def _alignment(directory: Path) -> Iterator[Lack]:
    path = directory / "config.json"
    if not path.is_file():
        return
    config = _json(path)
    if not isinstance(config, dict):
        what = Text(en="not a JSON object", zh="不是 JSON 对象")
        yield Lack("config.json", what, _BRING)
    elif not config.get("alignment_heads"):
        what = Text(
            en="no alignment_heads: words would have no times",
            zh="缺少 alignment_heads：词没有时间",
        )
        fix = Text(
            en="convert again with a current ct2-transformers-converter",
            zh="请用新版 ct2-transformers-converter 重新转换",
        )
        yield Lack("config.json", what, fix)


def _bands(directory: Path) -> Iterator[Lack]:
    vocabulary, path = _json(directory / "vocabulary.json"), directory / PREPROCESSOR
    if not isinstance(vocabulary, list) or len(vocabulary) != _N_TOKENS_OF_128:
        return
    stated = _json(path) if path.is_file() else {}
    bands = stated.get("feature_size") if isinstance(stated, dict) else None
    if bands != _MORE_BANDS:
        what = Text(
            en="a model of this vocabulary hears 128 mel bands, and only this file says so",
            zh="该词表对应 128 个梅尔频带的模型，须由此文件说明",
        )
        got = "missing" if not path.is_file() else f"feature_size: {bands}"
        yield Lack(PREPROCESSOR, what, _BRING, got=got)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
