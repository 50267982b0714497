"""`qa models`: which recognisers are here, whether they are whole, and fetching one on purpose."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.engines.models import ModelDirectory

_LIST = """List the models in the models folder.

\b
Example: qa models list
"""
_VERIFY = """Compare every file of the models with the SHA-256 in their manifests.

Exit code 1 where a file is missing or differs.

\b
Example: qa models verify demo-asr
"""
_FETCH = """Download a recogniser by name: the only command that uses the network.

Afterwards `--model NAME` uses it offline; the folder can be carried to a machine without network.

\b
Example: qa models fetch large-v3-turbo
"""

_Folder = Annotated[
    Path | None, typer.Option("--models", help="the models folder [the shipped one]")
]
_Json = Annotated[bool, typer.Option("--json", help="the list as JSON")]


def register(app: typer.Typer) -> None:
    """Add `qa models list|verify|fetch`."""
    models = typer.Typer(
        name="models",
        help="Recognisers on this machine.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    models.command("list", help=_LIST)(list_models)
    models.command("verify", help=_VERIFY)(verify_models)
    models.command("fetch", help=_FETCH)(fetch_model)
    app.add_typer(models)


def list_models(models: _Folder = None, as_json: _Json = False) -> None:
    """Print name, revision, licence and state of each model."""
    from rich.table import Table

    from qa_pipeline.engines.models import missing_files, models_in

    found = models_in(_folder(models))
    if as_json:
        print_json([_facts(model) for model in found])
        return
    table = Table(box=None, pad_edge=False)
    for title in _titles():
        table.add_column(title, overflow="fold")
    for model in found:
        about = model.manifest
        missing = ", ".join(missing_files(model.path)) or "ok"
        use = "demo" if about.demo else ""
        table.add_row(about.name, about.revision, about.licence, use, missing)
    data().print(table)


def _facts(model: "ModelDirectory") -> dict[str, object]:
    from qa_pipeline.engines.models import missing_files

    return {
        "name": model.manifest.name,
        "revision": model.manifest.revision,
        "licence": model.manifest.licence,
        "demo": model.manifest.demo,
        "path": str(model.path),
        "missing": list(missing_files(model.path)),
    }


def verify_models(
    names: Annotated[list[str] | None, typer.Argument(help="models [all]")] = None,
    models: _Folder = None,
    as_json: _Json = False,
) -> None:
    """Hash the files of each model and print what differs from its manifest."""
    from qa_pipeline.engines.models import differing_files, models_in
    from qa_pipeline.errors import EngineMissing

    found = {model.path.name: model for model in models_in(_folder(models))}
    for name in names or ():
        if name not in found:
            what = Text(en="no model of this name is here", zh="没有该名称的模型")
            fix = Text(en="see `qa models list`", zh="请查看 `qa models list`")
            raise EngineMissing(name, what, fix)
    outcome = {name: differing_files(found[name].path) for name in names or sorted(found)}
    if as_json:
        print_json(
            {
                name: [{"file": f, "fault": fault} for f, fault in bad]
                for name, bad in outcome.items()
            }
        )
    else:
        for name, bad in outcome.items():
            for file, fault in bad:
                data().print(f"{name}/{file}: {fault}", markup=False)
            if not bad:
                data().print(f"{name}: ok", markup=False)
    raise typer.Exit(1 if any(outcome.values()) else 0)


def fetch_model(
    name: Annotated[str, typer.Argument(help="a name that faster-whisper knows, or OWNER/MODEL")],
    models: _Folder = None,
) -> None:
    """Download the model into the models folder and write its manifest."""
    from qa_pipeline.engines.fetching import fetch

    directory = fetch(name, _folder(models))
    tell(Text(en=f"fetched into {directory}", zh=f"已下载到 {directory}"))


def _folder(models: Path | None) -> Path:
    from qa_pipeline.settings import MODELS_DIR

    return MODELS_DIR if models is None else models


def _titles() -> tuple[str, ...]:
    if interface_language() == "zh":
        return ("名称", "版本", "许可证", "用途", "文件")
    return ("name", "revision", "licence", "use", "files")
