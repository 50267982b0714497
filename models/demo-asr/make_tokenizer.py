"""Write ``tokenizer.json`` out of the token ranks that openai-whisper's package ships (MIT).

    pip download --no-deps openai-whisper==20250625
    tar -xf openai_whisper-20250625.tar.gz
    python make_tokenizer.py openai_whisper-20250625/whisper/assets/multilingual.tiktoken

The ranks are those of a byte-pair encoding: a token's rank is its id, and the pair of tokens that
it was merged of is found by encoding it with the tokens of lower rank alone.
"""

from __future__ import annotations

import argparse
import base64
from itertools import pairwise
from pathlib import Path

from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

HERE = Path(__file__).parent
TIMESTAMPS = [f"<|{place * 0.02:.2f}|>" for place in range(1501)]
# In the order of their ids; the hundredth language, yue, came with 128 mel bands.
LANGUAGES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "
    "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "
    "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "
    "haw ln ha ba jw su"
)
SPECIALS = [
    *("<|endoftext|>", "<|startoftranscript|>"),
    *(f"<|{language}|>" for language in LANGUAGES.split()),
    *("<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"),
    *("<|nospeech|>", "<|notimestamps|>"),
]

Ranks = dict[bytes, int]


def read_ranks(path: Path) -> Ranks:
    """Token bytes with their ranks; a lone = stands for the empty token."""
    ranks: Ranks = {}
    for line in path.read_text(encoding="ascii").splitlines():
        token, rank = line.split()
        ranks[b"" if token == "=" else base64.b64decode(token)] = int(rank)
    return ranks


def byte_letters() -> dict[int, str]:
    """The printable letter that stands for each byte (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    return letters | {byte: chr(256 + place) for place, byte in enumerate(others)}


def merged_of(token: bytes, ranks: Ranks) -> list[bytes]:
    """The parts that a token was merged of: its encoding by the tokens of lower rank."""
    parts = [bytes([byte]) for byte in token]
    while True:
        found = [(ranks.get(a + b, len(ranks)), at) for at, (a, b) in enumerate(pairwise(parts))]
        rank, at = min(found, default=(len(ranks), 0))
        if rank >= ranks[token]:
            return parts
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def build(ranks: Ranks) -> Tokenizer:
    """The tokenizer with Whisper's special tokens and timestamps."""
    letters = byte_letters()
    vocabulary: dict[str, int] = {}
    merges: list[tuple[str, str]] = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        vocabulary["".join(letters[byte] for byte in token)] = rank
        parts = merged_of(token, ranks) if len(token) > 1 else []
        if len(parts) == 2:
            left, right = ("".join(letters[byte] for byte in part) for part in parts)
            merges.append((left, right))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(token, special=True, normalized=False) for token in SPECIALS]
    stamps = [AddedToken(token, special=False, normalized=False) for token in TIMESTAMPS]
    tokenizer.add_special_tokens(special)
    tokenizer.add_tokens(stamps)
    return tokenizer


def main() -> None:
    """Read the arguments and write the tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ranks", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "tokenizer.json")
    arguments = parser.parse_args()
    if not set(LANGUAGES.split()) <= set(_LANGUAGE_CODES):
        raise SystemExit("faster-whisper knows other languages than this script")
    build(read_ranks(arguments.ranks)).save(str(arguments.out))


if __name__ == "__main__":
    main()
