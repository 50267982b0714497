"""The house keeps its own rules: documents that are true, rooms of a size, files that ship."""

import ast
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = ROOT / "README.md"
README_ZH = ROOT / "README.zh-CN.md"
CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def modules() -> list[Path]:
    return sorted([*(ROOT / "qa_pipeline").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])


def commands(text: str) -> list[str]:
    """Return the lines of a document's code blocks without their comments."""
    lines = [line for _, body in CODE_BLOCK.findall(text) for line in body.splitlines()]
    return [re.sub(r"\s+#.*$", "", line).rstrip() for line in lines if line.strip()]


def test_both_readmes_have_the_same_sections_and_commands() -> None:
    english, chinese = README.read_text("utf-8"), README_ZH.read_text("utf-8")
    headings = [re.findall(r"^#+", text, re.MULTILINE) for text in (english, chinese)]
    assert headings[0] == headings[1]
    assert commands(english) == commands(chinese)


def test_links_in_the_readmes_lead_somewhere() -> None:
    for page in (README, README_ZH, ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert (ROOT / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_have_a_size_and_a_sign(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= 400, "split a room that has two owners"
    assert not tree.body or ast.get_docstring(tree), "a module says what it owns"
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 70
    ]
    assert not long


def test_every_file_of_the_package_ships_with_it() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    globs = settings["tool"]["setuptools"]["package-data"]["qa_pipeline"]
    package = ROOT / "qa_pipeline"
    left_out = [
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc"}
        and not any(fnmatch(path.name, glob.removeprefix("**/")) for glob in globs)
    ]
    assert not left_out


def test_every_dependency_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start = lines.index("dependencies = [")
    listed = [line for line in lines[start + 1 : lines.index("]", start)] if '"' in line]
    assert listed
    assert not [line for line in listed if "#" not in line]
