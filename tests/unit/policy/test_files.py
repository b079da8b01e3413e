import os
from pathlib import Path

import pytest

from voxguard.policy import files
from voxguard.policy.files import read_sources, read_tests


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A policy set with one of everything."""
    root = tmp_path / "set"
    for name, text in {
        "guild.yaml": "version: 1",
        "a/b/rules.yml": "version: 1",
        "a/ids.txt": "1",
        "a/IDS.CSV": "id",
        "a/rules.test.yaml": "no",
        "a/x.test.yml": "no",
        ".hidden/x.yaml": "no",
        ".x.yaml": "no",
        "README.md": "no",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_what_belongs_to_a_set(tree: Path) -> None:
    """YAML and list files at any depth; neither hidden files nor policy tests."""
    sources = read_sources(tree)
    assert list(sources.policies) == ["a/b/rules.yml", "guild.yaml"]
    assert list(sources.lists) == ["a/IDS.CSV", "a/ids.txt"]
    assert sources.policies["guild.yaml"] == b"version: 1"
    assert (dict(sources.faults), sources.problems) == ({}, ())


def test_tests_are_read_for_themselves(tree: Path) -> None:
    """Test files at any depth, and nothing of the set."""
    sources = read_tests(tree)
    assert dict(sources.policies) == {"a/rules.test.yaml": b"no", "a/x.test.yml": b"no"}
    assert (dict(sources.lists), dict(sources.faults), sources.problems) == ({}, {}, ())


def test_the_root_may_be_a_link(tree: Path, tmp_path: Path) -> None:
    """Deployments switch links; the digest is that of what they lead to."""
    link = tmp_path / "current"
    link.symlink_to(tree)
    assert read_sources(link) == read_sources(str(tree))
    assert read_sources(link).digest == read_sources(tree).digest


def test_the_digest_tells_any_two_states_apart(tree: Path) -> None:
    """Contents, names, faults and what is in which file; not what does not belong."""
    digests = [read_sources(tree).digest]

    def changed() -> bool:
        digests.append(read_sources(tree).digest)
        return len(set(digests)) == len(digests)

    (tree / "guild.yaml").write_text("version: 2")
    assert changed()
    (tree / "a/ids.txt").write_text("12")
    assert changed()
    (tree / "a/ids.txt").rename(tree / "a/idz.txt")
    assert changed()
    (tree / "dangling.yaml").symlink_to("nowhere")
    assert changed()
    (tree / "linked").symlink_to("a")
    assert changed()
    (tree / "README.md").write_text("changed")
    assert not changed()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "The policy directory {path} does not exist."),
        ("file", "The policy directory {path} is not a directory."),
        ("empty", "There is no policy file (*.yaml) in {path}."),
        ("lists", "There is no policy file (*.yaml) in {path}."),
    ],
)
def test_no_set_at_all(tmp_path: Path, name: str, message: str) -> None:
    """Missing, a file, empty, or nothing but lists: an error that names the path."""
    (tmp_path / "file").write_text("version: 1")
    (tmp_path / "empty").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.txt").symlink_to("/etc/passwd")
    path = tmp_path / name
    (problem,) = read_sources(path).problems
    assert problem.check == "VG001"
    assert problem.message == message.format(path=path)
    assert "VOXGUARD_POLICIES" in (problem.hint or "")


def test_what_cannot_be_read_is_a_fault(tree: Path, tmp_path: Path) -> None:
    """Links that lead outside or nowhere, pipes, and files that may not be read."""
    (tmp_path / "outside.yaml").write_text("version: 1")
    (tree / "escape.yaml").symlink_to(tmp_path / "outside.yaml")
    (tree / "inside.yaml").symlink_to("guild.yaml")
    (tree / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(tree / "pipe.yaml")
    sources = read_sources(tree)
    assert {name: fault.message for name, fault in sources.faults.items()} == {
        "dangling.txt": "Reading failed: No such file or directory.",
        "escape.yaml": "The link leads outside the policy set.",
        "pipe.yaml": "This is not a regular file.",
    }
    assert sources.policies["inside.yaml"] == b"version: 1"


def test_links_to_directories_are_said_not_to_be_followed(tree: Path) -> None:
    """They would load files twice or in circles; silence would lose them."""
    (tree / "loop").symlink_to(tree)
    (tree / ".hidden-link").symlink_to(tree)
    (problem,) = read_sources(tree).problems
    assert (problem.mark.file, problem.check) == ("loop", "VG002")


def test_a_directory_that_cannot_be_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root reads everything, so the refusal is put in by hand."""
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("/b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (problem,) = read_sources(tree).problems
    assert problem.mark.file == "a/b/"
    assert problem.message == "Reading failed: Permission denied."


def test_there_are_limits(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a policy file, to a list file, to all files together, and to their number."""
    monkeypatch.setattr(files, "MAX_POLICY_BYTES", 9)
    faults = read_sources(tree).faults
    assert set(faults) == {"a/b/rules.yml", "guild.yaml"}
    assert faults["guild.yaml"].check.id == "VG003"
    monkeypatch.setattr(files, "MAX_POLICY_BYTES", 10)
    monkeypatch.setattr(files, "MAX_LIST_BYTES", 0)
    assert set(read_sources(tree).faults) == {"a/IDS.CSV", "a/ids.txt"}
    monkeypatch.setattr(files, "MAX_LIST_BYTES", 10)
    monkeypatch.setattr(files, "MAX_TOTAL_BYTES", 22)
    assert set(read_sources(tree).faults) == {"guild.yaml"}
    monkeypatch.setattr(files, "MAX_ENTRIES", 5)
    (problem,) = read_sources(tree).problems
    assert problem.message == "There are more than 5 files here."


def test_a_huge_file_is_not_read(tree: Path) -> None:
    """Its size is enough to refuse it."""
    with (tree / "huge.yaml").open("wb") as file:
        file.truncate(100 * 2**20)
    fault = read_sources(tree).faults["huge.yaml"]
    assert fault.message == "The file has 100 MiB; 64 are allowed."


def test_a_name_that_is_not_utf_8_can_be_shown(tree: Path) -> None:
    """Whatever is on disk, a problem about it can be printed."""
    Path(os.fsdecode(os.fsencode(tree) + b"/\xff.yaml")).write_text("version: 1")
    (name,) = set(read_sources(tree).policies) - {"a/b/rules.yml", "guild.yaml"}
    assert name.encode().decode() == "\ufffd.yaml"


def test_links_that_lead_round_in_a_circle_are_no_trap(tree: Path) -> None:
    """One that is named like a policy is a fault; any other is not part of the set."""
    (tree / "loop.yaml").symlink_to("loop.yaml")
    (tree / "loop").symlink_to("loop")
    (tree / "nowhere").symlink_to("guild.yaml/x")
    sources = read_sources(tree)
    assert sources.problems == ()
    assert set(sources.faults) == {"loop.yaml"}
    assert sources.faults["loop.yaml"].message.startswith("Reading failed: ")


def test_a_path_that_is_not_utf_8_is_one_that_does_not_exist() -> None:
    """Whatever a shell hands over is an answer, not an accident."""
    sources = read_sources(os.fsdecode(b"/nowhere/\xff"))
    assert [problem.check for problem in sources.problems] == ["VG001"]
    assert len(sources.digest) == 64
