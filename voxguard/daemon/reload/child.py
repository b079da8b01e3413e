"""The process that loads policies, so that the daemon's event loop need not wait for it.

It is started ahead of need and waits, with everything imported, for one request.
"""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voxguard.daemon.reload.messages import (
    MAX_REQUEST_BYTES,
    PIECE,
    Reply,
    Request,
    Verdict,
    encode_reply,
    frames,
)
from voxguard.daemon.revisions import Staged, stage
from voxguard.engine.compile import compile_policies
from voxguard.engine.wire import dumps
from voxguard.policy.files import Sources, read_sources
from voxguard.policy.load import Loaded, load_sources

_NICENESS: Final = 5
_MOST_PROBLEMS: Final = 1000


def main() -> None:
    """Answer the request that comes in through standard input, then end."""
    os.nice(_NICENESS)
    # Whatever prints must not end up between the pieces.
    answers = os.dup(1)
    os.dup2(2, 1)
    line = sys.stdin.buffer.readline(MAX_REQUEST_BYTES)
    if not line:
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # There is next to nothing to collect, and looking for it would take half of the time.
    gc.disable()
    try:
        with os.fdopen(answers, "wb") as pipe:
            pipe.writelines(_answers(line))
    except BrokenPipeError:
        # Nobody listens any more.
        return


def _answers(line: bytes) -> Iterator[bytes]:
    try:
        yield from answer(Request.decode(line))
    except Exception as error:  # noqa: BLE001 - the daemon has to hear of any
        failure = f"loading broke off: {type(error).__name__}: {error}"
        yield from encode_reply(Reply(verdict=Verdict.FAILED, failure=failure))


def answer(request: Request) -> Iterator[bytes]:
    """The pieces of the index, if it is wanted, and the last word."""
    sources = read_sources(request.path)
    loaded = load_sources(sources)
    if read_sources(request.path).digest != loaded.digest:
        yield from encode_reply(Reply(verdict=Verdict.MOVED))
        return
    policy_set = loaded.policy_set
    if policy_set is None:
        yield from encode_reply(_reply(Verdict.INVALID, loaded, ""))
    elif policy_set.revision == request.active_revision:
        yield from encode_reply(_reply(Verdict.SAME, loaded, policy_set.revision))
    else:
        for piece in dumps(compile_policies(policy_set)):
            yield from frames(PIECE, piece)
        kept, not_kept = _keep(sources, request.keep_in)
        reply = _reply(Verdict.LOADED, loaded, policy_set.revision, kept, not_kept)
        yield from encode_reply(reply)


def _reply(
    verdict: Verdict,
    loaded: Loaded,
    revision: str,
    kept: Staged | None = None,
    not_kept: str | None = None,
) -> Reply:
    return Reply(
        verdict=verdict,
        digest=loaded.digest,
        revision=revision,
        problems=loaded.problems[:_MOST_PROBLEMS],
        kept=kept,
        not_kept=not_kept,
    )


def _keep(sources: Sources, directory: str) -> tuple[Staged | None, str | None]:
    if not directory:
        return None, None
    try:
        return stage(sources, Path(directory)), None
    except OSError as error:
        return None, f"{error.filename or directory}: {error.strerror or error}"


def _end_with_parent() -> None:
    """End at once when the daemon does: nobody is left to be answered."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
