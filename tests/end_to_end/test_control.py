"""The command line speaks with the real daemon, and fuses outlast it."""

import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import Daemon, environment, eventually
from tests.end_to_end.harbour import GUILD_YAML, Harbour, write_policies

GUILD_ID = "110373943822540800"
SOCKET = "control.sock"
RULES = """\
version: 1
rules:
  two-at-most:
    where: hall
    limits: {fuse: {members: 2, within: 30s}}
    then: {disconnect: true}
"""
NAMES = ("alice", "bob", "carol", "dave")


async def voxguard(state_dir: Path, *arguments: str) -> tuple[int, str, str]:
    """What a command says, and how it ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "voxguard",
        *arguments,
        env=environment(state_dir, None),
        cwd=state_dir.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    assert "Traceback" not in err.decode()
    return process.returncode, out.decode(), err.decode()


async def status(state_dir: Path) -> dict[str, Any]:
    """What `voxguard status --format json` says."""
    code, out, err = await voxguard(state_dir, "status", "--format", "json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


async def blow(daemon: Daemon, harbour: Harbour) -> None:
    """Let four members come, of whom two are one and another too many."""
    for name in NAMES:
        harbour.join(name, "hall")
    await daemon.all_lines(2, "outcome", outcome="applied")
    await daemon.all_lines(2, "decided", mode="observe")


async def test_a_blown_fuse_outlasts_a_kill_and_is_reset_by_hand(
    start: Start, harbour: Harbour, policies: Path, state_dir: Path
) -> None:
    """Killed and started anew the rule still only observes; after the reset it acts at once."""
    write_policies(policies, {"rules.yaml": RULES})
    daemon = await (await start()).ready()
    await blow(daemon, harbour)
    await daemon.kill()
    # The kill has left its socket, at which nobody answers.
    assert (state_dir / SOCKET).is_socket()
    code, _, err = await voxguard(state_dir, "status")
    assert code == 7
    assert "no daemon is at work" in err

    daemon = await (await start()).ready()
    await daemon.line("the fuse of a rule is still blown: it only observes", rule="two-at-most")
    (fuse,) = (await status(state_dir))["fuses_blown"]
    assert (fuse["rule"], fuse["guild"], fuse["counted"]) == ("two-at-most", GUILD_ID, 2)
    harbour.join("alice", "hall")
    await daemon.line("decided", mode="observe", member=str(harbour.user_id("alice")))
    assert [harbour.place(name) for name in NAMES] == ["hall", None, "hall", "hall"]

    code, out, _ = await voxguard(state_dir, "fuse", "show")
    assert code == 0
    assert out.splitlines()[1].split()[:3] == ["two-at-most", GUILD_ID, "blown"]
    assert out.splitlines()[1].split()[-1] == "3"
    code, out, _ = await voxguard(state_dir, "fuse", "reset", "two-at-most")
    assert (code, out.split("; ")[1]) == (0, "members decided anew: 3\n")
    await harbour.see(lambda: not any(harbour.place(name) for name in NAMES))
    said = await daemon.line("a fuse was reset by hand", rule="two-at-most")
    assert (said["uid"], said["members"]) == (os.getuid(), 3)

    await daemon.kill()
    daemon = await (await start()).ready()
    assert (await status(state_dir))["fuses_blown"] == []
    assert await daemon.stop() == 0
    assert not (state_dir / SOCKET).exists()


async def test_the_status_tells_how_it_stands(
    start: Start, harbour: Harbour, policies: Path, state_dir: Path
) -> None:
    """Over a socket for its owner alone; a second daemon does not take it away."""
    write_policies(policies, {"rules.yaml": RULES.replace("disconnect", "mute")})
    daemon = await (await start()).with_database()
    mode = (state_dir / SOCKET).stat().st_mode
    assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)
    harbour.join("alice", "hall")
    await daemon.line("outcome", outcome="applied")
    second = await start()
    assert await second.ended() == 6
    stands = await status(state_dir)
    assert (stands["ready"], stands["warnings"], stands["pid"]) == (True, [], daemon.process.pid)
    assert stands["gateway"]["sessions_started"] == 1
    (guild,) = stands["guilds"]
    assert (guild["guild"], guild["connected"], guild["leases"]) == (GUILD_ID, 1, {"mute": 1})
    code, out, err = await voxguard(state_dir, "status")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["what", "state"]
    code, _, err = await voxguard(state_dir, "fuse", "reset", "two-at-mist")
    assert (code, "did you mean two-at-most?" in err) == (2, True)


async def test_the_last_good_revision_is_a_warning_that_stays(
    start: Start, policies: Path, state_dir: Path
) -> None:
    """In the status and among the numbers, until the files load."""
    daemon = await (await start()).ready()
    assert await daemon.stop() == 0
    write_policies(policies, {"guild.yaml": "nonsense"})
    daemon = await (await start()).ready()
    stands = await status(state_dir)
    assert any("last good revision" in warning for warning in stands["warnings"])
    assert stands["policies"]["last_good"]
    assert [each["file"] for each in stands["policies"]["problems"]] == ["guild.yaml"]
    assert (await numbers(daemon))["voxguard_policy_last_good"] == 1
    write_policies(policies, {"guild.yaml": GUILD_YAML})

    async def is_well() -> bool:
        return not (await status(state_dir))["policies"]["last_good"]

    await eventually(is_well, "that the files are in force")
    assert (await numbers(daemon))["voxguard_policy_last_good"] == 0


async def test_a_stopped_daemon_is_waited_for_no_longer_than_said(
    start: Start, state_dir: Path
) -> None:
    """Whoever asks one that hangs gets an answer all the same."""
    daemon = await (await start()).ready()
    daemon.signal(signal.SIGSTOP)
    try:
        code, _, err = await voxguard(state_dir, "status")
    finally:
        daemon.signal(signal.SIGCONT)
    assert (code, "does not answer within" in err) == (7, True)


async def numbers(daemon: Daemon) -> dict[str, float]:
    """What `/metrics` says, of metrics without labels."""
    text = await daemon.text("/metrics")
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }
