import asyncio
import json
import os
import sys
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import ROOT
from tests.end_to_end.harbour import BLOCK, BLOCKED, Harbour, write_policies

RULES = """\
version: 1
rules:
  no-microphone: {where: music, then: {mute: true}}
  short-stay: {where: lobby, for: 1s, then: {move: hall}}
  only-looked-at: {mode: observe, where: hall, then: {deafen: true}}
"""


async def test_a_recording_gives_the_same_decisions(
    start: Start, harbour: Harbour, policies: Path, tmp_path: Path
) -> None:
    """What --record wrote, put through simulate, gives the decisions that the daemon made."""
    trace = tmp_path / "trace.jsonl"
    write_policies(policies, {"block.yaml": BLOCK, "lists.yaml": BLOCKED, "rules.yaml": RULES})
    harbour.join("carol", "music")
    daemon = await (await start("--record", str(trace))).ready()
    await daemon.line("outcome", rule="no-microphone", effect="mute", outcome="applied")
    harbour.join("mallory", "lobby")
    harbour.join("alice", "lobby")
    harbour.join("bob", "music")
    await daemon.line("decided", rule="only-looked-at")
    await daemon.all_lines(2, "outcome", rule="no-microphone", outcome="applied")
    harbour.join("bob", "hall")
    await daemon.line("outcome", effect="unmute", outcome="applied")
    # The recording must reach beyond what was decided last.
    harbour.join("dave", "hall")
    await daemon.line("decided", member=str(harbour.user_id("dave")))
    assert await daemon.stop() == 0
    assert trace.stat().st_mode & 0o777 == 0o600

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voxguard", "simulate", str(trace), str(policies)),
        *("--format", "json"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    *simulated, summary = map(json.loads, printed.splitlines())
    keys = ("guild", "member", "rule", "effect", "mode")
    decided = daemon.said("decided")
    assert sorted([each[key] for key in keys] for each in simulated) == sorted(
        [line[key] for key in keys] for line in decided
    )
    assert summary["summary"]["decisions"] == len(decided) == 8
