"""A change of files becomes a revision, or a reason why not; real files, real processes."""

import asyncio
import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import Running, numbers, rule, write_set
from voxguard.daemon.reload.loader import Answer, Loader
from voxguard.daemon.reload.messages import Request
from voxguard.daemon.reload.reloader import Reloader
from voxguard.daemon.reload.status import LoadCounts
from voxguard.daemon.revisions import Revisions

# Five times the promise, on a machine that does other things as well.
IN_FORCE_SECONDS = 5.0


def replace_atomically(file: Path, text: str) -> None:
    """Write aside and rename, as careful editors do."""
    aside = file.with_name(f".{file.name}.tmp")
    aside.write_text(text)
    aside.rename(file)


async def test_a_change_is_in_force_soon(running: Running, policies: Path) -> None:
    """What was written last is handed on within the promised time, as one revision."""
    async with running() as daemon:
        for number in (2, 3):
            began = time.monotonic()
            write_set(policies, number)
            assert await daemon.handed_on(number - 1) == {number}
            assert time.monotonic() - began < IN_FORCE_SECONDS
            await daemon.until(
                lambda: daemon.told and daemon.told[-1].revision == daemon.candidates[-1].revision
            )
            assert daemon.told[-1].in_force
            since = daemon.status.since
            assert since is not None
            assert datetime.now(UTC) - since < timedelta(seconds=IN_FORCE_SECONDS)
        assert daemon.reloader is not None
        assert daemon.reloader.counts == LoadCounts(loaded=3)


async def test_a_change_of_form_decides_nothing(running: Running, policies: Path) -> None:
    """A comment changes the files and not the revision, so nothing is handed on."""
    async with running() as daemon:
        with (policies / "one.yaml").open("a") as file:
            file.write("# why\n")
        await daemon.until(lambda: daemon.told)
        assert daemon.candidates == []
        assert daemon.told[-1].in_force


async def test_a_broken_edit_changes_nothing_and_says_where(
    running: Running, policies: Path
) -> None:
    """The old revision stays, the problem is told once with its place, and a fix clears it."""
    async with running() as daemon:
        before = daemon.status.revision
        replace_atomically(policies / "one.yaml", "version: 1\nrules: [\n")
        await daemon.until(lambda: daemon.told)
        (problem,) = daemon.status.errors
        assert (problem.mark.file, problem.mark.line) == ("one.yaml", 3)
        assert daemon.status.revision == before
        assert not daemon.status.in_force
        assert daemon.status.word() == "files do not load"

        assert await daemon.reload_now() == daemon.status
        assert len(daemon.told) == 1

        replace_atomically(policies / "one.yaml", rule("one", 1))
        await daemon.until(lambda: not daemon.status.errors)
        assert daemon.candidates == []
        assert daemon.status.in_force


async def test_a_change_that_nobody_tells_of_is_noticed(
    running: Running, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the kernel's word a change is seen all the same, even one that keeps its time."""
    monkeypatch.setattr("voxguard.daemon.reload.watch.Watch.follow", lambda *_: None)
    async with running() as daemon:
        for name in ("one", "two"):
            file = policies / f"{name}.yaml"
            before = file.stat()
            file.write_text(rule(name, 2))
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert await daemon.handed_on(1) == {2}


async def test_git_at_work_is_waited_for(running: Running, policies: Path) -> None:
    """As long as the index lock of the repository is there, nothing is loaded."""
    (policies.parent / ".git").mkdir()
    lock = policies.parent / ".git" / "index.lock"
    async with running() as daemon:
        lock.touch()
        write_set(policies, 2)
        async with asyncio.timeout(20):
            # Nothing tells of it.
            while daemon.reloader is None or daemon.reloader.waiting is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "git" in daemon.reloader.waiting
        assert daemon.candidates == []
        write_set(policies, 3)
        lock.unlink()
        assert await daemon.handed_on(1) == {3}


async def test_by_hand_nothing_is_loaded_unasked(running: Running, policies: Path) -> None:
    """With reloading by hand a change waits for a word, and each asker gets the result."""
    async with running(automatic=False) as daemon:
        write_set(policies, 2)
        first, second = await asyncio.gather(daemon.reload_now(), daemon.reload_now())
        assert first == second == daemon.status
        assert [numbers(each) for each in daemon.candidates] == [{2}]
        write_set(policies, 3)
        (policies / "guild.yaml").unlink()
        assert (await daemon.reload_now()).errors
        assert len(daemon.candidates) == 1


async def test_a_refused_candidate_is_staged(
    running: Running, policies: Path, revisions: Revisions
) -> None:
    """What is not made active is shown as staged, and is not the last good revision."""
    async with running() as daemon:
        daemon.accepts = False
        before = daemon.status.revision
        write_set(policies, 2)
        await daemon.until(lambda: daemon.status.staged)
        assert daemon.status.staged == daemon.candidates[0].revision
        assert daemon.status.revision == before
        assert daemon.status.word() == "staged"
        active = revisions.active()
        assert active is not None
        assert active.revision == before
        daemon.accepts = True
        await daemon.reload_now()
        assert daemon.status.in_force
        active = revisions.active()
        assert active is not None
        assert active.revision == daemon.candidates[-1].revision != before


async def test_a_full_disk_does_not_keep_a_revision_back(
    running: Running, policies: Path, revisions: Revisions
) -> None:
    """Where the files cannot be kept the revision is active all the same, and this is said."""
    async with running() as daemon:
        shutil.rmtree(revisions.directory)
        revisions.directory.write_text("in the way")
        write_set(policies, 2)
        await daemon.handed_on(1)
        await daemon.until(lambda: daemon.status.revision == daemon.candidates[0].revision)
        assert str(revisions.directory) in str(daemon.status.not_kept)


async def test_an_asker_is_not_left_waiting(running: Running, policies: Path) -> None:
    """Whoever asks while the daemon stops is told so."""
    async with running() as daemon:
        asking = asyncio.create_task(daemon.reload_now())
        await asyncio.sleep(0)
    await asyncio.wait({asking}, timeout=10)
    assert asking.cancelled()


async def test_a_load_that_broke_off_is_tried_again(
    running: Running, policies: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load that breaks off is a failure that is told, and is tried again by itself."""
    monkeypatch.setattr(f"{Reloader.__module__}._RETRY_SECONDS", 0)
    async with running() as daemon:
        loader._timeout_seconds = 0.001
        write_set(policies, 2)
        await daemon.until(lambda: daemon.status.failure)
        assert daemon.candidates == []
        assert daemon.status.word() == "files do not load"
        loader._timeout_seconds = 30
        assert await daemon.handed_on(1) == {2}
        await daemon.until(lambda: daemon.status.in_force)


async def test_a_load_that_was_disturbed_is_repeated(
    running: Running, policies: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed while it was loaded is loaded again, and whoever asked gets that result."""
    load = loader.load
    disturb = [2]

    async def disturbed(request: Request) -> Answer:
        answer = await load(request)
        for number in disturb:
            write_set(policies, number)
        disturb.clear()
        return answer

    async with running(automatic=False) as daemon:
        monkeypatch.setattr(loader, "load", disturbed)
        write_set(policies, 3)
        status = await daemon.reload_now()
        assert status.in_force
        assert await daemon.handed_on(1) == {2}
