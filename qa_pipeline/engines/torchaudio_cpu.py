"""Makes PyPI's torchaudio importable on a CPU build of torch.

Its wheel is linked against CUDA and fails at import beside torch+cpu. Only optional compiled
operators need that library; resampling and MFCC, which pyannote uses, are pure torch. The stand-in
says what torchaudio itself says where its compiled library is absent.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn


def make_importable() -> bool:
    """Put the stand-in in place if it is needed; return whether it was."""
    import torch

    if "torchaudio" in sys.modules or torch.version.cuda is not None:
        return False
    stand_in = ModuleType("torchaudio._extension")
    stand_in.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=_refusing,
    )
    sys.modules["torchaudio._extension"] = stand_in
    return True


def _refusing(operator: Callable[..., Any]) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError(f"{operator.__name__} needs torchaudio's compiled library")

    return refuse
