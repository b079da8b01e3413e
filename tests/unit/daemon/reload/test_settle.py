"""Nothing is loaded while somebody is at it."""

import asyncio
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import rule
from voxguard.daemon.reload import git_lock, settle
from voxguard.daemon.reload.loader import Answer, Loader
from voxguard.daemon.reload.messages import Request, Verdict
from voxguard.daemon.reload.settle import Settler


async def until_it_waits(settler: Settler) -> str:
    """Wait until it says what it waits for."""
    async with asyncio.timeout(20):
        # Nothing tells of it.
        while settler.waiting is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return settler.waiting


async def test_files_that_keep_changing_are_told_of(
    loader: Loader, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the files do not rest nothing is loaded, and after a while this is said."""
    monkeypatch.setattr(settle, "_PATIENCE_SECONDS", 0.2)
    settler = Settler(policies, asyncio.Event())

    async def write() -> None:
        number = 1
        while True:
            number += 1
            (policies / "one.yaml").write_text(rule("one", number))
            await asyncio.sleep(0.05)

    writing = asyncio.create_task(write())
    loading = asyncio.create_task(settler.load(loader, Request(path=str(policies))))
    assert await until_it_waits(settler) == "the files of the policies keep changing"
    assert not loading.done()
    writing.cancel()
    await asyncio.wait({writing})
    _, answer = await loading
    assert answer.index is not None
    assert settler.waiting is None


async def test_half_a_second_of_quiet_comes_first(policies: Path) -> None:
    """Between the last write and the load lies the promised pause, however writes are spaced."""
    clock = asyncio.get_running_loop().time
    loaded_at: list[float] = []

    class Noted(Loader):
        async def load(self, request: Request) -> Answer:
            loaded_at.append(clock())
            return await super().load(request)

    loader = Noted()
    settler = Settler(policies, asyncio.Event())
    loading = asyncio.create_task(settler.load(loader, Request(path=str(policies))))
    written_at = 0.0
    for number in range(2, 7):
        await asyncio.sleep(0.3)
        (policies / "one.yaml").write_text(rule("one", number))
        written_at = clock()
    await loading
    await loader.close()
    assert len(loaded_at) == 1
    assert loaded_at[0] - written_at >= 0.5


async def test_a_lock_is_not_believed_for_ever(
    loader: Loader, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock whose time lies in the future ends the wait all the same."""
    monkeypatch.setattr(git_lock, "LONGEST_SECONDS", 0.5)
    monkeypatch.setattr(git_lock, "is_locked", lambda _: True)
    settler = Settler(policies, asyncio.Event())
    async with asyncio.timeout(20):
        _, answer = await settler.load(loader, Request(path=str(policies)))
    assert answer.reply.verdict is Verdict.LOADED


async def test_a_change_during_the_load_spoils_it(policies: Path, tmp_path: Path) -> None:
    """What has changed by the end of a load has to be loaded again, and nothing is kept of it."""

    class Slow(Loader):
        async def load(self, request: Request) -> Answer:
            answer = await super().load(request)
            (policies / "one.yaml").write_text(rule("one", 2))
            return answer

    loader = Slow()
    settler = Settler(policies, asyncio.Event())
    request = Request(path=str(policies), keep_in=str(tmp_path / "kept"))
    _, answer = await settler.load(loader, request)
    assert (answer.reply.verdict, answer.index) == (Verdict.MOVED, None)
    assert list((tmp_path / "kept").iterdir()) == []
    await loader.close()
