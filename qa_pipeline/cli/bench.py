"""`qa bench`: what a recogniser and a diariser are worth on one's own labelled calls."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import interface_language, print_json, tell
from qa_pipeline.texts import Language, Text

if TYPE_CHECKING:
    from qa_pipeline.bench.phrases import Listed
    from qa_pipeline.settings import Settings

_ASR = """Measure a recogniser on labelled recordings: error rate, word times, fillers, phrases.

The truth manifest (CSV, JSONL or Parquet) has a row a recording: recording, transcript, language;
other columns may break the figures down (--by). What was said stays out of the output unless
--verbose or --out asks for it. Exit code 3: some recordings could not be measured.

\b
Example: qa bench asr --model large-v3-turbo --truth truth.jsonl --out bench
"""
_DIARISATION = """Measure a diariser on labelled recordings: DER and, with --model, roles.

The truth is a column rttm, or a transcript with roles and times. With --mix two channels are laid
on one, and are the truth themselves. Exit code 3: some recordings could not be measured.

\b
Example: qa bench diarisation --pipeline community-1 --truth calls.csv --mix --model large-v3-turbo
"""

_Truth = Annotated[Path, typer.Option(help="the truth manifest, one row a recording")]
_Source = Annotated[
    Path | None, typer.Option(help="folder of the recordings [the manifest's folder]")
]
_SettingsFile = Annotated[Path | None, typer.Option("--settings", help="settings file (YAML)")]
_Spoken = Annotated[
    str | None,
    typer.Option(help="zh or en, for rows that name none [as the transcript is written]"),
]
_By = Annotated[list[str] | None, typer.Option(help="also by this column; may be given again")]
_Out = Annotated[Path | None, typer.Option(help="folder for the page, which shows what was said")]
_Json = Annotated[bool, typer.Option("--json", help="the figures as JSON")]


def register(app: typer.Typer) -> None:
    """Add `qa bench asr|diarisation`."""
    bench = typer.Typer(
        name="bench",
        help="What the engines are worth on your own labelled calls.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    bench.command("asr", help=_ASR)(asr)
    bench.command("diarisation", help=_DIARISATION)(diarisation)
    app.add_typer(bench)


def asr(
    truth: _Truth,
    model: Annotated[
        str | None, typer.Option(help="recogniser, by name or directory [the settings']")
    ] = None,
    source: _Source = None,
    scorecards: Annotated[
        Path | None, typer.Option(help="scorecard or folder of them, for their phrases")
    ] = None,
    settings: _SettingsFile = None,
    language: _Spoken = None,
    by: _By = None,
    out: _Out = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="also print what was said and heard")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Hear the recordings with a progress bar, print the figures, write the page."""
    from qa_pipeline.bench.asr import AsrBench, run_asr
    from qa_pipeline.bench.documents import asr_document
    from qa_pipeline.cli import bench_screen as screen
    from qa_pipeline.cli.run_screen import progress

    bench = AsrBench(
        source=source or truth.parent,
        truth=truth,
        settings=_settings(settings, model=model),
        language=_language(language),
        phrases=_phrases(scorecards),
        by=tuple(by or ()),
    )
    with progress(interface_language()) as show:
        report = run_asr(bench, show)
    if as_json:
        print_json(asr_document(report, with_text=verbose))
    else:
        screen.show_asr(report, with_text=verbose)
    if out is not None:
        from qa_pipeline.bench.page import asr_page

        _write(out / "bench-asr.html", asr_page(report, interface_language()))
    raise typer.Exit(report.exit_code)


def diarisation(
    truth: _Truth,
    pipeline: Annotated[
        str | None, typer.Option(help="pyannote pipeline, a directory [the settings']")
    ] = None,
    source: _Source = None,
    mix: Annotated[
        bool, typer.Option("--mix", help="lay the channels of stereo recordings on one")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="recogniser, by name or directory: tell the roles too")
    ] = None,
    settings: _SettingsFile = None,
    by: _By = None,
    out: Annotated[Path | None, typer.Option(help="folder for the page")] = None,
    as_json: _Json = False,
) -> None:
    """Diarise the recordings with a progress bar, print the figures, write the page."""
    from qa_pipeline.bench.diarisation import DiarisationBench, run_diarisation
    from qa_pipeline.bench.speaker_documents import diarisation_document
    from qa_pipeline.cli import bench_screen as screen
    from qa_pipeline.cli.run_screen import progress

    bench = DiarisationBench(
        source=source or truth.parent,
        truth=truth,
        settings=_settings(settings, model=model, pipeline=pipeline),
        mix=mix,
        with_roles=model is not None,
        by=tuple(by or ()),
    )
    with progress(interface_language()) as show:
        report = run_diarisation(bench, show)
    print_json(diarisation_document(report)) if as_json else screen.show_diarisation(report)
    if out is not None:
        from qa_pipeline.bench.page import diarisation_page

        _write(out / "bench-diarisation.html", diarisation_page(report, interface_language()))
    raise typer.Exit(report.exit_code)


def _settings(
    path: Path | None, *, model: str | None = None, pipeline: str | None = None
) -> "Settings":
    from qa_pipeline.settings import load_settings

    settings = load_settings(path)
    changed: dict[str, object] = {}
    if model is not None:
        changed["recognition"] = settings.recognition.model_copy(update={"model": model})
    if pipeline is not None:
        changed["diarisation"] = settings.diarisation.model_copy(update={"pipeline": pipeline})
    return settings.model_copy(update=changed)


def _language(name: str | None) -> Language | None:
    if name is None or name == "zh" or name == "en":
        return name  # type: ignore[return-value]
    from qa_pipeline.errors import WrongUse

    what = Text(en="no such language", zh="没有这种语言")
    raise WrongUse("--language", what, Text(en="zh or en", zh="zh 或 en"), got=name)


def _phrases(scorecards: Path | None) -> "tuple[Listed, ...]":
    from qa_pipeline.bench.phrases import listed
    from qa_pipeline.scorecard.load import load_directory, load_scorecard

    if scorecards is None:
        return ()
    is_file = scorecards.is_file()
    return listed((load_scorecard(scorecards),) if is_file else load_directory(scorecards))


def _write(path: Path, html: str) -> None:
    """Write the page whole and say where it lies."""
    from qa_pipeline.errors import WrongUse

    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(html, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        what = Text(en="the page cannot be written", zh="无法写出页面")
        fix = Text(en="give --out a folder of yours", zh="请为 --out 指定可写的文件夹")
        raise WrongUse(str(path), what, fix, got=error.strerror) from error
    tell(Text(en=f"page: {path}", zh=f"页面：{path}"))
