"""The daemon's side of loading: a process for each load, and an event loop that goes on."""

import asyncio
import contextlib
import gc
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The pieces of an index name the classes of conditions and effects, and to import them is not
# for the moment when the first piece comes.
import voxguard.policy.rules  # noqa: F401
from voxguard.daemon.reload.messages import (
    HEADER_BYTES,
    PIECE,
    Reply,
    Request,
    Verdict,
    secretless_environment,
)
from voxguard.engine.index import RuleIndex
from voxguard.engine.wire import Assembler

TIMEOUT_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_BUFFER_BYTES: Final = 1 << 20

# The process sees the modules that we see, wherever we were started and whatever lies there.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from voxguard.daemon.reload.child import main; main()"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a load; there is an index where the verdict is LOADED."""

    reply: Reply
    index: RuleIndex | None = None


class Loader:
    """Loads policy sets, one at a time, each in a process that was started ahead of it."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Give up a load that takes longer than this."""
        self._timeout_seconds = timeout_seconds
        self._spare: Process | None = None
        self._ending: set[asyncio.Task[int]] = set()

    async def prepare(self) -> None:
        """Start a process now, since a load is coming; what keeps it from starting comes then."""
        if self._spare is None or self._spare.returncode is not None:
            self._spare = None
            with contextlib.suppress(OSError):
                self._spare = await _start()

    async def load(self, request: Request) -> Answer:
        """Load a policy set; what goes wrong with the process is in the reply."""
        await self.prepare()
        process, self._spare = self._spare, None
        if process is None:
            return _failed("no process can be started to load the policies: the system is short")
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await _converse(process, request)
        except TimeoutError:
            _kill(process)
            return _failed(f"loading took more than {self._timeout_seconds:g} seconds")
        except (asyncio.IncompleteReadError, ConnectionError):
            return _failed(f"the process that loads the policies ended {await _how(process)}")
        except Exception as error:  # noqa: BLE001 - whatever the pieces of another release do
            what = f"{type(error).__name__}: {error}"
            return _failed(f"what has loaded cannot be used ({what}): was the program replaced?")
        except BaseException:
            _kill(process)
            raise
        finally:
            ending = asyncio.create_task(_end(process))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Leave no process behind."""
        spare, self._spare = self._spare, None
        if spare is not None:
            assert spare.stdin is not None  # noqa: S101 - asked for at the start
            spare.stdin.close()
            await _end(spare)
        if self._ending:
            await asyncio.wait(self._ending)


async def _start() -> Process:
    paths = [entry or str(Path.cwd()) for entry in sys.path]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _PROGRAM,
        *paths,
        stdin=PIPE,
        stdout=PIPE,
        limit=_BUFFER_BYTES,
        env=secretless_environment(),
        # Ctrl-C on a terminal is for the daemon, which ends this process itself.
        start_new_session=True,
    )


async def _converse(process: Process, request: Request) -> Answer:
    assert process.stdin is not None  # noqa: S101 - asked for at the start
    assert process.stdout is not None  # noqa: S101 - as above
    process.stdin.write(request.encode())
    await process.stdin.drain()
    kind, payload = await _frame(process.stdout)
    if kind != PIECE:
        return Answer(_reply(payload))
    assembler = Assembler()
    with _no_collections():
        while kind == PIECE:
            assembler.feed(payload)
            # Between two pieces everybody else has their turn.
            await asyncio.sleep(0)
            kind, payload = await _frame(process.stdout)
        reply = _reply(payload)
        index = assembler.finish() if reply.verdict is Verdict.LOADED else None
    return Answer(reply, index)


async def _frame(stream: asyncio.StreamReader) -> tuple[bytes, bytes]:
    header = await stream.readexactly(HEADER_BYTES)
    return header[:1], await stream.readexactly(int.from_bytes(header[1:], "big"))


def _reply(payload: bytes) -> Reply:
    reply: Reply = pickle.loads(payload)  # noqa: S301 - a process of our own wrote it
    return reply


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector from walking the index, now and ever after.

    It has no cycles, and a walk over 10,000 rules holds the event loop up for 100 ms. What
    is garbage already is collected first: it could not be any more.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _failed(failure: str) -> Answer:
    return Answer(Reply(verdict=Verdict.FAILED, failure=failure))


async def _how(process: Process) -> str:
    code = await _end(process)
    if code < 0:
        return f"by signal {-code}; the machine may have run out of memory"
    return f"early, with exit code {code}"


async def _end(process: Process) -> int:
    """See a process off, which ends by itself when it has answered or is not needed."""
    assert process.stdin is not None  # noqa: S101 - asked for at the start
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        _kill(process)
    process.stdin.close()
    return await process.wait()


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
