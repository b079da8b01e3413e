import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.store.records import decision
from voxguard.errors import UnsafeError
from voxguard.ports.outbox import OutboxBatch, OutboxError
from voxguard.store.outbox import FileOutbox
from voxguard.store.outbox_file import outbox_error, set_aside
from voxguard.store.outbox_schema import SCHEMA
from voxguard.store.outbox_writer import CHECKPOINT_GROUPS


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def test_file_and_directory_are_the_owners_alone(tmp_path: Path) -> None:
    """The outbox tells who was where: nobody else may read it, its log included."""
    path = tmp_path / "state" / "outbox.sqlite3"
    outbox = await FileOutbox.open(path)
    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    assert mode(path.parent) == 0o700
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    await outbox.close()
    path.chmod(0o644)
    again = await FileOutbox.open(path)
    await again.close()
    assert mode(path) == 0o600


def test_a_file_that_cannot_be_used_is_a_setting_that_cannot_be_used() -> None:
    """`voxguard run` ends with 2 then, as for any other state directory that will not do."""
    error = outbox_error(Path("outbox.sqlite3"), sqlite3.OperationalError("no"))
    assert error.exit_code == 2


async def test_the_log_is_brought_into_the_file_between_commits(tmp_path: Path) -> None:
    """What commits have written does not stay in the log until one of them must move it all."""
    path = tmp_path / "outbox.sqlite3"
    outbox = await FileOutbox.open(path)
    for number in range(CHECKPOINT_GROUPS):
        await outbox.commit(OutboxBatch(decisions=(decision(number),)))
    # A piece of work is done before, another after nobody was waiting.
    await outbox.counts()
    await outbox.counts()
    # Immutable: the log is not looked at.
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as file:
        (count,) = file.execute("SELECT count(*) FROM actions").fetchone()
    await outbox.close()
    assert count == CHECKPOINT_GROUPS


@pytest.mark.parametrize("damage", ["text", "middle"])
async def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: str) -> None:
    """The daemon starts with a fresh outbox and is told where the damaged one lies."""
    path = tmp_path / "outbox.sqlite3"
    for number in (1, 2):
        outbox = await FileOutbox.open(path)
        for start in range(0, 500, 50):
            batch = OutboxBatch(decisions=tuple(decision(n + 1) for n in range(start, start + 50)))
            await outbox.commit(batch)
        await outbox.close()
        content = path.read_bytes()
        bad = b"certainly no database, this file" * 200
        if damage == "middle":
            bad = content[:4096] + b"\xff" * 16384 + content[20480:]
        path.write_bytes(bad)
        outbox = await FileOutbox.open(path)
        aside = path.with_name(f"outbox.sqlite3.corrupt-{number}")
        assert outbox.set_aside == aside
        state = await outbox.load()
        assert (state.set_aside, state.decisions) == (aside, ())
        assert aside.read_bytes() == bad
        await outbox.close()


async def test_the_log_of_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    """A fresh file never meets the write-ahead log of the damaged one."""
    path = tmp_path / "outbox.sqlite3"
    path.write_bytes(b"no database" * 1000)
    (tmp_path / "outbox.sqlite3-wal").write_bytes(b"its log")
    outbox = await FileOutbox.open(path)
    await outbox.commit(OutboxBatch(decisions=(decision(),)))
    assert b"its log" not in (tmp_path / "outbox.sqlite3-wal").read_bytes()
    await outbox.close()


def test_every_part_of_a_damaged_file_is_renamed(tmp_path: Path) -> None:
    """What could still be read of it, with tools for that, stays together."""
    path = tmp_path / "outbox.sqlite3"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).write_text(suffix)
    aside = set_aside(path)
    assert {file.name for file in tmp_path.iterdir()} == {
        aside.name,
        f"{aside.name}-wal",
        f"{aside.name}-shm",
    }


async def test_a_file_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    """Going back to an older release does not destroy what a newer one has written."""
    path = tmp_path / "outbox.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(UnsafeError, match="later release"):
        await FileOutbox.open(path)
    assert path.read_bytes() == before


async def test_a_place_that_cannot_be_written_is_an_error_for_people(tmp_path: Path) -> None:
    """A state directory that is a file, or a file that is a directory, is said so."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="outbox"):
        await FileOutbox.open(tmp_path / "file" / "outbox.sqlite3")
    with pytest.raises(OutboxError, match="Is a directory"):
        await FileOutbox.open(tmp_path)


async def test_a_file_that_another_program_holds_is_an_error_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that does not go away is reported, not waited for without end."""
    monkeypatch.setattr("voxguard.store.outbox_file._BUSY_SECONDS", 0.1)
    path = tmp_path / "outbox.sqlite3"
    await (await FileOutbox.open(path)).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutboxError, match="another program holds it"):
        await FileOutbox.open(path)
    other.close()


def test_an_unforeseen_error_is_told_in_sqlites_words(tmp_path: Path) -> None:
    """No failure is without a cause."""
    assert "odd thing" in str(outbox_error(tmp_path, sqlite3.OperationalError("odd thing")))


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from tests.unit.store.records import decision
from voxguard.ports.outbox import OutboxBatch, OutboxError
from voxguard.store.outbox import FileOutbox

def batch(number):
    return OutboxBatch(decisions=(decision(number, details={"x": "y" * 20_000}),))

async def main():
    outbox = await FileOutbox.open(Path(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    kept = 0
    try:
        while True:
            await outbox.commit(batch(kept + 1))
            kept += 1
    except OutboxError as error:
        print(kept, error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await outbox.commit(batch(kept + 1))
    await outbox.close()

asyncio.run(main())
"""


async def test_a_full_disk_fails_the_commit_and_later_ones_succeed(tmp_path: Path) -> None:
    """A commit without room is an error, what was reported before stays, and room ends it.

    A limit on the size of files stands in for the disk's.
    """
    path = tmp_path / "outbox.sqlite3"
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this loop
        [sys.executable, "-c", FULL_DISK, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    kept, _, message = done.stdout.strip().partition(" ")
    assert int(kept) > 0
    assert "outbox.sqlite3: " in message
    outbox = await FileOutbox.open(path)
    assert len((await outbox.load()).decisions) == int(kept) + 1
    await outbox.close()
