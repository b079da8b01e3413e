"""A policy set may be taken away, replaced or swapped as a whole."""

import shutil
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import Running, write_set


def take_away(policies: Path, how: str) -> None:
    """Make a policy set be one no longer."""
    match how:
        case "deleted":
            shutil.rmtree(policies)
        case "emptied":
            for file in policies.iterdir():
                file.unlink()
        case "moved":
            policies.rename(policies.with_name("elsewhere"))
        case "replaced by a file":
            shutil.rmtree(policies)
            policies.write_text("not a directory")
        case _:
            policies.unlink(missing_ok=True)


def swap(path: Path, other: Path) -> None:
    """Put another directory in the place of one, which goes aside."""
    if path.exists():
        path.rename(other.with_name(f"{other.name}-before"))
    other.rename(path)


@pytest.mark.parametrize("how", ["deleted", "emptied", "moved", "replaced by a file"])
async def test_a_set_that_is_gone_replaces_nothing(
    running: Running, policies: Path, how: str
) -> None:
    """Whatever became of the directory, the old revision stays until there is a good one."""
    async with running() as daemon:
        take_away(policies, how)
        await daemon.until(lambda: daemon.status.errors)
        assert daemon.candidates == []
        if how == "replaced by a file":
            take_away(policies, "altogether")
        write_set(policies, 2)
        assert await daemon.handed_on(1) == {2}


async def test_a_directory_that_is_replaced_is_noticed(running: Running, policies: Path) -> None:
    """A new directory under the old name is watched like the one before, again and again."""
    async with running() as daemon:
        for number in (2, 3):
            write_set(policies.with_name(f"next{number}"), number)
            swap(policies, policies.with_name(f"next{number}"))
            assert await daemon.handed_on(number - 1) == {number}
        write_set(policies, 4)
        assert await daemon.handed_on(3) == {4}


async def test_a_link_that_is_swapped_is_noticed(
    running: Running, policies: Path, tmp_path: Path
) -> None:
    """Where the path leads through a link, what counts is what it leads to."""
    write_set(tmp_path / "b" / "set", 2)
    (tmp_path / "a").mkdir()
    swap(tmp_path / "a" / "set", policies)
    (tmp_path / "current").symlink_to("a")
    async with running(tmp_path / "current" / "set") as daemon:
        (tmp_path / "next").symlink_to("b")
        (tmp_path / "next").rename(tmp_path / "current")
        assert await daemon.handed_on(1) == {2}
        write_set(tmp_path / "b" / "set", 3)
        assert await daemon.handed_on(2) == {3}


async def test_links_inside_of_the_set_are_followed(running: Running, policies: Path) -> None:
    """A volume whose files are links through one that is swapped changes as a whole."""
    for number in (1, 2):
        write_set(policies / f"..{number}", number)
    (policies / "..data").symlink_to("..1")
    for name in ("guild", "one", "two"):
        (policies / f"{name}.yaml").unlink()
        (policies / f"{name}.yaml").symlink_to(f"..data/{name}.yaml")
    async with running() as daemon:
        (policies / "..next").symlink_to("..2")
        (policies / "..next").rename(policies / "..data")
        assert await daemon.handed_on(1) == {2}
