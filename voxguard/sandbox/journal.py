"""What the stand-in has seen: requests for tests, sightings for people, and waiting for either."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from voxguard.sandbox.clock import Clock

MAX_REQUESTS = 100_000
"""So many requests are kept; when there are more the older half is forgotten."""


class Source(StrEnum):
    """Where something was seen."""

    REST = "rest"
    GATEWAY = "gateway"
    WORLD = "world"
    SCENARIO = "scenario"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One line for people."""

    at: datetime
    source: Source
    text: str
    is_refusal: bool = False


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A REST call and its answer.

    `at` is when it arrived, `monotonic` and `answered_monotonic` are seconds on the steady
    clock; `reason` is the decoded audit-log reason. `body` and `answer` are JSON values.
    The token is not kept.
    """

    at: datetime
    monotonic: float
    answered_monotonic: float
    method: str
    path: str
    reason: str | None
    body: Any
    status: int
    answer: Any

    @property
    def code(self) -> int | None:
        """Discord's error code, when the answer is an error."""
        if self.status < 400 or not isinstance(self.answer, dict):
            return None
        return self.answer.get("code")


class Journal:
    """Keeps requests, tells listeners, and wakes who waits for something to have happened."""

    def __init__(self, clock: Clock, listener: Callable[[Sighting], None] | None = None) -> None:
        self.clock = clock
        self.requests: list[SeenRequest] = []
        self._listener = listener
        self._changed: asyncio.Event | None = None

    def see(self, source: Source, text: str, *, is_refusal: bool = False) -> None:
        """Tell the listener, and whoever waits."""
        if self._listener is not None:
            self._listener(Sighting(self.clock.now(), source, text, is_refusal))
        self.touch()

    def record(self, request: SeenRequest) -> None:
        """Keep a request and tell of it."""
        if len(self.requests) >= MAX_REQUESTS:
            del self.requests[: MAX_REQUESTS // 2]
        self.requests.append(request)
        reason = "" if request.reason is None else f"  ({request.reason})"
        code = "" if request.code is None else f" [{request.code}]"
        self.see(
            Source.REST,
            f"{request.method} {request.path} {request.status}{code}{reason}",
            is_refusal=request.status >= 400,
        )

    def touch(self) -> None:
        """Let everybody who waits look again."""
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def wait_for(
        self, predicate: Callable[[], object], timeout_seconds: float | None
    ) -> None:
        """Return once the predicate is true, looked at after everything that happens here.

        Raises `TimeoutError`, with the latest requests, when it does not become true.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                while not predicate():
                    # Made only for who waits: in a flood of events nobody does.
                    self._changed = self._changed or asyncio.Event()
                    await self._changed.wait()
        except TimeoutError:
            latest = "\n".join(
                f"  {seen.method} {seen.path} {seen.body} -> {seen.status}"
                for seen in self.requests[-10:]
            )
            raise TimeoutError(
                f"it did not happen within {timeout_seconds} s; the latest requests:\n{latest}"
            ) from None
