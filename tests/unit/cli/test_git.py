import os
import subprocess
from pathlib import Path

import pytest

from voxguard.cli import git
from voxguard.cli.git import read_base
from voxguard.errors import UsageError

GUILD = "version: 1\nguild: {id: '1'}\n"


def run(root: Path, *arguments: str) -> str:
    """What git says, asked as somebody in particular."""
    command = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    return subprocess.check_output([*command, *arguments], text=True).strip()


def commit(root: Path, files: dict[str, str], message: str = "x") -> str:
    """Write files, and commit the whole directory."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    run(root, "add", "-A")
    run(root, "commit", "-qm", message)
    return run(root, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which nothing is committed yet."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    run(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def test_the_files_are_those_of_the_set_then(root: Path) -> None:
    """Policies with their contents, list files by name; nothing else, whatever is there now."""
    first = commit(
        root,
        {
            "policies/guild.yaml": GUILD,
            "policies/a b/ü.yml": "version: 1\n",
            "policies/a b/x.test.yaml": "-",
            "policies/.hidden/x.yaml": "-",
            "policies/.x.yaml": "-",
            "policies/x.csv": "id\n",
            "policies/x.md": "-",
            "other/guild.yaml": "-",
        },
    )
    commit(root, {"policies/guild.yaml": "other"})
    (root / "policies" / "guild.yaml").unlink()
    base = read_base(root / "policies", "HEAD~1")
    assert dict(base.sources.policies) == {
        "a b/ü.yml": b"version: 1\n",
        "guild.yaml": GUILD.encode(),
    }
    assert base.files == {"x.csv"}
    assert (base.called, base.commit) == ("HEAD~1", first)
    assert str(base) == f"HEAD~1 ({first[:12]})"
    assert str(read_base(root / "policies", first[:7])) == first[:12]


def test_a_set_may_be_the_whole_repository(root: Path) -> None:
    """And may be named by a link, a branch or a tag."""
    commit(root, {"guild.yaml": GUILD, "empty.yaml": ""})
    run(root, "tag", "-a", "v1", "-m", "x")
    link = root.with_name(f"{root.name}-link")
    link.symlink_to(root)
    for directory, rev in ((root, "main"), (link, "v1"), (root, "HEAD^{/x}")):
        assert set(read_base(directory, rev).sources.policies) == {"empty.yaml", "guild.yaml"}


def test_links_are_followed_inside_the_set(root: Path) -> None:
    """As when a directory is read; what leads outside or nowhere is left out."""
    commit(root, {"p/guild.yaml": GUILD, "p/d/real.in": "version: 1\n", "outside.yaml": "-"})
    links = {
        "one.yaml": "d/real.in",
        "d/two.yaml": "../one.yaml",
        "gone.yaml": "nothing",
        "round.yaml": "round.yaml",
        "outside.yaml": "../outside.yaml",
    }
    for name, target in links.items():
        (root / "p" / name).symlink_to(target)
    commit(root, {})
    found = read_base(root / "p", "HEAD").sources.policies
    assert sorted(found) == ["d/two.yaml", "guild.yaml", "one.yaml"]
    assert found["d/two.yaml"] == b"version: 1\n"


def test_other_repositories_inside_are_no_files(root: Path) -> None:
    """A submodule has no contents in the commit."""
    commit(root, {"guild.yaml": GUILD})
    inner = root / "inner"
    inner.mkdir()
    run(inner, "init", "-q")
    commit(inner, {"x.yaml": "-"})
    run(root, "-c", "advice.addEmbeddedRepo=false", "add", "inner")
    commit(root, {})
    assert set(read_base(root, "HEAD").sources.policies) == {"guild.yaml"}


def test_a_set_that_was_not_there(root: Path) -> None:
    """It was empty then."""
    commit(root, {"x.md": "-"})
    (root / "p").mkdir()
    assert read_base(root / "p", "HEAD").sources.policies == {}


def test_the_variables_of_a_hook_do_not_mislead(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hook git's variables name paths from where the hook runs."""
    commit(root, {"p/guild.yaml": GUILD})
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "elsewhere")
    monkeypatch.setenv("GIT_PREFIX", "q/")
    assert set(read_base(root / "p", "HEAD").sources.policies) == {"guild.yaml"}


@pytest.mark.parametrize(
    "rev",
    ["nope", "", "-x", "--help", "HEAD:p", "HEAD~9", "HEAD..main", "a b", "HEAD^{tree}", "$(id)"],
)
def test_a_commit_that_there_is_not(root: Path, rev: str) -> None:
    """It is named, and no option of git's can be put in its place."""
    commit(root, {"p/guild.yaml": GUILD})
    with pytest.raises(UsageError, match="there is no commit") as caught:
        read_base(root, rev)
    assert repr(rev) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_directory_in_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What git says of it is passed on."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match=r"is in no git repository to compare with: not a git"):
        read_base(tmp_path, "HEAD")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git, which is not installed"):
        read_base(tmp_path, "HEAD")


def _pretend(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put another program in front of git, which it calls `real`."""
    real = subprocess.check_output(["sh", "-c", "command -v git"], text=True).strip()
    program = directory / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nreal={real}\n{script}\nexec $real "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_a_git_that_does_not_come_back(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended when its time is over."""
    commit(root, {"guild.yaml": GUILD})
    _pretend(tmp_path, monkeypatch, "exec sleep 60")
    monkeypatch.setattr(git, "SECONDS", 0.2)
    with pytest.raises(UsageError, match=r"git took longer than 0\.2 s"):
        read_base(root, "HEAD")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('[ "$3" = ls-tree ] && { echo fatal: broken >&2; exit 128; }', "cannot list HEAD: broken"),
        ('[ "$3" = cat-file ] && { echo bad >&2; exit 1; }', "git cannot read HEAD: bad"),
        ('[ "$3" = cat-file ] && { echo x missing; exit 0; }', "git lacks a part of HEAD"),
        ('[ "$3" = rev-parse ] && exec yes', r"git rev-parse says more than 0 MiB"),
    ],
)
def test_a_git_that_fails(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    """With a damaged repository, say: a sentence, no traceback, and no end of memory."""
    commit(root, {"guild.yaml": GUILD})
    _pretend(tmp_path, monkeypatch, script)
    with pytest.raises(UsageError, match=said):
        read_base(root, "HEAD")


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("MAX_ENTRIES", 1, "more than 1 files in HEAD"),
        ("MAX_POLICY_BYTES", 2**20, "have 2 MiB, the largest 1; 512 are allowed, and 1 for one"),
        ("MAX_TOTAL_BYTES", 2**20, "have 2 MiB, the largest 1; 1 are allowed, and 64 for one"),
    ],
)
def test_a_set_that_was_too_large(
    root: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    """The limits are those of a set that is read from its directory."""
    commit(root, {"guild.yaml": GUILD, "x.yaml": "#" * (2**20 + 1), "y.yaml": "#" * 2**19})
    monkeypatch.setattr(git, limit, most)
    with pytest.raises(UsageError, match=said):
        read_base(root, "HEAD")
