"""Rate limits as Discord applies them: a bucket per route and major parameter, and a global one.

Source: Discord developer documentation, "Rate Limits". The sizes of buckets are not
documented; the defaults here are of the order that bots report.
"""

import hashlib
import math
from dataclasses import dataclass, field

from voxguard.sandbox.clock import Clock


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests within so many seconds, counted from a window's first request."""

    max: int
    within_seconds: float


DEFAULT_LIMITS: dict[str, Limit] = {
    "global": Limit(50, 1.0),
    "member_edit": Limit(10, 10.0),
    "member_role": Limit(10, 10.0),
    "voice_state": Limit(10, 10.0),
    "message": Limit(5, 5.0),
    "direct_channel": Limit(10, 10.0),
    "read": Limit(50, 1.0),
    "command": Limit(20, 20.0),
    "invalid": Limit(10_000, 600.0),
}
"""The buckets by name. `invalid` counts answers of 401, 403 and 429, not requests."""


@dataclass(slots=True)
class Window:
    """A window that is open until `ends_at` (on the steady clock) and what was used of it."""

    ends_at: float = -math.inf
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request passes, the headers to send, and how long to wait when it does not."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False
    is_banned: bool = False
    is_shared: bool = False


@dataclass(slots=True)
class RateLimiter:
    """Counts requests and says who has to wait."""

    clock: Clock
    limits: dict[str, Limit] = field(default_factory=lambda: dict(DEFAULT_LIMITS))
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def set(self, name: str, limit: Limit) -> None:
        """Change a bucket's size from now on; windows that are open begin anew."""
        self.limits[name] = limit
        for key in [key for key in self._windows if key[0] == name]:
            del self._windows[key]

    def admit(self, name: str, major: str) -> Verdict:
        """Count a request to a bucket, or refuse it: banned, over the global limit, or its own."""
        if (banned_for := self._left("invalid", "", count=False)) is not None:
            return Verdict({}, retry_after=banned_for, is_banned=True)
        if (wait := self._left("global", "")) is not None:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Verdict(headers | _retry(wait), retry_after=wait, is_global=True)
        retry_after = self._left(name, major)
        headers = self._headers(name, major)
        if retry_after is None:
            return Verdict(headers)
        headers |= {"X-RateLimit-Scope": "user"} | _retry(retry_after)
        return Verdict(headers, retry_after=retry_after)

    def refuse(self, name: str, major: str, scope: str, seconds: float) -> Verdict:
        """Refuse a request as if a limit of this scope were used up, whatever was counted."""
        headers = {"X-RateLimit-Scope": scope} | _retry(seconds)
        if scope == "global":
            headers["X-RateLimit-Global"] = "true"
            return Verdict(headers, retry_after=seconds, is_global=True)
        bucket = self._headers(name, major)
        if scope == "user":
            bucket |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{seconds:.3f}"}
        return Verdict(bucket | headers, retry_after=seconds, is_shared=scope == "shared")

    def count_invalid(self) -> None:
        """Count an answer of 401, 403 or 429: too many of them ban the address for a while."""
        self._left("invalid", "")

    @property
    def invalid_count(self) -> int:
        """How many such answers the present window has seen."""
        return self._window("invalid", "").used

    def _window(self, name: str, major: str) -> Window:
        window = self._windows.setdefault((name, major), Window())
        now = self.clock.monotonic()
        if window.ends_at <= now:
            window.ends_at = now + self.limits[name].within_seconds
            window.used = 0
        return window

    def _left(self, name: str, major: str, *, count: bool = True) -> float | None:
        window = self._window(name, major)
        if window.used >= self.limits[name].max:
            return window.ends_at - self.clock.monotonic()
        window.used += count
        return None

    def _headers(self, name: str, major: str) -> dict[str, str]:
        window = self._window(name, major)
        reset_after = window.ends_at - self.clock.monotonic()
        reset_at = self.clock.now().timestamp() + reset_after
        return {
            "X-RateLimit-Limit": str(self.limits[name].max),
            "X-RateLimit-Remaining": str(self.limits[name].max - window.used),
            "X-RateLimit-Reset": f"{reset_at:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            # Discord's hash names the route alone; clients add the major parameter themselves.
            "X-RateLimit-Bucket": hashlib.sha256(name.encode()).hexdigest()[:32],
        }


def _retry(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(seconds))}
