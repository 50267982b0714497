"""How much of the recordings the demo's recogniser may know: `python -m benchmarks.truth.seen`.

Its training sentences are drawn from patterns; here as many turns are drawn again, with another
seed, and the recordings' sentences are looked up in them. Short fixed phrases (好的, thank you) are
everybody's and counted apart.
"""

import argparse
from collections import Counter
from random import Random

from rich.console import Console
from rich.progress import track

from benchmarks.truth.frozen import ROLES
from benchmarks.truth.make import LANGUAGES
from benchmarks.truth.measure import truth_of_recordings
from benchmarks.truth.speak import demo_asr


def main() -> None:
    """Print, by language, how many sentences are short, met in training's patterns, and new."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=200_000, help="turns to draw a language")
    n_turns = parser.parse_args().turns
    corpus, rng = demo_asr("corpus"), Random("truth/seen")
    for language in LANGUAGES:
        drawn: set[str] = set()
        console = Console(stderr=True)
        for _ in track(range(n_turns), language, console=console, disable=not console.is_terminal):
            drawn.update(map(corpus.normalise, corpus.make_turn(rng.choice(ROLES), language, rng)))
        counts: Counter[str] = Counter()
        for dialogue in truth_of_recordings():
            for said in dialogue.turns if dialogue.language == language else ():
                text = "".join(piece[2] for piece in said.pieces)
                for sentence in corpus.sentences_of(text):
                    known = corpus.normalise(sentence) in drawn
                    short = corpus.is_common(sentence, language)
                    counts["short" if short else "met" if known else "new"] += 1
        print(language, dict(counts))


if __name__ == "__main__":
    main()
