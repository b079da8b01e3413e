"""How payloads are put into frames: as text, or compressed as the client asked.

Source: Discord developer documentation, "Gateway" (transport and payload compression).
A stream's frames share one context and end in a flush, so they must stay in order.
"""

import sys
import zlib
from typing import Protocol

ZLIB_STREAM = "zlib-stream"
ZSTD_STREAM = "zstd-stream"


class Codec(Protocol):
    """Turns payloads into the contents of frames, in order."""

    is_binary: bool

    def encode(self, payload: bytes) -> bytes:
        """The contents of the frame that carries the payload."""
        ...


class PlainCodec:
    """JSON in text frames."""

    is_binary = False

    def encode(self, payload: bytes) -> bytes:
        """The payload itself."""
        return payload


class ZlibStreamCodec:
    """One zlib stream over the whole connection."""

    is_binary = True

    def __init__(self) -> None:
        self._stream = zlib.compressobj(level=1)

    def encode(self, payload: bytes) -> bytes:
        """The next piece of the stream, complete up to here."""
        return self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStreamCodec:
    """One Zstandard frame over the whole connection."""

    is_binary = True

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415 - Python 3.14 brings it along
        else:
            # hikari offers this compression only where the same module is installed.
            from backports import zstd  # noqa: PLC0415
        self._stream = zstd.ZstdCompressor(level=1)

    def encode(self, payload: bytes) -> bytes:
        """The next piece of the frame, complete up to here."""
        return bytes(self._stream.compress(payload, self._stream.FLUSH_BLOCK))


class ZlibPayloadCodec:
    """Each payload a zlib stream of its own, from the answer to IDENTIFY on."""

    is_binary = True

    def encode(self, payload: bytes) -> bytes:
        """The payload, compressed by itself."""
        return zlib.compress(payload, 1)


def codec_for(compress: str | None) -> Codec | None:
    """The codec that the `compress` parameter of the URL asks for; None for an unknown one."""
    if compress is None:
        return PlainCodec()
    if compress == ZLIB_STREAM:
        return ZlibStreamCodec()
    return ZstdStreamCodec() if compress == ZSTD_STREAM else None
