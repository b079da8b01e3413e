"""Whatever a load would see differently makes a difference from outside."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from voxguard.daemon.reload.survey import survey


def touch_up(root: Path) -> None:
    """Change a file and set its time back."""
    file = root / "one.yaml"
    before = file.stat()
    file.write_text(file.read_text().replace("1s", "2s"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a write": lambda root: (root / "one.yaml").write_text("x"),
    "a write that keeps the time": touch_up,
    "a new file": lambda root: (root / "three.yml").touch(),
    "a new list": lambda root: (root / "ids.txt").touch(),
    "a file less": lambda root: (root / "one.yaml").unlink(),
    "another name": lambda root: (root / "one.yaml").rename(root / "four.yaml"),
    "a mode": lambda root: (root / "one.yaml").chmod(0o400),
    "a link to a directory": lambda root: (root / "link").symlink_to("/"),
    "a link to nothing": lambda root: (root / "link.yaml").symlink_to("nowhere"),
    "a link to itself": lambda root: (root / "link.yaml").symlink_to("link.yaml"),
    "no directory": lambda root: root.rename(root.with_name("elsewhere")),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "a look": lambda root: (root / "one.yaml").read_text(),
    "a hidden file": lambda root: (root / ".one.yaml.swp").touch(),
    "a repository": lambda root: (root / ".git").mkdir(),
    "an empty directory": lambda root: (root / "guild").mkdir(),
    "a test": lambda root: (root / "one.test.yaml").touch(),
    "another kind of file": lambda root: (root / "README.md").touch(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(policies: Path, name: str) -> None:
    """What may change a load changes the signature."""
    before = survey(policies)
    CHANGES[name](policies)
    assert survey(policies).signature != before.signature


@pytest.mark.parametrize("name", NO_CHANGES)
def test_the_rest_is_not(policies: Path, name: str) -> None:
    """What no load would read does not cause one."""
    before = survey(policies)
    NO_CHANGES[name](policies)
    assert survey(policies).signature == before.signature


def test_every_link_on_the_way_is_known(policies: Path, tmp_path: Path) -> None:
    """The replacement of any link on the way to the set can be watched for."""
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(tmp_path)
    path = tmp_path / "first" / "set"
    assert survey(path).links == {
        str(path),
        str(tmp_path / "first"),
        str(tmp_path / "second" / "set"),
        str(tmp_path / "second"),
        str(policies),
    }


def test_a_circle_of_links_is_no_trap(tmp_path: Path) -> None:
    """A path that leads nowhere is looked at like one that does not exist."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert survey(tmp_path / "a") == survey(tmp_path / "a")


def test_a_replaced_directory_is_another(policies: Path) -> None:
    """Directories are known by more than their names."""
    before = survey(policies).directories
    policies.rename(policies.with_name("old"))
    policies.mkdir()
    assert survey(policies).directories != before


def test_links_that_lead_nowhere_are_no_trap(policies: Path) -> None:
    """They may stand beside the files under any name."""
    before = survey(policies)
    (policies / "loop").symlink_to("loop")
    (policies / "nowhere").symlink_to("one.yaml/x")
    assert survey(policies).signature == before.signature


def test_a_link_that_goes_while_it_is_looked_at(
    policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that is replaced in two steps is not there for a moment."""
    link = policies.with_name("link")
    link.symlink_to(policies)
    read = Path.readlink

    def gone(path: Path) -> Path:
        if path == link:
            link.unlink(missing_ok=True)
        return read(path)

    monkeypatch.setattr(Path, "readlink", gone)
    assert survey(link).links == {str(link)}
