import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from voxguard.cli.app import main
from voxguard.cli.scaffold.content import repository_files


def _written(directory: Path) -> set[str]:
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    }


def test_the_current_directory_is_where_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an argument, as with `git init`; and then there is no other directory to go to."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert _written(tmp_path) == repository_files().keys()
    out, err = capsys.readouterr()
    assert out.startswith(
        f"A policy repository of {len(repository_files())} files is in {tmp_path}."
    )
    assert "  cd " not in out
    assert err == ""


@pytest.mark.parametrize(
    "name", ["new", "a b/c", "политика", "$HOME", "it's", "new\nline", "\udcff", ".", "-x"]
)
def test_a_directory_may_have_any_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """It is made with those above it, and the first step leads there, whatever a shell thinks."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--", name]) == 0
    assert _written(tmp_path / name) == repository_files().keys()
    if name.isprintable() and name != ".":
        assert f"\n  cd {shlex.quote(name)}\n" in capsys.readouterr().out


def test_the_steps_that_are_named_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever follows them finds each file, and commands that succeed."""
    place = tmp_path / "new"
    assert main(["init", str(place)]) == 0
    steps = capsys.readouterr().out.partition("Next:\n")[2].splitlines()
    assert len(steps) == 6
    for step in steps[1:]:
        command = step.strip().partition("  ")[0]
        if not command.startswith(("voxguard", "git")):
            assert (place / command).is_file()
    done = subprocess.run(
        ["bash", "-ec", "git init -q && git add . && git status --short | wc -l"],
        cwd=place,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == len(repository_files())


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is in the way is named, all else is as it was, and the exit code is that of usage."""
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / ".vscode").write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"error: this is in the way in {tmp_path}: .vscode, README.md\n"
        "hint: nothing was written; move it elsewhere, or choose another directory\n"
    )
    assert _written(tmp_path) == {"README.md", ".vscode"}
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_second_time_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has been made of it meanwhile stays."""
    assert main(["init", str(tmp_path)]) == 0
    guild = tmp_path / "policies" / "my-guild" / "guild.yaml"
    guild.write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert f"in the way in {tmp_path}: policies, .editorconfig, .github/" in capsys.readouterr().err
    assert guild.read_text() == "mine"
    assert _written(tmp_path) == repository_files().keys()


def test_a_file_is_no_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither at the place itself, nor above it; and a link that leads nowhere is none either."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "file/below/it", "link"):
        assert main(["init", str(tmp_path / name)]) == 2
        first = tmp_path / name.partition("/")[0]
        assert capsys.readouterr().err == f"error: {first} is not a directory\n"


def test_an_empty_name_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A variable of a script that is not set does not fill the current directory."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", ""]) == 2
    assert capsys.readouterr().err == "error: the directory's name is empty\n"
    assert _written(tmp_path) == set()


def test_where_nothing_can_be_written_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """With the system's reason; no traceback, and no other exit code than that of usage."""
    assert main(["init", "/proc/voxguard"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: no repository could be made in /proc/voxguard: ")
    assert err.endswith("\nhint: nothing of it was left behind\n")


def test_a_directory_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody has removed the current directory meanwhile."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    place.rmdir()
    assert main(["init"]) == 2
    assert "no repository could be made in .: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["there", "new"])
def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, where: str) -> None:
    """The real program, which cannot write more than 16 KiB into a file."""
    (tmp_path / "there").mkdir()
    command = f"ulimit -f 16; exec {shlex.quote(sys.executable)} -m voxguard init {where}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        # Nothing else is to write: neither bytecode nor what measures coverage.
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"error: no repository could be made in {where}: File too large\n"
        "hint: nothing of it was left behind\n"
    )
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
