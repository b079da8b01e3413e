"""Ids that follow from what they name."""

from hashlib import sha1
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE: Final = uuid5(NAMESPACE_URL, "voxguard")
_NAMESPACE_BYTES: Final = NAMESPACE.bytes
_VERSION: Final = (0x5 << 76) | (0x2 << 62)
_ELSEWHERE: Final = ~((0xF << 76) | (0x3 << 62))


def make_id(*parts: object) -> UUID:
    """An id that follows from what it names, so that equal inputs give equal ids.

    It is that of `uuid.uuid5`, at half the cost: every visit has one. Source: RFC 9562, 5.5.
    """
    name = _NAMESPACE_BYTES + "/".join(map(str, parts)).encode()
    digest = sha1(name, usedforsecurity=False).digest()
    return UUID(int=(int.from_bytes(digest[:16]) & _ELSEWHERE) | _VERSION)
