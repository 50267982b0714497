"""One key of a settings file changes; everything that a person wrote stays."""

from pathlib import Path

import pytest

from qa_pipeline.cli.settings_file import lines_for, write_setting
from qa_pipeline.errors import DocumentRefused, WrongUse
from qa_pipeline.settings import load_settings


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "recognition:\n  model: m\n", id="an-empty-file"),
        pytest.param("# ours", "# ours\nrecognition:\n  model: m\n", id="comments-only"),
        pytest.param(
            "recognition:\n  model: old # why\n  beam_size: 5\n",
            "recognition:\n  model: m   # why\n  beam_size: 5\n",
            id="another-model",
        ),
        pytest.param(
            "recognition: {beam_size: 5}\n",
            "recognition: {beam_size: 5, model: m}\n",
            id="on-one-line",
        ),
        pytest.param(
            "source:\n  columns:\n    'x': 'group'\n",
            "source:\n  columns:\n    'x': 'group'\nrecognition:\n  model: m\n",
            id="mappings-and-quotes-stay",
        ),
    ],
)
def test_one_key_is_set(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(before)
    path.chmod(0o640)
    write_setting(path, "recognition", "model", "m")
    assert path.read_text() == after
    assert load_settings(path).recognition.model == "m"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    write_setting(tmp_path / "s.yaml", "diarisation", "pipeline", "/a b/路径: x")
    assert load_settings(tmp_path / "s.yaml").diarisation.pipeline == "/a b/路径: x"


def test_a_file_that_is_no_settings_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    for text in ("recogniton:\n  model: x\n", "recognition:\n", "- a list\n"):
        path.write_text(text)
        with pytest.raises(DocumentRefused):
            write_setting(path, "recognition", "model", "m")
        assert path.read_text() == text


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        write_setting(tmp_path / "nowhere" / "s.yaml", "recognition", "model", "m")


def test_the_lines_are_a_settings_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(lines_for("recognition", "model", "/数据/large v3"))
    assert load_settings(tmp_path / "s.yaml").recognition.model == "/数据/large v3"
