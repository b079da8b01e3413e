"""The HTTP session behind hikari, and what of an answer hikari does not hand on."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

from voxguard.ports.discord import RateLimit, RateLimited, Scope

TIMEOUT_SECONDS = 15.0
CONNECT_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 60.0

UNKNOWN_PAUSE_SECONDS = 60.0
"""How long to wait where a 429 does not say."""


@dataclass(slots=True)
class Seen:
    """What the headers of one answer said; `status` is None while there is none."""

    status: int | None = None
    rate_limit: RateLimit | None = None
    date: datetime | None = None

    @property
    def is_success(self) -> bool:
        """Whether the request was carried out, whatever became of the answer's body."""
        return self.status is not None and 200 <= self.status < 300


class TooManyRequestsError(Exception):
    """A 429, taken away from hikari, which would wait and send the request again by itself."""

    def __init__(self, answer: RateLimited) -> None:
        """Keep what the caller needs to know."""
        super().__init__(f"rate limited for {answer.retry_after_seconds} s")
        self.answer = answer


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def watched() -> Iterator[Seen]:
    """See the headers of the one request that is made inside, and get a 429 as an error.

    Each task that makes requests must enter it by itself.
    """
    seen = Seen()
    reset = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(reset)


@asynccontextmanager
async def open_session() -> AsyncGenerator[aiohttp.ClientSession]:
    """A session whose connections are kept alive: a new one a call costs fifty times as much."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, sock_connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_watch,),
    ) as session:
        yield session


async def _watch(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    response = await handler(request)
    seen = _seen.get()
    if seen is not None:
        seen.status = response.status
        seen.rate_limit = read_rate_limit(response.headers)
        seen.date = _read_date(response.headers)
        if response.status == 429:
            raise TooManyRequestsError(await _read_pause(response, seen.rate_limit))
    return response


def read_rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """What the headers say of the bucket; None without them, or where they make no sense."""
    try:
        return RateLimit(
            int(headers["X-RateLimit-Limit"]),
            int(headers["X-RateLimit-Remaining"]),
            float(headers["X-RateLimit-Reset-After"]),
            headers.get("X-RateLimit-Bucket", ""),
        )
    except (KeyError, ValueError):
        return None


async def _read_pause(
    response: aiohttp.ClientResponse, rate_limit: RateLimit | None
) -> RateLimited:
    headers = response.headers
    try:
        body = await response.json(content_type=None)
        seconds = float(body["retry_after"])
    except (ValueError, KeyError, TypeError):
        # What stands in front of Discord has banned the address: it speaks no JSON.
        return RateLimited(_header_pause(headers), Scope.GLOBAL, rate_limit=rate_limit)
    scope = headers.get("X-RateLimit-Scope", "")
    if body.get("global") or headers.get("X-RateLimit-Global") or scope == Scope.GLOBAL:
        return RateLimited(seconds, Scope.GLOBAL, rate_limit=rate_limit)
    shared = scope == Scope.SHARED
    return RateLimited(seconds, Scope.SHARED if shared else Scope.USER, rate_limit=rate_limit)


def _header_pause(headers: Mapping[str, str]) -> float:
    try:
        return float(headers["Retry-After"])
    except (KeyError, ValueError):
        return UNKNOWN_PAUSE_SECONDS


def _read_date(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        return None
