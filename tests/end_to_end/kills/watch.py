"""How long members stay as no policy wants them, looked at all the time."""

import asyncio
import time
from dataclasses import dataclass

from tests.end_to_end.kills.crowd import EVERYBODY, Crowd

LOOK_SECONDS = 0.1
HALL_SECONDS = 1.0
"""So long everybody may be in the hall."""


@dataclass(slots=True)
class Fault:
    """A member is not as wanted since an instant on the steady clock, and has not acted since."""

    since: float
    acted_at: float
    what: str


class Watch:
    """Looks at everybody; `standing` are those who are not as they should be."""

    def __init__(self, crowd: Crowd) -> None:
        self.standing: dict[str, Fault] = {}
        self._crowd = crowd

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Bring `standing` up to date: whoever acts is wrong anew, if at all."""
        now = time.monotonic()
        for name in EVERYBODY:
            what, acted_at = self._crowd.astray(name), self._crowd.acted_at[name]
            fault = self.standing.get(name)
            if what is None or (what == "is in the hall" and now - acted_at < HALL_SECONDS):
                self.standing.pop(name, None)
            elif fault is None or (fault.what, fault.acted_at) != (what, acted_at):
                self.standing[name] = Fault(now, acted_at, what)

    def left_over(self, instant: float) -> dict[str, str]:
        """Who is wrong now and has been since that instant, or longer."""
        self.look()
        return {name: each.what for name, each in self.standing.items() if each.since <= instant}

    async def right_since(self, instant: float, timeout_seconds: float) -> dict[str, str]:
        """Return when nobody is left over from then, or who still is when the time is up."""
        deadline = time.monotonic() + timeout_seconds
        while (left := self.left_over(instant)) and time.monotonic() < deadline:  # noqa: ASYNC110 - that time passes is no event
            await asyncio.sleep(LOOK_SECONDS)
        return left
