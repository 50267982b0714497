"""The pages on scorecards follow the code, and say the same in both languages."""

import re

import pytest
import typer

from qa_pipeline.cli.help_words import verbs
from qa_pipeline.cli.main import app
from qa_pipeline.detectors.examples import examples_of
from qa_pipeline.detectors.explained import EXPLAINED
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.language.units import is_han
from qa_pipeline.render.reference import PAGES, with_reference
from qa_pipeline.scorecard.descriptions import TEXTS
from qa_pipeline.scorecard.load import scorecard_files
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Language
from tests.conftest import ROOT

ENGLISH, CHINESE = (PAGES[language].read_text("utf-8") for language in ("en", "zh"))
CODE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Chinese words that English sentences are about.
QUOTED = frozenset("啊呀嗯呃幺三八这个")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_what_the_code_makes_of_it(language: Language) -> None:
    page = PAGES[language].read_text("utf-8")
    assert page == with_reference(page, language), "python -m qa_pipeline.render.reference"


def test_both_pages_have_the_same_sections_tables_and_commands() -> None:
    for pattern in (r"^#+ ", r"^\| "):
        found = [len(re.findall(pattern, page, re.MULTILINE)) for page in (ENGLISH, CHINESE)]
        assert found[0] == found[1] > 0, pattern
    commands = [re.findall(r"^qa [^#\n]*", page, re.MULTILINE) for page in (ENGLISH, CHINESE)]
    assert commands[0] == commands[1]
    for marks in ("`[^`\n]+`", r"\]\(([^)]+)\)"):
        by_hand = [CODE.sub("", page.partition("<!--")[0]) for page in (ENGLISH, CHINESE)]
        found_in = [set(re.findall(marks, page)) for page in by_hand]
        assert found_in[0] == found_in[1]


def test_every_command_is_a_verb_and_every_link_leads_somewhere() -> None:
    known = dict(verbs(typer.main.get_command(app)))
    for verb in re.findall(r"^qa ((?:scorecard )?\w+)", ENGLISH, re.MULTILINE):
        assert verb in known
    for page in (ENGLISH, CHINESE):
        sections = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
        for target in re.findall(r"\]\(([^)]+)\)", page):
            if target.startswith("#"):
                assert target[1:] in sections
            else:
                assert (ROOT / "docs" / target).exists()


def test_every_shipped_scorecard_is_named() -> None:
    for path in scorecard_files(SCORECARDS_DIR):
        assert f"](../scorecards/{path.name})" in ENGLISH


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_detector_is_explained_with_examples_of_the_language(language: Language) -> None:
    assert list(EXPLAINED) == list(DETECTORS)
    for name, explained in EXPLAINED.items():
        examples = [one for one in examples_of(DETECTORS[name]) if one.language == language]
        assert len(explained.shows(language)) == len(examples) > 0, name


def test_chinese_is_chinese_and_english_english() -> None:
    ours = EXPLAINED.values()
    said = [text for one in ours for text in (one.title, one.finds, one.not_counted)]
    english = [text.en for text in (*said, *TEXTS.values())]
    chinese = [text.zh for text in (*said, *TEXTS.values())]
    for text in (*english, *(line for one in ours for line in one.shows_en)):
        assert not {c for c in text if is_han(c)} - QUOTED, text
    for text in (*chinese, *(line for one in ours for line in one.shows_zh)):
        assert any(map(is_han, text)), text
        assert not re.search(r"[a-z]{2,}( [a-z]{2,}){4}", text), text


def test_a_page_made_anew_keeps_what_is_written_by_hand() -> None:
    page = with_reference(ENGLISH.replace("| `tail` |", "| `tale` |"), "en")
    assert page == ENGLISH
    longer = (
        ENGLISH.replace("## The language", "One more line.\n\n## The language") + "\nThe end.\n"
    )
    assert with_reference(longer, "en") == longer
