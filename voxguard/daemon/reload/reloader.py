"""The one task that loads policies while the daemon runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from voxguard.daemon.reload.loader import Answer, Loader
from voxguard.daemon.reload.messages import Request, Verdict
from voxguard.daemon.reload.settle import Settler
from voxguard.daemon.reload.start import Start
from voxguard.daemon.reload.status import Candidate, LoadCounts, ReloadStatus, broken
from voxguard.daemon.reload.watch import Watch
from voxguard.daemon.revisions import Revisions, discard

RESCAN_SECONDS: Final = 2.0
"""How long a change can go unnoticed that the kernel does not tell of."""
_BREATHER_SECONDS: Final = 0.05
_RETRY_SECONDS: Final = 60.0

Activate = Callable[[Candidate], Awaitable[bool]]
"""Makes a revision the active one; False when it is not to be, or not yet."""


class Reloader:
    """Notices changes of a policy set, loads it, and hands on what is new and good.

    Whoever asks for a load, one is done at a time. `changed` is told of every new status,
    and so of each content that does not load once.
    """

    def __init__(
        self,
        loader: Loader,
        revisions: Revisions,
        start: Start,
        *,
        activate: Activate,
        changed: Callable[[ReloadStatus], None],
        now: Callable[[], datetime],
        automatic: bool = True,
    ) -> None:
        """Go on from a start; with `automatic` off nothing is loaded unless asked for."""
        self._path = start.path
        self._loader = loader
        self._revisions = revisions
        self._first = start.candidate
        self._status = start.status
        self.counts = _counts(start.status)
        self._seen = start.signature
        self._activate = activate
        self._changed = changed
        self._now = now
        self._automatic = automatic
        self._wake = asyncio.Event()
        self._requests: list[asyncio.Future[ReloadStatus]] = []
        self._retry_at: float | None = None
        self._settler = Settler(start.path, self._wake)

    @property
    def status(self) -> ReloadStatus:
        """How the policies stand."""
        return self._status

    @property
    def waiting(self) -> str | None:
        """What a load that is due waits for, if it is worth telling."""
        return self._settler.waiting

    async def reload_now(self) -> ReloadStatus:
        """Load what the files hold now, and say how things stand then.

        Raises:
            asyncio.CancelledError: The daemon stops.
        """
        request: asyncio.Future[ReloadStatus] = asyncio.get_running_loop().create_future()
        self._requests.append(request)
        self._wake.set()
        return await request

    async def run(self) -> None:
        """Reload until cancelled."""
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, self._wake.set)
        watch = Watch(wake)
        if self._automatic:
            self._settler = Settler(self._path, self._wake, watch.follow)
        try:
            self._tell(replace(self._status, not_kept=await self._keep(self._first)))
            while True:
                if self._requests or (self._automatic and await self._due()):
                    await self._load()
                else:
                    await self._settler.woken(RESCAN_SECONDS if self._automatic else None)
        finally:
            await asyncio.to_thread(watch.stop)
            for request in self._requests:
                request.cancel()

    async def _due(self) -> bool:
        seen = await self._settler.look()
        if seen.signature != self._seen:
            return True
        if self._retry_at is not None and asyncio.get_running_loop().time() >= self._retry_at:
            return True
        await asyncio.sleep(_BREATHER_SECONDS)
        return False

    async def _load(self) -> None:
        request = Request(
            path=str(self._path),
            keep_in=str(self._revisions.directory),
            active_revision=self._status.revision,
        )
        # Whoever asks while a load is under way may know of files that it has not seen.
        asked, self._requests = self._requests, []
        try:
            seen, answer = await self._settler.load(self._loader, request)
            if answer.reply.verdict is Verdict.MOVED:
                self._requests = [*asked, *self._requests]
                self._seen, asked = "", []
                return
            self._seen = seen.signature
            self._retry_at = None
            self._tell(await self._take(answer))
            for each in asked:
                each.set_result(self._status)
        finally:
            for each in asked:
                each.cancel()

    async def _take(self, answer: Answer) -> ReloadStatus:
        reply = answer.reply
        before = replace(self._status, failure=None, staged="")
        match reply.verdict:
            case Verdict.LOADED if answer.index is not None:
                self.counts.loaded += 1
                return await self._offer(Candidate.of(reply, answer.index), before)
            case Verdict.SAME:
                self.counts.same += 1
                return replace(
                    before, digest=reply.digest, problems=reply.problems, from_last_good=False
                )
            case Verdict.INVALID:
                self.counts.invalid += 1
                return replace(before, digest=reply.digest, problems=reply.problems)
            case _:
                self.counts.failed += 1
                self._retry_at = asyncio.get_running_loop().time() + _RETRY_SECONDS
                return replace(before, failure=broken(reply, self._path))

    async def _offer(self, candidate: Candidate, before: ReloadStatus) -> ReloadStatus:
        if not await self._activate(candidate):
            if candidate.kept is not None:
                await asyncio.to_thread(discard, candidate.kept)
            return replace(
                before,
                digest=candidate.digest,
                problems=candidate.warnings,
                staged=candidate.revision,
            )
        return ReloadStatus(
            revision=candidate.revision,
            digest=candidate.digest,
            since=self._now(),
            problems=candidate.warnings,
            not_kept=await self._keep(candidate),
        )

    async def _keep(self, candidate: Candidate) -> str | None:
        """Keep the files of the active revision; why not, if they cannot be."""
        kept = candidate.kept
        if kept is None:
            return candidate.not_kept
        try:
            await asyncio.to_thread(self._revisions.activate, kept, candidate.revision, self._now())
        except OSError as error:
            return f"{error.filename or self._revisions.directory}: {error.strerror or error}"
        return None

    def _tell(self, status: ReloadStatus) -> None:
        if status != self._status:
            self._status = status
            self._changed(status)


def _counts(first: ReloadStatus) -> LoadCounts:
    """The load with which the daemon has started."""
    if not first.from_last_good:
        return LoadCounts(loaded=1)
    return LoadCounts(invalid=1) if first.errors else LoadCounts(failed=1)
