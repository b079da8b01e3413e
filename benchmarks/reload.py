"""How long a change takes until it is handed on, and how long the event loop waits meanwhile.

Run it as `python -m benchmarks.reload`.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from voxguard.daemon.reload.loader import Loader
from voxguard.daemon.reload.messages import Request
from voxguard.daemon.reload.reloader import Reloader
from voxguard.daemon.reload.start import load_initial
from voxguard.daemon.reload.status import Candidate
from voxguard.daemon.revisions import Revisions

GUILD = 'version: 1\nguild:\n  id: "1"\n  channels: {lobby: "2"}\n'
CHANGES = 5
TICK_SECONDS = 0.001


def write_rules(root: Path, count: int, round_: int) -> None:
    """Rules of one member each, with as many inline entries as ten times their number."""
    rules = "".join(
        f"  rule-{number}:\n    who: {{members: ['{number + 1}']}}\n    where: lobby\n"
        f"    for: {number + round_ + 1}s\n    then: {{mute: true}}\n"
        for number in range(count)
    )
    entries = "".join(f'      - "{10**17 + number}"\n' for number in range(min(count * 10, 10_000)))
    (root / "rules.yaml").write_text(
        f"version: 1\nlists:\n  blocked:\n    entries:\n{entries}rules:\n{rules}"
        f"  block:\n    who: {{lists: blocked}}\n    then: {{disconnect: true}}\n"
    )


def write_ids(root: Path, count: int, round_: int) -> None:
    """One rule and a text file of ids."""
    (root / "ids.txt").write_text("\n".join(str(10**17 + n + round_) for n in range(count)))
    (root / "rules.yaml").write_text(
        "version: 1\nlists:\n  blocked: {files: [ids.txt]}\n"
        "rules:\n  block:\n    who: {lists: blocked}\n    then: {disconnect: true}\n"
    )


async def longest_gap(work: asyncio.Task[float]) -> float:
    """The longest time for which the event loop was held up while work was done."""
    longest, loop = 0.0, asyncio.get_running_loop()
    while not work.done():
        before = loop.time()
        await asyncio.sleep(TICK_SECONDS)
        longest = max(longest, loop.time() - before - TICK_SECONDS)
    return longest


async def load(root: Path, loader: Loader) -> float:
    """Load a set once, from a process that is ready to a whole index."""
    began = time.perf_counter()
    answer = await loader.load(Request(path=str(root)))
    assert answer.index is not None, answer.reply  # noqa: S101 - figures of failures are none
    return time.perf_counter() - began


async def changes(root: Path, loader: Loader, write: Callable[[int], None]) -> list[float]:
    """The seconds from the last write until the candidate is handed on, each time."""
    handed_on = asyncio.Event()

    async def activate(_candidate: Candidate) -> bool:
        handed_on.set()
        return True

    revisions = Revisions(root.with_name(f"{root.name}-revisions"))
    reloader = Reloader(
        loader,
        revisions,
        await load_initial(root, loader, revisions),
        activate=activate,
        changed=lambda _: None,
        now=lambda: datetime.now(UTC),
    )
    running = asyncio.create_task(reloader.run())
    await reloader.reload_now()
    seconds = []
    for round_ in range(1, CHANGES + 1):
        handed_on.clear()
        await asyncio.to_thread(write, round_)
        began = time.perf_counter()
        await handed_on.wait()
        seconds.append(time.perf_counter() - began)
    running.cancel()
    await asyncio.wait({running})
    return seconds


async def measure(name: str, write: Callable[[Path, int, int], None], count: int) -> None:
    """Print the figures of a kind of policy set."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "set"
        root.mkdir()
        (root / "guild.yaml").write_text(GUILD)
        write(root, count, 0)
        loader = Loader()
        await loader.prepare()
        gc.collect()
        loading = asyncio.create_task(load(root, loader))
        gap = await longest_gap(loading)
        print(f"{name}: loaded in {await loading:.2f} s, loop held up for {gap * 1000:.0f} ms")
        seconds = await changes(root, loader, lambda round_: write(root, count, round_))
        print(
            f"{name}: handed on {sorted(seconds)[len(seconds) // 2]:.2f} s after the last write"
            f" (median; worst {max(seconds):.2f} s)"
        )
        await loader.close()


async def main() -> None:
    """Measure sets of several sizes."""
    await measure("10 rules, 100 entries", write_rules, 10)
    await measure("1,000 rules, 10,000 entries", write_rules, 1_000)
    await measure("10,000 rules, 10,000 entries", write_rules, 10_000)
    await measure("1,000,000 ids in a text file", write_ids, 1_000_000)


if __name__ == "__main__":
    asyncio.run(main())
