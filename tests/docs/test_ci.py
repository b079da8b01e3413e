"""The page on CI: its files are what each of the programs takes, and its tables are complete."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.docs.pages import DOCS, ROOT, Block, blocks
from voxguard import __version__
from voxguard.cli.bundled import sample_policies

PAGE: Final = (DOCS / "ci.md").read_text("utf-8")
BLOCKS: Final = [block for block in blocks(DOCS / "ci.md") if block.language == "yaml"]
BINARIES: Final = Path(sys.executable).parent
ACTION: Final = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: Final = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

CHECKERS: Final = {
    "github": ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    "gitlab": ("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"),
    "pre-commit": ("pre-commit", "validate-config"),
}


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def _steps(block: Block) -> list[dict[str, Any]]:
    [job] = yaml.safe_load(block.text)["jobs"].values()
    return list(job["steps"])


def _check_in(directory: Path) -> None:
    """Make a repository of it in which `origin/main` is what is there."""
    for words in (
        "init --quiet",
        "add .",
        "-c user.name=a -c user.email=a@b.example commit --quiet --message=first",
        "update-ref refs/remotes/origin/main HEAD",
    ):
        subprocess.run(["git", *words.split()], cwd=directory, check=True)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_file_that_is_shown_is_one(block: Block, tmp_path: Path) -> None:
    """The public checkers take it as it is."""
    file = tmp_path / "file.yaml"
    file.write_text(block.text, "utf-8")
    program, *arguments = CHECKERS[block.words[1]]
    done = subprocess.run(
        [BINARIES / program, *arguments, file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_way_is_shown() -> None:
    """The action, the commands, GitLab and pre-commit."""
    assert {block.words[1] for block in BLOCKS} == CHECKERS.keys()
    uses = [step.get("uses", "") for block in BLOCKS[:3] for step in _steps(block)]
    assert uses.count(f"OWNER/voxguard@v{__version__}") == 2


def test_the_commands_that_are_shown_pass(tmp_path: Path) -> None:
    """In a checkout with good policies each of them succeeds."""
    shutil.copytree(sample_policies(), tmp_path / "policies")
    _check_in(tmp_path)
    texts = [text for block in BLOCKS for text in _strings(yaml.safe_load(block.text))]
    commands = {text for text in texts if text.startswith("voxguard ")}
    assert len(commands) == 5
    for command in commands:
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=tmp_path,
            env={"PATH": f"{BINARIES}:/usr/bin:/bin", "GITHUB_BASE_REF": "main"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
    assert (tmp_path / "voxguard.xml").read_text("utf-8").startswith("<?xml")


def test_what_is_compared_with_is_fetched() -> None:
    """Whoever copies a workflow with --base has the commit that it names."""
    compared = [block for block in BLOCKS if "--base" in block.text]
    assert compared
    for block in compared:
        checkout = _steps(block)[0]
        assert checkout["uses"].startswith("actions/checkout@")
        assert checkout["with"] == {"fetch-depth": 0}


def test_the_inputs_are_those_of_the_action() -> None:
    """The table has each of them with its default, and what is shown uses no other."""
    rows = dict(re.findall(r"^\| `([\w-]+)` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
    defaults = {
        name: f"`{value['default']}`" if value["default"] else "the action's own"
        for name, value in ACTION["inputs"].items()
    }
    assert rows == defaults
    used = [
        step["with"]
        for block in BLOCKS[:3]
        for step in _steps(block)
        if "OWNER" in step.get("uses", "") and "with" in step
    ]
    assert used
    assert all(each.keys() <= ACTION["inputs"].keys() for each in used)


def test_the_hooks_and_versions_are_the_present_ones() -> None:
    """Whoever copies a block takes what there is."""
    [block] = [block for block in BLOCKS if block.words[1] == "pre-commit"]
    [repository] = yaml.safe_load(block.text)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in HOOKS]
    assert repository["rev"] == f"v{__version__}"
    assert set(re.findall(r"voxguard==([\w.]+)", PAGE)) == {__version__}
