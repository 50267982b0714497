"""Passwords: scrypt of the standard library, its cost kept beside each hash."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

#: 2**15 blocks of 8 x 128 bytes: 32 MiB and about a tenth of a second a try.
#: Source: OWASP Password Storage Cheat Sheet, scrypt.
_LOG2_N, _R, _P = 15, 8, 3
_MAX_MEMORY: Final = 64 * 1024 * 1024
_MIN_LENGTH: Final = 10
_MAX_BYTES: Final = 1024
#: Without letters and digits that look alike, for a password read off a screen.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """Return `scrypt$log2 N$r$p$salt$hash`."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, _LOG2_N, _R, _P)
    numbers = f"{_LOG2_N}${_R}${_P}"
    return f"scrypt${numbers}${_text(salt)}${_text(digest)}"


def matches(password: str, stored: str | None) -> bool:
    """Return whether the password is the stored one; as slow where there is none to compare."""
    _, log2_n, r, p, salt, digest = (stored or _NOBODY).split("$")
    found = _scrypt(password, _bytes(salt), int(log2_n), int(r), int(p))
    return hmac.compare_digest(found, _bytes(digest)) and stored is not None


def one_time() -> str:
    """Return a password to be changed at the first login: 80 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def refuse_weak(password: str, user: str) -> None:
    """Raise WrongUse for a password that is too short, too long, or the user's name."""
    fits = len(password) >= _MIN_LENGTH and len(password.encode()) <= _MAX_BYTES
    if not fits or password.casefold().strip() == user.casefold():
        raise WrongUse(
            "password",
            Text(en="this password is too easy or too long", zh="密码过于简单或过长"),
            Text(
                en=f"use at least {_MIN_LENGTH} characters and not your user name",
                zh=f"至少 {_MIN_LENGTH} 个字符，且不能与用户名相同",
            ),
        )


def _scrypt(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode()[: _MAX_BYTES + 1],
        salt=salt,
        n=2**log2_n,
        r=r,
        p=p,
        maxmem=_MAX_MEMORY,
        dklen=32,
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value)


_NOBODY: Final = f"scrypt${_LOG2_N}${_R}${_P}${_text(bytes(16))}${_text(bytes(32))}"
