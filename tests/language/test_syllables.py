import pytest

from qa_pipeline.language.syllables import n_syllables_in


@pytest.mark.parametrize(
    ("word", "n"),
    [
        ("好", 1),
        ("天云商城，", 4),
        ("400", 3),
        ("iPhone15", 4),
        (" the", 1),
        (" please,", 1),
        (" hole", 1),
        (" table", 2),
        (" information", 4),
        (" don't", 1),
        ("ERP", 1),
        ("SMS", 3),
        ("……", 0),
        ("", 0),
    ],
)
def test_syllables(word: str, n: int) -> None:
    assert n_syllables_in(word) == n
