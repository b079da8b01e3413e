"""Lists of user ids: who is in, and until when."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, islice
from operator import eq
from typing import Self

from voxguard.model.ids import UserId

_SMALL = 10_000
"""Up to here a frozenset (62 bytes an id) is worth its memory; above, 8 bytes an id are."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IdList:
    """A named list with everything that it includes. Immutable; equal content is equal.

    `permanent` are the ids without an end, sorted and each once; `expiring` maps all
    others to the instant from which on they are out of the list.
    """

    __slots__ = ("_members", "digest", "expiring", "name", "permanent")

    name: str
    permanent: "array[int]"
    expiring: Mapping[int, datetime]
    digest: str

    def __init__(
        self,
        name: str,
        permanent: Iterable[int] = (),
        expiring: Iterable[tuple[int, datetime]] = (),
    ) -> None:
        """Take ids in any order, several times if need be: the longest stay counts."""
        ids = sorted(permanent)
        # A set of a million ids costs more than to see that there is none twice.
        if any(map(eq, ids, islice(ids, 1, None))):
            ids = list(dict.fromkeys(ids))
        self.name = name
        self.permanent = array("q", ids)
        self._members = frozenset(ids) if len(ids) <= _SMALL else None
        until: dict[int, datetime] = {}
        for user_id, until_at in expiring:
            if not self._has(user_id):
                until[user_id] = max(until_at, until.get(user_id, until_at))
        self.expiring = until
        self.digest = _digest(self.permanent, until)

    @classmethod
    def union(cls, name: str, parts: Iterable["IdList"]) -> Self:
        """The list of everybody who is in any of these."""
        lists = tuple(parts)
        return cls(
            name,
            chain.from_iterable(part.permanent for part in lists),
            chain.from_iterable(part.expiring.items() for part in lists),
        )

    def contains(self, user_id: UserId, at: datetime) -> bool:
        """Whether a user is in the list at an instant."""
        if self._has(user_id):
            return True
        until_at = self.expiring.get(user_id)
        return until_at is not None and at < until_at

    def changes_at(self, user_id: UserId, at: datetime) -> datetime | None:
        """When a user who is in the list drops out by time alone; None if never."""
        until_at = self.expiring.get(user_id)
        return until_at if until_at is not None and at < until_at else None

    @property
    def timed(self) -> bool:
        """Whether anybody is in the list only until some instant."""
        return bool(self.expiring)

    def _has(self, user_id: int) -> bool:
        if self._members is not None:
            return user_id in self._members
        index = bisect_left(self.permanent, user_id)
        return index < len(self.permanent) and self.permanent[index] == user_id

    def __len__(self) -> int:
        """How many ids have an entry, those included whose time is over."""
        return len(self.permanent) + len(self.expiring)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IdList):
            return NotImplemented
        return self.name == other.name and self.digest == other.digest

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def __repr__(self) -> str:
        return f"IdList({self.name!r}, {len(self)} ids)"

    def __reduce__(self) -> tuple[object, ...]:
        """The ids go as the bytes of an array, which is how a million of them travel."""
        return restore, (self.name, self.permanent, dict(self.expiring), self.digest)


def restore(
    name: str, permanent: "array[int]", expiring: dict[int, datetime], digest: str
) -> IdList:
    """A list of the parts of another; they are neither sorted nor hashed anew."""
    restored = IdList.__new__(IdList)
    restored.name = name
    restored.permanent = permanent
    restored.expiring = expiring
    restored._members = frozenset(permanent) if len(permanent) <= _SMALL else None  # noqa: SLF001
    restored.digest = digest
    return restored


def _digest(permanent: "array[int]", expiring: Mapping[int, datetime]) -> str:
    """A hash of the content that is the same on every machine: little-endian numbers."""
    if sys.byteorder == "big":  # pragma: no cover - needs another machine
        permanent = array("q", permanent)
        permanent.byteswap()
    digest = sha256(permanent)
    for user_id, until_at in sorted(expiring.items()):
        # Instants have whole seconds; a timestamp() would go through a float.
        digest.update(b" %d=%d" % (user_id, (until_at - _EPOCH).total_seconds()))
    return digest.hexdigest()
