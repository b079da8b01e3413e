"""The machine's clock is set, or the process is stopped for a while, and Discord goes on."""

import asyncio
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import eventually
from tests.end_to_end.harbour import PROMISE_FACTOR, Harbour, Tables, wall_clock, write_policies

HOUR = 3_600.0
STAY_SECONDS = 14
RULES = """\
version: 1
rules:
  long-stay: {{where: lobby, for: {stay}s, then: {{move: hall}}}}
  quiet: {{where: music, when: {{schedule: night}}, then: {{mute: true}}}}
schedules:
  night: {{timezone: UTC, windows: [{{from: {opens}, to: {closes}}}]}}
"""
NOTICED_SECONDS = 10.0
"""How soon the documentation promises that a step is noticed."""


class Clock:
    """By how much the daemon's clock is ahead of ours."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(0)

    def set(self, seconds: float) -> None:
        """Step it, at once and as a whole."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """The clock, which shows the same as ours for now."""
    return Clock(tmp_path / "ahead")


async def test_a_clock_that_is_set_moves_schedules_and_no_durations(
    start: Start, harbour: Harbour, policies: Path, tables: Tables, clock: Clock
) -> None:
    """An hour ahead it is night at once, and nobody has stayed longer; back again it is day."""
    night = [datetime.now(UTC) + timedelta(seconds=at * HOUR) for at in (0.5, 1.5)]
    opens, closes = map(wall_clock, night)
    rules = RULES.format(stay=STAY_SECONDS, opens=opens, closes=closes)
    write_policies(policies, {"rules.yaml": rules})
    stepped = {"program": "tests.end_to_end.stepped", "stepped_clock": str(clock.file)}
    daemon = await (await start(**stepped)).with_database()
    joined = time.monotonic()
    harbour.join("alice")
    harbour.join("bob", "music")
    clock.set(HOUR)
    muted = await harbour.edit("bob", {"mute": True})
    assert muted.monotonic - joined < NOTICED_SECONDS
    (line,) = await daemon.all_lines(
        1, "the wall clock was stepped: schedules follow it, durations go on"
    )
    assert abs(line["seconds"] - HOUR) < 1
    clock.set(0)
    await harbour.edit("bob", {"mute": False})
    moved = await harbour.edit("alice", {"channel_id": str(harbour.channel_id("hall"))})
    assert 0 <= moved.monotonic - joined - STAY_SECONDS < 0.1 * PROMISE_FACTOR
    assert await daemon.stop() == 0
    assert len(harbour.edits()) == 3
    for visit in await tables.visits():
        assert visit["left_at"] is None or visit["left_at"] >= visit["joined_at"]


async def test_a_process_that_was_stopped_catches_up(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """What fell due meanwhile is done as soon as it goes on, of whoever is still there, once."""
    rules = RULES.format(stay=3, opens="2020-01-01T00:00", closes="2020-01-02T00:00")
    write_policies(policies, {"rules.yaml": rules})
    daemon = await (await start()).with_database()
    joined = time.monotonic()
    for name in ("alice", "bob", "carol"):
        harbour.join(name)

    async def all_seen() -> bool:
        return len(await tables.visits()) == 3

    await eventually(all_seen, "that everybody's visit has begun")
    daemon.signal(signal.SIGSTOP)
    stopped = os.WSTOPPED | os.WNOWAIT
    await asyncio.to_thread(os.waitid, os.P_PID, daemon.process.pid, stopped)
    harbour.leave("bob")
    harbour.sandbox.move("harbour", "carol", "music")

    async def overdue() -> bool:
        return time.monotonic() > joined + 5

    await eventually(overdue, "that the stay has been too long")
    assert harbour.edits() == []
    daemon.signal(signal.SIGCONT)
    going_on = time.monotonic()
    moved = await harbour.edit("alice", {"channel_id": str(harbour.channel_id("hall"))})
    print(f"moved {1000 * (moved.monotonic - going_on):.0f} ms after it went on")
    assert await daemon.stop() == 0
    assert len(harbour.edits()) == 1
    assert harbour.place("carol") == "music"
