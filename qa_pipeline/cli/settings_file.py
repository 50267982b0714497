"""Changing one key of a settings file that a person wrote: comments and order stay."""

import os
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from qa_pipeline.errors import WrongUse
from qa_pipeline.settings import load_settings
from qa_pipeline.texts import Text


def lines_for(section: str, key: str, value: str) -> str:
    """Return the lines that say `section.key: value` in a settings file."""
    yaml, out = _yaml(), StringIO()
    yaml.dump({section: {key: value}}, out)
    return out.getvalue()


def write_setting(path: Path, section: str, key: str, value: str) -> None:
    """Set `section.key` in the file, made if it is not there; all or nothing.

    Raises
    ------
    DocumentRefused
        The file is not a settings file as it stands.
    WrongUse
        It cannot be read or written.
    """
    text = path.read_text("utf-8") if path.is_file() else ""
    if text:
        load_settings(path)
    changed = _changed(text, section, key, value)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(changed, encoding="utf-8")
        load_settings(beside)
        if path.is_file():
            beside.chmod(path.stat().st_mode)
        os.replace(beside, path)
    except OSError as error:
        what = Text(en="the settings cannot be written", zh="无法写入设置文件")
        fix = Text(en="check the folder and its permissions", zh="请检查文件夹及权限")
        raise WrongUse(str(path), what, fix, got=error.strerror) from error
    finally:
        beside.unlink(missing_ok=True)


def _changed(text: str, section: str, key: str, value: str) -> str:
    yaml = _yaml()
    data = yaml.load(text)
    if data is None:  # nothing but comments, which only plain text keeps
        end = "" if not text or text.endswith("\n") else "\n"
        return text + end + lines_for(section, key, value)
    if not isinstance(data.get(section), CommentedMap):
        data[section] = CommentedMap()
    data[section][key] = value
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
