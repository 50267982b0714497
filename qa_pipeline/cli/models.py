"""`qa models`: which models are here, whether they are whole, fetching and choosing one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import data, print_json, tell
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.engines.models import ModelDirectory

_LIST = """List the models that have a manifest: here or not, task, size, languages, licence, use.

\b
Example: qa models list
"""
_VERIFY = """Hold every file of the models against its manifest, then load each and let it answer.

Without names: every model that is here. A file that differs is never loaded: a checkpoint is code.
Exit code 1 where anything is wrong.

\b
Example: qa models verify demo-asr
"""
_FETCH = """Bring a model from its hub: the only command that uses a network.

A model of `qa models list` comes at its pinned revision and is held against its hashes.
OWNER/NAME comes at --revision, or as it is now, and is pinned to what came (trust on first use).
Stop it at any moment; run again and it goes on. HF_ENDPOINT names a mirror, HF_TOKEN opens
sources with conditions.

\b
Example: qa models fetch large-v3-turbo
"""
_USE = """Check a directory of weights, load it, and choose it for the nights to come.

It must be a CTranslate2 Whisper or a pyannote pipeline; what is missing is said, file by file.
With --settings the choice is written into that file, comments kept; without, the lines to add
are printed.

\b
Example: qa models use /models/large-v3-turbo --settings settings.yaml
"""

_Folder = Annotated[
    Path | None, typer.Option("--models", help="the models folder [the shipped one]")
]
_Json = Annotated[bool, typer.Option("--json", help="the outcome as JSON")]
_Load = Annotated[bool, typer.Option("--load/--no-load", help="load the model and let it answer")]


def register(app: typer.Typer) -> None:
    """Add `qa models list|verify|fetch|use`."""
    models = typer.Typer(
        name="models",
        help="The models on this machine: recognisers and diarisers.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    models.command("list", help=_LIST)(list_models)
    models.command("verify", help=_VERIFY)(verify_models)
    models.command("fetch", help=_FETCH)(fetch_model)
    models.command("use", help=_USE)(use_model)
    app.add_typer(models)


def list_models(models: _Folder = None, as_json: _Json = False) -> None:
    """Print every model that has a manifest."""
    from qa_pipeline.cli import models_screen as screen
    from qa_pipeline.engines.models import models_in

    found = models_in(_folder(models))
    if as_json:
        print_json([screen.model_as_data(model) for model in found])
    else:
        screen.show_models(found)


def verify_models(
    names: Annotated[list[str] | None, typer.Argument(help="models [all that are here]")] = None,
    models: _Folder = None,
    load: _Load = True,
    as_json: _Json = False,
) -> None:
    """Hash and load each model and print what is wrong with it."""
    from qa_pipeline.cli import models_screen as screen
    from qa_pipeline.engines.verifying import verify
    from qa_pipeline.settings import RecognitionSettings

    outcome = []
    for model in _chosen(names, _folder(models)):
        with screen.hashing(model.manifest.name, screen.size_of(model)) as on_bytes:
            found = verify(model, RecognitionSettings(), load=load, on_bytes=on_bytes)
        outcome.append(found)
        if not as_json:
            screen.show_verified(found)
    if as_json:
        print_json({v.model.path.name: screen.verified_as_data(v) for v in outcome})
    raise typer.Exit(0 if all(found.is_well for found in outcome) else 1)


def _chosen(names: list[str] | None, folder: Path) -> "list[ModelDirectory]":
    """Return the models of these names; all that are here where none is named."""
    from qa_pipeline.engines.models import models_in
    from qa_pipeline.errors import WrongUse

    found = {model.path.name: model for model in models_in(folder)}
    for name in names or ():
        if name not in found:
            what = Text(en="no model of this name has a manifest here", zh="没有该名称的模型清单")
            fix = Text(en="see `qa models list`", zh="请查看 `qa models list`")
            raise WrongUse(name, what, fix)
    if names:
        return [found[name] for name in names]
    absent = [name for name, model in found.items() if model.state == "absent"]
    if absent:
        listed = ", ".join(absent)
        tell(Text(en=f"not here, not verified: {listed}", zh=f"未下载，未校验：{listed}"))
    return [model for name, model in found.items() if name not in absent]


def fetch_model(
    name: Annotated[str, typer.Argument(help="a name of `qa models list`, or OWNER/NAME")],
    models: _Folder = None,
    revision: Annotated[str | None, typer.Option(help="commit, for OWNER/NAME")] = None,
    as_json: _Json = False,
) -> None:
    """Bring the model, say how far its hashes can be trusted."""
    from qa_pipeline.cli import models_screen as screen
    from qa_pipeline.engines.fetching import fetch
    from qa_pipeline.engines.models import ModelDirectory

    with screen.fetching() as on_fetch:
        got = fetch(name, _folder(models), revision, on_fetch)
    where, pinned = got.directory, got.manifest.revision
    if got.is_first_use:
        tell(
            Text(
                en=f"{where} is here, and pinned to what came (commit {pinned}). Nobody else has "
                "vouched for these bytes: compare the sha256 in its manifest.yaml with a source "
                "that you trust before the first night.",
                zh=f"{where} 已下载，并固定为本次内容（提交 {pinned}）。这些内容未经他人核实："
                "首次正式使用前，请将 manifest.yaml 中的 sha256 与可信来源比对。",
            )
        )
    else:
        tell(
            Text(
                en=f"{where} is here, as pinned (commit {pinned}). Carry this directory to "
                "machines without a network; `qa models verify` loads it.",
                zh=f"{where} 已下载，与固定版本一致（提交 {pinned}）。"
                "可将该目录拷贝到无网络的机器；`qa models verify` 会实际加载。",
            )
        )
    if as_json:
        print_json(
            screen.model_as_data(ModelDirectory(where, got.manifest))
            | {"is_first_use": got.is_first_use}
        )


def use_model(
    directory: Annotated[Path, typer.Argument(help="directory of weights, or a name of the list")],
    settings: Annotated[Path | None, typer.Option(help="settings file to write (YAML)")] = None,
    load: _Load = True,
    as_json: _Json = False,
) -> None:
    """Check the directory and write the choice, or print it."""
    from qa_pipeline.cli.models_choice import choose, chosen_as_data
    from qa_pipeline.cli.settings_file import lines_for, write_setting

    choice = choose(directory, load=load)
    if settings is not None:
        write_setting(settings, choice.section, choice.key, choice.value)
    for warning in choice.warnings():
        tell(warning)
    if as_json:
        print_json(chosen_as_data(choice, settings))
        return
    tell(choice.outcome(settings))
    if settings is None:
        lines = lines_for(choice.section, choice.key, choice.value)
        data().print(lines, end="", markup=False, soft_wrap=True)


def _folder(models: Path | None) -> Path:
    from qa_pipeline.settings import MODELS_DIR

    return MODELS_DIR if models is None else models
