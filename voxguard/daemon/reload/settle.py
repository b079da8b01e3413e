"""Waiting until a change is over: nothing is loaded while somebody is at it."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from voxguard.daemon.reload import git_lock
from voxguard.daemon.reload.loader import Answer, Loader
from voxguard.daemon.reload.messages import Reply, Request, Verdict
from voxguard.daemon.reload.survey import Survey, survey
from voxguard.daemon.revisions import discard

QUIET_SECONDS: Final = 0.5
_BREATHER_SECONDS: Final = 0.05
_LOCK_SECONDS: Final = 0.1
_PATIENCE_SECONDS: Final = 10.0


def _not_followed(_survey: Survey) -> None:
    """Nobody listens."""


class Settler:
    """Looks at a policy set, and knows when it was last seen to change.

    `wake` is set when something may have changed. It only makes the looking quicker; what
    counts is what is seen. `waiting` says what is waited for, None when nothing is that
    anybody need hear of.
    """

    def __init__(
        self,
        path: Path,
        wake: asyncio.Event,
        looked: Callable[[Survey], None] = _not_followed,
    ) -> None:
        """Look at `path`, and tell `looked` what was seen every time."""
        self.path = path
        self._wake = wake
        self._looked = looked
        self._locked_since: float | None = None
        self.waiting: str | None = None

    async def look(self) -> Survey:
        """Look now."""
        self._wake.clear()
        seen = await asyncio.to_thread(survey, self.path)
        self._looked(seen)
        return seen

    async def woken(self, timeout_seconds: float | None) -> None:
        """Wait until something may have changed, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._wake.wait()
                self._wake.clear()

    async def load(self, loader: Loader, request: Request) -> tuple[Survey, Answer]:
        """Load what has been quiet for half a second and stays so until it is loaded.

        The verdict is MOVED when it did not stay so.
        """
        await loader.prepare()
        seen = await self._settled()
        answer = await loader.load(request)
        if await self._locked() or (await self.look()).signature != seen.signature:
            if answer.reply.kept is not None:
                await asyncio.to_thread(discard, answer.reply.kept)
            answer = Answer(Reply(verdict=Verdict.MOVED))
        return seen, answer

    async def _settled(self) -> Survey:
        clock = asyncio.get_running_loop().time
        began_at = quiet_since = clock()
        seen = await self.look()
        try:
            while True:
                await self.woken(quiet_since + QUIET_SECONDS - clock())
                looked_at = clock()
                current = await self.look()
                if await self._locked():
                    self.waiting = "git is at work in the repository of the policies"
                    seen, quiet_since = current, clock()
                    await self.woken(_LOCK_SECONDS)
                elif current.signature != seen.signature:
                    seen, quiet_since = current, looked_at
                    if looked_at - began_at > _PATIENCE_SECONDS:
                        self.waiting = "the files of the policies keep changing"
                elif looked_at - quiet_since >= QUIET_SECONDS:
                    return seen
                # Whoever writes a thousand files is not watched at each of them.
                await asyncio.sleep(_BREATHER_SECONDS)
        finally:
            self.waiting = None

    async def _locked(self) -> bool:
        """Whether git is at work, and has not been for longer than is believable."""
        now = asyncio.get_running_loop().time()
        if not await asyncio.to_thread(git_lock.is_locked, self.path):
            self._locked_since = None
            return False
        if self._locked_since is None:
            self._locked_since = now
        return now - self._locked_since < git_lock.LONGEST_SECONDS
