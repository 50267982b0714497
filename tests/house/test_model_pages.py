"""The pages on models say the same in both languages, and what they name exists."""

import re

import typer

from qa_pipeline.cli.help_words import verbs
from qa_pipeline.cli.main import app
from qa_pipeline.engines.models import models_in
from qa_pipeline.settings import MODELS_DIR
from tests.conftest import ROOT

ENGLISH = (ROOT / "docs" / "models.md").read_text("utf-8")
CHINESE = (ROOT / "docs" / "models.zh-CN.md").read_text("utf-8")


def test_both_pages_have_the_same_sections_and_commands() -> None:
    for pattern in (r"^#+ ", r"^ *\.venv/bin/.*$", r"^\| `[^|]*\|"):
        english, chinese = (re.findall(pattern, page, re.MULTILINE) for page in (ENGLISH, CHINESE))
        assert len(english) == len(chinese) > 0
        if pattern.startswith("^ *"):
            assert english == chinese


def test_every_command_is_a_verb_and_every_model_has_a_manifest() -> None:
    known = dict(verbs(typer.main.get_command(app)))
    for page in (ENGLISH, CHINESE):
        for verb in re.findall(r"qa (models \w+|doctor|run|call)", page):
            assert verb in known
    shipped = {model.manifest.name for model in models_in(MODELS_DIR)}
    rows = re.findall(r"^\| (`[^|]*) \|", ENGLISH, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named <= shipped
    assert {"large-v3-turbo", "large-v3", "medium", "small", "community-1"} <= named
