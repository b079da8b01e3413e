import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from voxguard.cli.scaffold.place import create, in_the_way

FILES = {"a.txt": b"a", "policies/g/b.yaml": b"b", "policies/c.yaml": b"c", ".x/y/z": b"z"}
TOO_LONG = "n" * 300


def _tree(directory: Path) -> dict[str, bytes | None]:
    """Everything below a directory; of directories only that they are there."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
    }


class Interrupted(Mapping[str, bytes]):
    """Files of which the last one is never reached."""

    def __getitem__(self, name: str) -> bytes:
        return FILES[name]

    def __iter__(self) -> Iterator[str]:
        yield from list(FILES)[:3]
        raise KeyboardInterrupt

    def __len__(self) -> int:
        return len(FILES)


def test_a_new_directory_is_made_with_all_above_it(tmp_path: Path) -> None:
    """Every file has its contents, and nothing else is there."""
    create(tmp_path / "one" / "two", FILES)
    found = {name for name, data in _tree(tmp_path).items() if data is not None}
    assert found == {f"one/two/{name}" for name in FILES}
    assert (tmp_path / "one/two/.x/y/z").read_bytes() == b"z"


def test_modes_are_the_usual_ones(tmp_path: Path) -> None:
    """Others may read what is made as far as whoever makes it lets them."""
    before = os.umask(0o027)
    try:
        create(tmp_path / "new", FILES)
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "new" / "a.txt").stat().st_mode & 0o777 == 0o640


def test_what_is_in_a_directory_stays(tmp_path: Path) -> None:
    """Files and directories that are not in the way are as they were."""
    (tmp_path / ".x").mkdir()
    (tmp_path / ".x" / "other").write_bytes(b"other")
    create(tmp_path, FILES)
    assert _tree(tmp_path)[".x/other"] == b"other"
    assert FILES.items() <= _tree(tmp_path).items()


@pytest.mark.parametrize("where", ["", "new", "one/two/three"])
@pytest.mark.parametrize(
    ("files", "error"),
    [({**FILES, TOO_LONG: b""}, OSError), (Interrupted(), KeyboardInterrupt)],
    ids=["error", "interrupt"],
)
def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, where: str, files: Mapping[str, bytes], error: type[BaseException]
) -> None:
    """Nor any of the directories above; what was there before is as it was."""
    (tmp_path / "mine").write_bytes(b"mine")
    with pytest.raises(error):
        create(tmp_path / where, files)
    assert _tree(tmp_path) == {"mine": b"mine"}


def test_a_file_that_turns_up_is_not_written_over(tmp_path: Path) -> None:
    """Even when it was not there at the look before."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "c.yaml").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        create(tmp_path, FILES)
    assert _tree(tmp_path) == {"policies": None, "policies/c.yaml": b"mine"}


def test_what_others_put_into_it_meanwhile_stays(tmp_path: Path) -> None:
    """When all is undone, a directory goes only if nothing of somebody else's is in it."""

    class Meddled(Interrupted):
        def __iter__(self) -> Iterator[str]:
            yield "policies/c.yaml"
            (tmp_path / "policies" / "theirs").write_bytes(b"theirs")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create(tmp_path, Meddled())
    assert _tree(tmp_path) == {"policies": None, "policies/theirs": b"theirs"}


def test_nothing_is_in_the_way_of_a_new_place(tmp_path: Path) -> None:
    """Neither in what does not exist, nor among files of other names."""
    (tmp_path / "policies").mkdir()
    (tmp_path / ".x").mkdir()
    (tmp_path / "b.txt").touch()
    assert in_the_way(tmp_path / "new", FILES, "policies") == []
    assert in_the_way(tmp_path, FILES, "policies") == []


def test_whatever_is_in_the_way_is_named(tmp_path: Path) -> None:
    """Files, links that lead nowhere, and files and links where directories are to be."""
    (tmp_path / "a.txt").symlink_to("nowhere")
    (tmp_path / ".x").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".x" / "y").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "policies").touch()
    assert in_the_way(tmp_path, FILES, "policies") == ["a.txt", "policies", ".x/y"]


def test_policies_that_are_there_are_in_the_way(tmp_path: Path) -> None:
    """Two sets in one directory would be one set, and none of them what it was."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "mine.yaml").touch()
    assert in_the_way(tmp_path, FILES, "policies") == ["policies"]
