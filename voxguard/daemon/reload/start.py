"""The policies that a daemon starts with: the files, or else the last good revision."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from voxguard.daemon.reload.loader import Answer, Loader
from voxguard.daemon.reload.messages import Reply, Request, Verdict
from voxguard.daemon.reload.settle import Settler
from voxguard.daemon.reload.status import Candidate, ReloadStatus, broken
from voxguard.daemon.revisions import DamagedRevisionError, Revisions
from voxguard.errors import PolicyError
from voxguard.model.problems import Problem

_PATIENCE_SECONDS: Final = 60.0


class NoPoliciesError(PolicyError):
    """The files do not load, and there is no last good revision to go on with."""

    def __init__(self, message: str, problems: tuple[Problem, ...], *, hint: str) -> None:
        """Keep every problem of the files beside the message, which tells the first."""
        super().__init__(message, hint=hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Start:
    """The revision to begin with, how things stand, and what the files looked like.

    The signature is empty when the files have not been read and should soon be.
    """

    path: Path
    candidate: Candidate
    status: ReloadStatus
    signature: str


async def load_initial(path: Path, loader: Loader, revisions: Revisions) -> Start:
    """Load the policy set at `path`; where it does not load, the last good revision.

    Raises:
        NoPoliciesError: Neither can be used.
    """
    settler = Settler(path, asyncio.Event())
    request = Request(path=str(path), keep_in=str(revisions.directory))
    signature, answer = "", Answer(Reply(verdict=Verdict.MOVED))
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while answer.reply.verdict is Verdict.MOVED:
                seen, answer = await settler.load(loader, request)
                signature = seen.signature
    except TimeoutError:
        pass
    reply = answer.reply
    if reply.verdict in {Verdict.MOVED, Verdict.FAILED}:
        signature = ""
    if answer.index is not None:
        candidate = Candidate.of(reply, answer.index)
        status = ReloadStatus(
            revision=candidate.revision,
            digest=reply.digest,
            since=await asyncio.to_thread(_since, revisions, candidate.revision),
            problems=reply.problems,
            not_kept=reply.not_kept,
        )
        return Start(path, candidate, status, signature)
    candidate = await _last_good(path, reply, loader, revisions)
    status = ReloadStatus(
        revision=candidate.revision,
        digest=reply.digest,
        since=await asyncio.to_thread(_since, revisions, candidate.revision),
        problems=reply.problems,
        failure=None if reply.verdict is Verdict.INVALID else broken(reply, path),
        from_last_good=True,
    )
    return Start(path, candidate, status, signature)


def _since(revisions: Revisions, revision: str) -> datetime | None:
    """When this revision was put in force, if it was the active one before the start."""
    try:
        kept = revisions.active()
    except DamagedRevisionError:
        return None
    return kept.activated_at if kept is not None and kept.revision == revision else None


async def _last_good(path: Path, reply: Reply, loader: Loader, revisions: Revisions) -> Candidate:
    message = f"the policies in {path} do not load: {broken(reply, path)}"
    try:
        kept = await asyncio.to_thread(revisions.active)
    except DamagedRevisionError as error:
        raise NoPoliciesError(
            f"{message}; neither can the last good revision be used: {error}",
            reply.problems,
            hint=f"correct the files: voxguard lint {path} lists every problem",
        ) from None
    if kept is None:
        raise NoPoliciesError(
            message, reply.problems, hint=f"correct them: voxguard lint {path} lists every problem"
        )
    answer = await loader.load(Request(path=str(kept.path)))
    if answer.index is None or answer.reply.digest != kept.digest:
        why = broken(answer.reply, kept.path) or "its files have been changed"
        raise NoPoliciesError(
            f"{message}; the last good revision in {kept.path} is damaged: {why}",
            reply.problems,
            hint=f"correct the files: voxguard lint {path} lists every problem",
        )
    return Candidate.of(answer.reply, answer.index)
