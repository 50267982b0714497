"""How many sounds are held in recordings, and what looking costs.

    python -m benchmarks.held_sounds FILE...

Held sounds are drawn-out words and hesitations alike; which of them no word covers only a
recogniser can say. So this tells how often the acoustic side of `filler` could find something at
most, on anyone's own recordings, without their words or a truth.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.acoustics.activity import levels_for, speech_spans
from qa_pipeline.acoustics.sustained import sustained_spans
from qa_pipeline.audio.decode import ENGINE_RATE_HZ, decode, resampled
from qa_pipeline.audio.probe import probe
from qa_pipeline.engines.silero import Silero
from qa_pipeline.settings import Settings
from qa_pipeline.spans import total_s

LONG_S = 0.3
LEAST_SPEECH_S = 3.0


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel holds: seconds of audio and speech, counts, CPU seconds of looking."""

    name: str
    duration_s: float
    speech_s: float
    n_held: int
    n_long: int
    cost_s: float

    def line(self) -> str:
        """Return the figures in words."""
        minutes = self.speech_s / 60
        return (
            f"{self.name}: {minutes:.1f} min of speech; held {self.n_held / minutes:.1f} a minute, "
            f"{self.n_long / minutes:.1f} of {LONG_S} s or longer ({self.n_long}); "
            f"cost {self.cost_s / self.duration_s:.4f} of real time"
        )


def channels(path: Path, activity: Silero, settings: Settings) -> Iterator[Channel]:
    """Yield the channels of a recording that somebody speaks on."""
    waveform = decode(probe(path))
    for number, samples in enumerate(waveform.samples):
        channel = resampled(samples, waveform.sample_rate_hz)
        levels = levels_for(channel, ENGINE_RATE_HZ, activity.hop_s)
        speech = speech_spans(
            activity.probabilities(channel), activity.hop_s, levels, settings.activity
        )
        if total_s(speech) < LEAST_SPEECH_S:
            continue
        started_s = time.process_time()
        held = sustained_spans(channel, ENGINE_RATE_HZ, speech)
        yield Channel(
            name=f"{path.name} [{number}]",
            duration_s=channel.shape[0] / ENGINE_RATE_HZ,
            speech_s=total_s(speech),
            n_held=len(held),
            n_long=sum(span.duration_s >= LONG_S for span in held),
            cost_s=time.process_time() - started_s,
        )


def main() -> None:
    """Print a line a channel, and all together."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("recordings", nargs="+", type=Path)
    activity, settings = Silero(), Settings()
    found: list[Channel] = []
    for path in parser.parse_args().recordings:
        for channel in channels(path, activity, settings):
            print(channel.line(), flush=True)
            found.append(channel)
    if found:
        sums = [sum(getattr(c, name) for c in found) for name in Channel.__slots__[1:]]
        print(Channel("all", *sums).line())


if __name__ == "__main__":
    main()
