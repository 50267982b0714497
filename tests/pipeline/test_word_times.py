"""A word is said where somebody speaks, though recognisers begin it before a pause has ended."""

from pathlib import Path

from tests.pipeline.heard import channel, heard, words, write

AGENT = channel(40, [(1, 4), (20, 24)], hz=120, seed=1)
CUSTOMER = channel(40, [(5, 7)], hz=220, seed=9)


def test_a_word_after_a_pause_does_not_begin_in_the_pause(tmp_path: Path) -> None:
    recording = write(tmp_path / "call.wav", AGENT, CUSTOMER)
    early = words((1, 4, "请您稍等。"), (18.5, 21, "让您"), (21, 24.9, "久等了。"))
    call = heard(recording, early, words((5, 7, "好。")), agent_channel=0).call
    assert call.turns is not None
    assert call.speech is not None
    thanks = call.turns[-1]
    assert thanks.text == "让您久等了。"
    assert thanks.words[0].start_s >= call.speech[0].spans[-1].start_s > 19
    assert thanks.words[-1].end_s <= call.speech[0].spans[-1].end_s
