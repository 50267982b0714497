"""`qa try --store` warns of a version that judged calls there as other bytes."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import trying
from qa_pipeline.pipeline.rescore import Rescore, run_rescore
from tests.impact.made import CARD, GOOD, call, fill


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("try")
    folder = fill(root / "store", [call("c1", GOOD)])
    (root / "cards").mkdir()
    (root / "cards" / "line.yaml").write_text(CARD, "utf-8")
    run_rescore(Rescore(folder, "2026-10", root / "cards", n_workers=0))
    return folder


def tried(store: Path, text: str) -> Result:
    app = typer.Typer()
    trying.register(app)
    app.command("other")(lambda: None)
    card = store.parent / "card.yaml"
    card.write_text(text, "utf-8")
    return CliRunner().invoke(app, ["try", str(card), "-", "--store", str(store)], input=GOOD)


def test_the_same_bytes_are_no_matter(store: Path) -> None:
    result = tried(store, CARD)
    assert (result.exit_code, result.stderr) == (0, "note: applies_to (queue: [orders]) is not "
                                                    "asked for in a trial\n")  # fmt: skip


def test_other_bytes_are_warned_of_and_tried_all_the_same(store: Path) -> None:
    result = tried(store, CARD + "# edited\n")
    assert result.exit_code == 0
    assert "card.yaml:2:10: this scorecard version has judged calls already" in result.stderr
    assert result.stderr.startswith("warning: ")
    assert "raise its version to 2" in result.stderr
    assert result.stdout


def test_a_new_version_is_no_matter(store: Path) -> None:
    assert "warning" not in tried(store, CARD.replace("version: 1", "version: 2")).stderr
