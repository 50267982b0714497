"""What every test may use."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def real_recordings() -> Path:
    """Real telephone recordings, which are not part of the project."""
    folder = SHARED / "real"
    if not folder.is_dir():
        pytest.skip("the real recordings are not part of the project and do not lie beside it")
    return folder


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are in English unless a test asks for Chinese."""
    monkeypatch.setenv("QA_LANGUAGE", "en")
