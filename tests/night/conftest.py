from pathlib import Path

import pytest

from tests.night.scripted import Made, made_night


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return made_night(tmp_path / "made", 2)
