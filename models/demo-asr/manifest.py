"""Write ``manifest.yaml``: what the model is, and the hash and size of each of its files.

python manifest.py --revision 1
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import yaml

HERE = Path(__file__).parent
FILES = (
    "model.bin",
    "config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "vocabulary.json",
)


def main() -> None:
    """Write the manifest for the files that are here."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--revision", required=True)
    revision = parser.parse_args().revision
    data = {name: (HERE / name).read_bytes() for name in FILES}
    manifest = {
        "name": "demo-asr",
        "task": "asr",
        "source": "trained from scratch by the scripts beside this file",
        "languages": ["zh", "en"],
        "licence": "Apache-2.0 (tokenizer ranks: MIT, openai-whisper)",
        "revision": revision,
        "purpose": {
            "zh": "只认识自己的合成嗓音，遇到真人语音会编造通顺的句子",
            "en": "knows its own synthetic voices and invents sentences on real speech",
        },
        "demo": True,
        "windows": {"join_gap_s": 0.4, "max_window_s": 12.0},  # turns are what it was trained on
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in data.items()},
        "sizes": {name: len(content) for name, content in data.items()},
    }
    text = "# Written by manifest.py. demo: it knows synthetic voices only, see README.md.\n"
    text += yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    (HERE / "manifest.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
