"""UUID version 7 (RFC 9562): ids that sort by the millisecond they were made in."""

import os
import time
from uuid import UUID

_RANDOM_BITS = (1 << 74) - 1


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    return id_at(time.time_ns() // 1_000_000)


def id_at(milliseconds: int, random: int | None = None) -> UUID:
    """A UUIDv7 for a given Unix millisecond; `random` (74 bits) fixes the rest for reproducible data."""
    bits = int.from_bytes(os.urandom(10), "big") if random is None else random
    bits &= _RANDOM_BITS
    return UUID(
        int=(milliseconds & 0xFFFF_FFFF_FFFF) << 80
        | 0x7 << 76
        | (bits >> 62) << 64
        | 0b10 << 62
        | bits & ((1 << 62) - 1)
    )
