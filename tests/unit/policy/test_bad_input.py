from collections.abc import Callable
from pathlib import Path

import pytest

from voxguard.policy.load import load

GUILD = b"version: 1\nguild: {id: 1}\n"
RULES = b"version: 1\nrules: {x: {then: {mute: true}}}\n"
BOMB = b"version: 1\na0: &a0 [x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 30)
)


def _with(path: Path, data: bytes) -> Path:
    (path / "guild.yaml").write_bytes(GUILD)
    (path / "a.yaml").write_bytes(data)
    return path


def _huge(path: Path) -> Path:
    _with(path, b"")
    with (path / "a.yaml").open("wb") as file:
        file.truncate(100 * 2**20)
    return path


def _outside(path: Path) -> Path:
    (path / "ids.txt").write_bytes(b"1\n")
    (path / "set").mkdir()
    return _with(path / "set", b"version: 1\nlists: {x: {files: [../ids.txt]}}\n")


def _linked(path: Path) -> Path:
    (path / "ids.txt").write_bytes(b"1\n")
    (path / "set").mkdir()
    (path / "set" / "ids.txt").symlink_to(path / "ids.txt")
    return _with(path / "set", b"version: 1\nlists: {x: {files: [ids.txt]}}\n")


CASES: dict[str, tuple[Callable[[Path], Path], str | tuple[str, ...], str]] = {
    "missing directory": (lambda path: path / "gone", ".", "does not exist."),
    "empty directory": (lambda path: path, ".", "There is no policy file (*.yaml) in"),
    "a file": (lambda path: _with(path, b"") / "a.yaml", ".", "is not a directory."),
    "binary": (lambda path: _with(path, b"\x7fELF\0\1"), "a.yaml:1:1", "The invisible character"),
    "zeros": (lambda path: _with(path, b"a\0b"), "a.yaml:1:2", "The file is not text."),
    "100 MB": (_huge, "a.yaml", "The file has 100 MiB; 64 are allowed."),
    "alias bomb": (lambda path: _with(path, BOMB), "a.yaml:7:34", "The aliases of this file stand"),
    "brackets": (
        lambda path: _with(path, b"[" * 100_000),
        ("a.yaml:1:61", "a.yaml:1:1001"),
        "Values are nested more than 60 levels deep.",
    ),
    "braces": (lambda path: _with(path, b"{a: " * 100_000), "a.yaml:1:241", "Values are nested"),
    "duplicate keys": (
        lambda path: _with(path, RULES + b"rules: {}\n"),
        "a.yaml:3:1",
        "The key 'rules' stands here again, first in line 2.",
    ),
    "unknown keys": (
        lambda path: _with(path, b"version: 1\nrulez: {}\n"),
        "a.yaml:2:1",
        "There is no key 'rulez' here.",
    ),
    "a tab": (
        lambda path: _with(path, b"version: 1\nrules:\n\tx: 1"),
        "a.yaml:3:1",
        "A tab is used",
    ),
    "two documents": (
        lambda path: _with(path, RULES + b"---\n"),
        "a.yaml:3:1",
        "A second document",
    ),
    "custom tags": (
        lambda path: _with(path, b"version: 1\nrules: !!python/name:os.system {}\n"),
        "a.yaml:2:8",
        "The tag tag:yaml.org,2002:python/name:os.system is not allowed;",
    ),
    "Latin-1": (
        lambda path: _with(path, b"version: 1\n# L\xf6we\n"),
        "a.yaml:2:4",
        "The byte 0xf6 is not UTF-8; the file may be Latin-1.",
    ),
    "list outside": (_outside, "a.yaml:2:21", "The file '../ids.txt' lies outside the policy set."),
    "list linked outside": (_linked, "a.yaml:2:21", "The file 'ids.txt': The link leads outside"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_an_error_with_its_place(tmp_path: Path, case: str) -> None:
    """None of it loads, none of it takes long, and none of it raises anything."""
    prepare, place, message = CASES[case]
    loaded = load(prepare(tmp_path))
    assert loaded.policy_set is None
    found = [(str(problem.mark), problem.message) for problem in loaded.problems]
    # Where libyaml itself ends depends on its release.
    places = (place,) if isinstance(place, str) else place
    assert [text for mark, text in found if mark in places and message in text], found


def test_a_byte_order_mark_and_crlf_load(tmp_path: Path) -> None:
    """Files that an editor on Windows has saved are as good as any."""
    _with(tmp_path, b"\xef\xbb\xbf" + RULES.replace(b"\n", b"\r\n"))
    assert load(tmp_path).problems == ()
