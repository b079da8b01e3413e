import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.daemon.looked_at import at_work
from tests.unit.daemon.parts import until
from tests.unit.daemon.test_vitals import BROKEN, WARNED
from voxguard.cli.app import main
from voxguard.daemon.control.server import serve_control
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.ports.discord import GatewayStatus, Refused
from voxguard.ports.outbox import HandoverStatus


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state directory of this test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOXGUARD_STATE_DIR", str(tmp_path))


def test_without_a_daemon(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 7, and what to do."""
    assert main(["status"]) == 7
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hint: start it" in captured.err


async def test_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly what the daemon has said, alone on standard output."""
    async with at_work() as each, serve_control(each.insight(), tmp_path):
        assert await asyncio.to_thread(main, ["status", "--format", "json"]) == 0
    captured = capsys.readouterr()
    status = json.loads(captured.out)
    assert (status["format_version"], status["ready"]) == (1, True)
    assert captured.err == ""


async def test_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each part, and one for each guild."""
    async with at_work() as each, serve_control(each.insight(), tmp_path):
        each.enter(2)
        await each.settled()
        capsys.readouterr()
        assert await asyncio.to_thread(main, ["status"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["what", "state"]
    assert ["daemon", "ready,"] in [line[:2] for line in lines]
    assert ["revision", f"{each.index.revision[:12]},"] in [line[:2] for line in lines]
    assert lines[-1] == ["100", "moderated", "2", "2", "mute", "none"]


async def test_what_is_amiss_is_said_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything that lasts is a warning, and the exit code is 0: the question was answered."""
    async with at_work() as each, serve_control(each.insight(), tmp_path):
        each.core.observe = True
        each.gateway.status = GatewayStatus(1, last_error="no network")
        each.handover.status = HandoverStatus(waiting_rows=7, refused_rows=2)
        each.policies.status = ReloadStatus(from_last_good=True, problems=(BROKEN, WARNED))
        each.enter(3)
        await each.settled()
        capsys.readouterr()
        assert await asyncio.to_thread(main, ["status"]) == 0
    captured = capsys.readouterr()
    assert "warning: not ready: not connected to Discord: no network" in captured.err
    assert "warning: the policy set did not load: the last good revision" in captured.err
    assert "warning: rule quiet of guild 100 only observes" in captured.err
    for text in (
        "observe: nobody is touched",
        "last good revision (errors: 1, warnings: 1)",
        "rules.yaml:3:7: This is no YAML.",
        "away (no network), shards: 0 of 1",
        "away (still connecting), rows waiting: 7, refused: 2",
    ):
        assert text in captured.out
    assert captured.out.splitlines()[-1].split()[-1] == "quiet"


async def test_what_waits_and_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many, for what, and in which guild."""
    async with (
        at_work("rules: {quiet: {where: lobby, then: {mute: true}}}") as each,
        serve_control(each.insight(), tmp_path),
    ):
        each.enter(2)
        await each.settled()
        each.actor.answer = Refused(403, 50013, "Missing Permissions")
        each.enter(5)
        await until(lambda: each.core.enforcement.stats.paused)
        each.gateway.status = GatewayStatus(1, frozenset({0}))
        each.core.moderator.dispatch("GUILD_DELETE", {"id": "100", "unavailable": True})
        assert await asyncio.to_thread(main, ["status"]) == 0
    out = capsys.readouterr().out
    assert "mute in guild 100" in out
    assert "2 waiting, 2 of them for a member to join, 0 for a budget or permission" in out
    assert "3 in the last 10 minutes, 997 more allowed" in out
    assert "the bot is not in it" in out
