"""The demo's folder: nobody else's place is taken."""

from pathlib import Path

import pytest

from qa_pipeline.demo.journey import Demo, prepare
from qa_pipeline.errors import WrongUse
from qa_pipeline.settings import Settings


@pytest.mark.parametrize("fresh", [True, False])
def test_a_file_in_the_place_of_the_folder_is_refused_and_left(tmp_path: Path, fresh: bool) -> None:
    taken = tmp_path / "notes.txt"
    taken.write_text("mine")
    with pytest.raises(WrongUse, match="not the demo's"):
        prepare(Demo(taken, Settings(), 0), fresh=fresh)
    assert taken.read_text() == "mine"
