import asyncio
import json
from pathlib import Path

import pytest

from voxguard.cli.app import main
from voxguard.sandbox.sandbox import Sandbox

POLICY = """\
version: 1
guild:
  id: "110373943822540800"
rules:
  quiet: {then: {mute: true}}
"""


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    """A small policy set, and a database in reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "guild.yaml").write_text(POLICY)
    return "policies"


async def test_a_table_for_people(
    policies: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each check is a line, each advice stands below."""
    async with Sandbox() as sandbox:
        sandbox.world.bot.privileged_intents = frozenset()
        monkeypatch.setenv("DISCORD_TOKEN", sandbox.token)
        monkeypatch.setenv("VOXGUARD_DISCORD_API", sandbox.api_url)
        assert await asyncio.to_thread(main, ["doctor", policies]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["state", "check", "of", "what"]
    assert any(line.startswith("warning") and "Server Members" in line for line in lines)
    assert lines[-1].startswith("hint: switch it on")


def test_json_for_programs(
    policies: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON stands alone on standard output; Discord out of reach ends with 7."""
    monkeypatch.setenv("DISCORD_TOKEN", "token")
    monkeypatch.setenv("VOXGUARD_DISCORD_API", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("VOXGUARD_POLICES", policies)
    assert main(["doctor", policies, "--format", "json"]) == 7
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["summary"]["error"] == 1
    assert {finding["state"] for finding in answer["findings"]} == {"fine", "error"}
    assert "VOXGUARD_POLICES" in captured.err


def test_without_a_token(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be looked at is looked at, and a missing setting ends with 2."""
    assert main(["doctor", policies]) == 2
    assert "DISCORD_TOKEN" in capsys.readouterr().out
