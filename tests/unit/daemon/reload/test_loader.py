"""Loading happens elsewhere, ends in time, and never holds the event loop up."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import GUILD, rule
from voxguard.daemon.reload.loader import Loader
from voxguard.daemon.reload.messages import Request, Verdict, secretless_environment
from voxguard.engine.wire import Assembler

# Five times the promise.
LONGEST_GAP_SECONDS = 0.25


@asynccontextmanager
async def gaps_measured() -> AsyncIterator[list[float]]:
    """Measure how long the event loop ever keeps somebody waiting whose turn has come."""
    loop = asyncio.get_running_loop()
    gaps = [0.0]

    async def measure() -> None:
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            gaps.append(loop.time() - before)

    measuring = asyncio.create_task(measure())
    try:
        yield gaps
    finally:
        measuring.cancel()
        await asyncio.wait({measuring})


def write_many_rules(root: Path) -> None:
    """Ten thousand rules."""
    rules = "".join(
        f"  rule-{number}:\n    who: {{members: ['{number + 1}']}}\n    where: lobby\n"
        f"    for: {number + 1}s\n    then: {{mute: true}}\n"
        for number in range(10_000)
    )
    (root / "many.yaml").write_text(f"version: 1\nrules:\n{rules}")


def write_many_ids(root: Path) -> None:
    """A list of a million ids."""
    (root / "ids.txt").write_text("\n".join(str(10**17 + number) for number in range(1_000_000)))
    (root / "many.yaml").write_text(
        "version: 1\nlists:\n  blocked: {files: [ids.txt]}\n"
        "rules:\n  block:\n    who: {lists: blocked}\n    then: {disconnect: true}\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("write", [write_many_rules, write_many_ids])
async def test_a_big_set_does_not_hold_the_loop_up(
    loader: Loader, policies: Path, write: object
) -> None:
    """While a big set is loaded and taken in everybody else has their turn."""
    assert callable(write)
    write(policies)
    # The first collection of a process is of all that it has imported.
    gc.collect()
    longest: list[float] = []
    # Whatever else the machine does makes gaps too, but hardly in three loads in a row.
    while len(longest) < 3 and not any(gap < LONGEST_GAP_SECONDS for gap in longest):
        async with gaps_measured() as gaps:
            answer = await loader.load(Request(path=str(policies)))
        assert answer.index is not None
        longest.append(max(gaps))
    assert min(longest) < LONGEST_GAP_SECONDS


async def test_what_is_active_already_is_not_sent(loader: Loader, policies: Path) -> None:
    """A set of the active revision is answered without its index, and is kept nowhere."""
    answer = await loader.load(Request(path=str(policies)))
    assert answer.reply.verdict is Verdict.LOADED
    assert answer.index is not None
    again = await loader.load(
        Request(
            path=str(policies),
            active_revision=answer.index.revision,
            keep_in=str(policies.with_name("kept")),
        )
    )
    assert (again.reply.verdict, again.index) == (Verdict.SAME, None)
    assert again.reply.digest == answer.reply.digest
    assert not policies.with_name("kept").exists()


async def test_where_nothing_can_be_kept_it_is_said(loader: Loader, policies: Path) -> None:
    """A place that cannot be written to does not keep a set from loading."""
    answer = await loader.load(
        Request(path=str(policies), keep_in=str(policies / "guild.yaml" / "kept"))
    )
    assert answer.index is not None
    assert answer.reply.kept is None
    assert "guild.yaml" in str(answer.reply.not_kept)


async def test_a_name_that_is_not_text(loader: Loader, tmp_path: Path) -> None:
    """Any path that the system takes can be loaded from."""
    root = tmp_path / os.fsdecode(b"caf\xe9")
    root.mkdir()
    (root / "guild.yaml").write_text(GUILD)
    answer = await loader.load(Request(path=str(root)))
    assert answer.index is not None


async def test_a_load_that_takes_too_long_is_given_up(policies: Path) -> None:
    """After the time limit the process is killed and the failure named."""
    loader = Loader(timeout_seconds=0.2)
    await loader.prepare()
    assert loader._spare is not None
    loader._spare.send_signal(signal.SIGSTOP)
    answer = await loader.load(Request(path=str(policies)))
    assert answer.reply.verdict is Verdict.FAILED
    assert answer.reply.failure == "loading took more than 0.2 seconds"
    await loader.close()


async def test_a_process_that_is_killed_is_a_failure(loader: Loader, policies: Path) -> None:
    """What killed the process is named."""
    await loader.prepare()
    process = loader._spare
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    loading = asyncio.create_task(loader.load(Request(path=str(policies))))
    await asyncio.sleep(0)
    process.kill()
    answer = await loading
    assert answer.reply.verdict is Verdict.FAILED
    assert "signal 9" in str(answer.reply.failure)


async def test_a_load_can_be_cancelled(loader: Loader, policies: Path) -> None:
    """A daemon that stops does not wait for a load, and its process ends."""
    await loader.prepare()
    process = loader._spare
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    loading = asyncio.create_task(loader.load(Request(path=str(policies))))
    await asyncio.sleep(0)
    loading.cancel()
    await asyncio.wait({loading}, timeout=5)
    assert loading.cancelled()
    await loader.close()
    assert process.returncode == -signal.SIGKILL


async def test_no_process_is_left_behind(policies: Path) -> None:
    """Closing ends a process that waits for work; before a load one is enough."""
    loader = Loader()
    await loader.prepare()
    process = loader._spare
    await loader.prepare()
    assert loader._spare is process is not None
    await loader.close()
    assert process.returncode == 0
    await loader.close()


async def test_a_process_that_died_waiting_is_replaced(loader: Loader, policies: Path) -> None:
    """A load does not fail because of what happened before it."""
    await loader.prepare()
    assert loader._spare is not None
    loader._spare.kill()
    await loader._spare.wait()
    assert (await loader.load(Request(path=str(policies)))).index is not None


async def test_a_system_that_is_short_is_a_failure(
    loader: Loader, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no process can be started the load fails, and the next one may go well."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(policies / "nowhere"))
        answer = await loader.load(Request(path=str(policies)))
    assert answer.reply.verdict is Verdict.FAILED
    assert "no process" in str(answer.reply.failure)
    assert (await loader.load(Request(path=str(policies)))).index is not None


async def test_a_program_that_was_replaced_is_a_failure(
    loader: Loader, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces that another release has written are not taken for an index."""

    def refuse(*_: object) -> None:
        raise AttributeError("Rule")

    monkeypatch.setattr(Assembler, "feed", refuse)
    answer = await loader.load(Request(path=str(policies)))
    assert (answer.reply.verdict, answer.index) == (Verdict.FAILED, None)
    assert "was the program replaced?" in str(answer.reply.failure)


async def test_what_loads_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has neither the token nor the way to the database."""
    for name in ("DISCORD_TOKEN", "DATABASE_URL", "PGPASSWORD"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in secretless_environment().values()


async def test_modules_beside_the_policies_are_not_imported(
    loader: Loader, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that bears the name of a module does no harm where the daemon is started."""
    (policies / "json.py").write_text("raise SystemExit(3)")
    (policies / "two.yaml").write_text(rule("two", 5))
    monkeypatch.chdir(policies)
    assert (await loader.load(Request(path=str(policies)))).index is not None
