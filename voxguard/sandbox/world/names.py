"""Ids for things that a person gave only a name, the same ones in every run."""

import hashlib
from datetime import UTC, datetime, timedelta

from voxguard.model.ids import DISCORD_EPOCH

_SPAN_MILLISECONDS = timedelta(days=8 * 365) // timedelta(milliseconds=1)
_EARLIEST_MILLISECONDS = (datetime(2016, 1, 1, tzinfo=UTC) - DISCORD_EPOCH) // timedelta(
    milliseconds=1
)


def id_for(*path: str) -> int:
    """An id made from names, like a snowflake from between 2016 and 2023.

    Equal names give equal ids, so that policies can be written against a world file.
    """
    digest = int.from_bytes(hashlib.sha256("\0".join(path).encode()).digest()[:12])
    milliseconds = _EARLIEST_MILLISECONDS + (digest >> 22) % _SPAN_MILLISECONDS
    return (milliseconds << 22) | (digest & 0x3FFFFF)


def id_at(instant: datetime, sequence: int) -> int:
    """An id of something created at the instant, as Discord makes them."""
    milliseconds = (instant - DISCORD_EPOCH) // timedelta(milliseconds=1)
    return (milliseconds << 22) | (sequence & 0x3FFFFF)
