"""The page on policy tests: its example does what it says, and its tables are complete."""

import re
from pathlib import Path
from typing import Final, get_args

import pytest

from tests.docs.pages import DOCS, blocks
from voxguard.cli.app import main
from voxguard.model.decisions import Effect
from voxguard.policy.cases.documents import CaseDocument, MemberDocument
from voxguard.policy.cases.expectations import Expectation
from voxguard.policy.cases.steps import ACTIONS, HumanDocument
from voxguard.policy.document import NotYet

PAGE: Final = (DOCS / "testing.md").read_text()
BLOCKS: Final = blocks(DOCS / "testing.md")


def _rows(title: str) -> set[str]:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    cells = (line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    return {name for cell in cells for name in re.findall(r"`(\w+)[`:]", cell)}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the page, where its commands find them."""
    (tmp_path / "policies").mkdir()
    for block in BLOCKS:
        if block.language == "yaml" and block.words[1].startswith("policies/"):
            (tmp_path / block.words[1]).write_text(block.text)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policies"


def test_the_example_prints_what_is_shown(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever copies the files and the command sees the same."""
    [shown] = [block.text for block in BLOCKS if block.words == ("console", "run")]
    command, _, output = shown.partition("\n")
    assert main(command.split()[2:]) == 1
    assert capsys.readouterr().out == output


def test_the_expectations_that_are_shown_can_be_written(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each loads, as a step of a test."""
    [shown] = [block.text for block in BLOCKS if block.words == ("yaml", "expectations")]
    (files / "rules.yaml").write_text("version: 1\nrules: {night-silence: {then: {mute: true}}}\n")
    steps = "".join(f"      - {{at: 0s, {line}}}\n" for line in shown.splitlines())
    (files / "lobby.test.yaml").write_text(
        "version: 1\ntests:\n  one:\n    start: 2026-03-02\n    members: {alice: {}}\n"
        f"    steps:\n{steps}"
    )
    assert main(["test", "policies"]) == 1
    assert "1 test: 0 passed, 1 failed" in capsys.readouterr().out


def test_every_key_is_explained() -> None:
    """What can be written is in a table, and nothing else."""
    assert _rows("A test") == set(CaseDocument.model_fields)
    members = {field.alias or name for name, field in MemberDocument.model_fields.items()}
    assert _rows("Members") == members
    assert _rows("Steps") == set(ACTIONS)
    for key in HumanDocument.model_fields:
        assert f"`{key}`" in PAGE


def test_every_effect_is_named() -> None:
    """Whatever can be expected is listed, and what cannot be yet is not."""
    not_yet = get_args(NotYet)[1]
    keys = {
        name
        for name, field in Expectation.model_fields.items()
        if name != "rule" and not_yet not in field.metadata
    }
    assert keys == {str(effect) for effect in Effect}
    listed = PAGE.partition("Effects are called as")[2].partition("With `rule`")[0]
    assert set(re.findall(r"`(\w+)`", listed)) - {"true"} == keys
