"""Whatever is done to the files, and however: only whole sets are ever handed on."""

import asyncio
import random
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import Daemon, Running, numbers, rule, write_set

EDITS = 200
COMMITS = range(1000, 1010)
# Five times the promise.
IN_FORCE_SECONDS = 10.0
# The language ends a change at a pause of 500 ms; a machine that dozed off is excused.
LONGEST_PAUSE = 0.4


def git(directory: Path, *arguments: str) -> None:
    """Run git, whoever we are."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=directory, check=True, timeout=30)


class Editor:
    """Changes a policy set from one number to the next in many ways."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)  # noqa: S311 - made up edits
        self.number = 1
        self.complete = {1}
        self.dozed_off: set[int] = set()
        self._last_at = 0.0
        self.ways: tuple[Callable[[], Awaitable[None]], ...] = (
            self.in_place,
            self.atomically,
            self.by_way_of_nonsense,
            self.by_checkout,
            self.by_directory,
            self.by_way_of_nothing,
        )

    async def edit(self) -> None:
        """Make one change, beginning and ending with a whole set."""
        self.number += 1
        self._last_at = time.monotonic()
        await self.random.choice(self.ways)()
        await self.pause()
        self.complete.add(self.number)

    async def pause(self) -> None:
        """Let others have a look at what is half done, now and then a long one."""
        longest = 0.3 if self.random.random() < 0.1 else 0.03
        await asyncio.sleep(self.random.uniform(0, longest))
        now = time.monotonic()
        if now - self._last_at > LONGEST_PAUSE:
            self.dozed_off.add(self.number)
        self._last_at = now

    def files(self) -> list[tuple[Path, str]]:
        """What the files should be, in any order."""
        files = [(self.root / f"{name}.yaml", rule(name, self.number)) for name in ("one", "two")]
        self.random.shuffle(files)
        return files

    async def in_place(self) -> None:
        """Write over the files, a part at a time."""
        for path, text in self.files():
            middle = self.random.randrange(len(text))
            with path.open("w") as file:
                for part in (text[:middle], text[middle:]):
                    file.write(part)
                    file.flush()
                    await self.pause()

    async def atomically(self) -> None:
        """Write aside and rename, file by file."""
        for path, text in self.files():
            aside = path.with_name(f".{path.name}.tmp")
            aside.write_text(text)
            aside.rename(path)
            await self.pause()

    async def by_way_of_nonsense(self) -> None:
        """Break everything first."""
        for path, _ in self.files():
            path.write_bytes(self.random.randbytes(50))
            await self.pause()
        await self.in_place()

    async def by_checkout(self) -> None:
        """Let git bring the files of a commit."""
        self.number = self.random.choice(COMMITS)
        await asyncio.to_thread(git, self.root.parent, "checkout", "-q", "-f", f"n{self.number}")

    async def by_directory(self) -> None:
        """Put a new directory in the place of the old one."""
        new, old = self.root.with_name("new"), self.root.with_name("old")
        write_set(new, self.number)
        self.root.rename(old)
        await self.pause()
        new.rename(self.root)
        shutil.rmtree(old)

    async def by_way_of_nothing(self) -> None:
        """Take everything away first."""
        shutil.rmtree(self.root)
        await self.pause()
        write_set(self.root, self.number)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a commit for each of some numbers, at a set that says 1."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    for number in (*COMMITS, 1):
        write_set(root / "set", number)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", f"{number}")
        git(root, "tag", f"n{number}")
    return root


async def in_force(daemon: Daemon, number: int) -> None:
    """Wait until what the files say is what is done."""
    await daemon.until(
        lambda: (
            daemon.candidates
            and numbers(daemon.candidates[-1]) == {number}
            and daemon.status.revision == daemon.candidates[-1].revision
            and daemon.status.in_force
        ),
        IN_FORCE_SECONDS,
    )


@pytest.mark.slow
async def test_only_whole_sets_are_handed_on(
    running: Running, repository: Path, seeds: range
) -> None:
    """Of many random edits every candidate was once complete, and the last one is in force."""
    for seed in seeds[::10]:
        editor = Editor(repository / "set", seed)
        async with running(repository / "set") as daemon:
            for count in range(1, EDITS + 1):
                await editor.edit()
                if count % 20 == 0 or editor.random.random() < 0.02:
                    await in_force(daemon, editor.number)
            await in_force(daemon, editor.number)
        said = [numbers(each) for each in daemon.candidates]
        mixed = [each for each in said if len(each) != 1 and not each & editor.dozed_off]
        assert mixed == []
        assert set().union(*said) <= editor.complete | editor.dozed_off
        assert len(daemon.candidates) >= EDITS // 20
        write_set(repository / "set", 1)
