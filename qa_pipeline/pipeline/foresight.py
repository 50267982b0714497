"""What a person should know of a night before it is heard: hearing takes hours."""

from collections.abc import Iterator

from qa_pipeline.engines.models import find_pipeline, find_whisper
from qa_pipeline.pipeline.measure import is_demo_recording
from qa_pipeline.pipeline.night import Night
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.scorecard.selection import in_force
from qa_pipeline.sources.folder import FolderSource
from qa_pipeline.texts import Text


def foreseen(night: Night) -> Iterator[Text]:
    """Yield a warning for calls that no scorecard will judge, and for engines of the demo.

    Raises QaError where the source, the manifest, a scorecard or a model cannot be used.
    """
    rows = FolderSource.open(night.source).night(night.manifest, night.settings).rows
    cards = load_directory(night.scorecards)
    unjudged = [
        row
        for row in rows
        if not in_force(cards, row.metadata, row.started_at.astimezone(night.settings.zone).date())
    ]
    if unjudged:
        yield _unjudged(len(unjudged), len(rows))
    is_real = any(
        row.recording is not None and row.transcript is None and not is_demo_recording(row.metadata)
        for row in rows
    )
    if is_real and find_whisper(night.settings.recognition.model).manifest.demo:
        yield _demo_model()
    pipeline = night.settings.diarisation.pipeline
    if is_real and pipeline is not None and find_pipeline(pipeline).manifest.demo:
        yield _demo_diariser()


def _unjudged(n: int, n_rows: int) -> Text:
    return Text(
        en=f"warning: no scorecard in force applies to {n} of {n_rows} calls; they are heard and "
        "kept, and judged by nothing. See applies_to and effective_from of the scorecards, the "
        "manifest's queue, and --scorecards.",
        zh=f"警告：{n_rows} 通中有 {n} 通没有适用的生效评分表；它们会被识别并保存，但不会被评判。"
        "请查看评分表的 applies_to 与 effective_from、清单的 queue 列，以及 --scorecards。",
    )


def _demo_model() -> Text:
    return Text(
        en="warning: the recogniser is the demo's: it knows synthetic voices only and invents "
        "fluent sentences on real speech. Give a real one with --model.",
        zh="警告：当前使用的是演示识别模型：它只认得合成嗓音，遇到真人语音会流利地编造。"
        "请用 --model 指定真正的模型。",
    )


def _demo_diariser() -> Text:
    return Text(
        en="warning: the diariser is the demo's: it knows synthetic voices only; who it says spoke "
        "on a real mono call means nothing. Set diarisation.pipeline to a real one, or take it "
        "out.",
        zh="警告：当前使用的是演示用说话人分离：它只认得合成嗓音，对真实的单声道通话，"
        "其区分结果没有意义。请将 diarisation.pipeline 设为真正的流水线，或去掉该项。",
    )
