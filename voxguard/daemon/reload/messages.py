"""What the daemon and the process that loads policies say to each other."""

import json
import os
import pickle
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from voxguard.daemon.revisions import Staged
from voxguard.model.problems import Problem

HEADER_BYTES: Final = 5
PIECE: Final = b"p"
REPLY: Final = b"r"
MAX_REQUEST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Load the policy set at `path`.

    Where its revision is `active_revision` nothing but that is answered. The files are kept
    below `keep_in`, unless that is empty.
    """

    path: str
    keep_in: str = ""
    active_revision: str = ""

    def encode(self) -> bytes:
        """The request as one line; names that are not UTF-8 survive it."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> "Request":
        """The request of a line."""
        return cls(**json.loads(line))


class Verdict(StrEnum):
    """How a load ended."""

    LOADED = "loaded"
    SAME = "same"
    INVALID = "invalid"
    MOVED = "moved"
    """The files changed while they were read: they have to be read again."""
    FAILED = "failed"
    """The load broke off; nothing is known of the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The last word on a load, after the pieces of the index.

    `kept` are the files that were written aside, to be activated or discarded, and `not_kept`
    why there is none. `failure` says what broke a load off.
    """

    verdict: Verdict
    digest: str = ""
    revision: str = ""
    problems: tuple[Problem, ...] = ()
    kept: Staged | None = None
    not_kept: str | None = None
    failure: str | None = None


def frames(kind: bytes, payload: bytes) -> Iterator[bytes]:
    """A message as it goes through a pipe: its kind, its length and itself."""
    yield kind + len(payload).to_bytes(HEADER_BYTES - len(kind), "big")
    yield payload


def encode_reply(reply: Reply) -> Iterator[bytes]:
    """A reply as it goes through a pipe."""
    return frames(REPLY, pickle.dumps(reply))


def secretless_environment() -> dict[str, str]:
    """The environment without what only the daemon itself needs to know."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISCORD_TOKEN", "DATABASE_URL"} and not name.startswith("PG")
    }
