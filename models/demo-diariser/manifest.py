"""Write ``manifest.yaml``: what the pipeline is, and the hash and size of each of its files.

python manifest.py --revision 1
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
FILES = (
    "config.yaml",
    "segmentation/pytorch_model.bin",
    "embedding/pytorch_model.bin",
    "plda/plda.npz",
    "plda/xvec_transform.npz",
)


def main() -> None:
    """Write the manifest for the files that are here."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--revision", required=True)
    revision = parser.parse_args().revision
    data = {name: (HERE / name).read_bytes() for name in FILES}
    manifest = {
        "name": "demo-diariser",
        "task": "diarisation",
        "source": "made by the scripts beside it",
        "languages": ["zh", "en"],
        "licence": "Apache-2.0",
        "revision": revision,
        "demo": True,
        "purpose": {
            "zh": "演示与测试：区分单声道演示录音中的两个合成嗓音",
            "en": "demo and tests: tells two synthetic voices apart on the demo's mono recordings",
        },
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in data.items()},
        "sizes": {name: len(content) for name, content in data.items()},
    }
    text = "# Written by manifest.py. demo: it knows synthetic voices only, see README.md.\n"
    text += yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    (HERE / "manifest.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
