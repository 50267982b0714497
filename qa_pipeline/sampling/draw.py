"""The draw itself: a keyed hash of the call id takes the place of a random number.

The same calls give the same sample on any machine, in any order of rows, without a stored seed.
"""

from collections.abc import Iterable
from hashlib import blake2b

#: BLAKE2b takes keys of up to 64 bytes; a longer seed (long Chinese group names) is hashed first.
_MAX_KEY_BYTES = 64


def ticket(call_id: str, seed: str) -> int:
    """Return the call's number in the draw named `seed`, uniform in 0 to 2**64 - 1."""
    key = seed.encode()
    if len(key) > _MAX_KEY_BYTES:
        key = blake2b(key, digest_size=_MAX_KEY_BYTES).digest()
    return int.from_bytes(blake2b(call_id.encode(), key=key, digest_size=8).digest(), "big")


def uniform(call_id: str, seed: str) -> float:
    """Return the call's number as a uniform variate in [0, 1)."""
    return ticket(call_id, seed) / 2**64


def seed_of(period: str, stratum: str, seed: str = "") -> str:
    """Return the name of a period's draw in one stratum; a plan's own `seed` makes another draw."""
    return f"{seed}|{period}|{stratum}" if seed else f"{period}|{stratum}"


def lowest(call_ids: Iterable[str], n: int, seed: str) -> tuple[str, ...]:
    """Return the `n` calls with the lowest tickets, lowest first; the call id breaks ties."""
    return tuple(sorted(set(call_ids), key=lambda call_id: (ticket(call_id, seed), call_id))[:n])
