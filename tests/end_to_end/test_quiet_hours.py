from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from asyncpg import Record

from tests.end_to_end.conftest import Start
from tests.end_to_end.daemon import eventually
from tests.end_to_end.harbour import (
    PROMISE_FACTOR,
    Harbour,
    Tables,
    wall_clock,
    whole_second,
    write_policies,
)

QUIET = """\
version: 1
rules:
  quiet:
    description: Nobody speaks at night.
    where: [lobby, music]
    when: {{schedule: night}}
    then: {{mute: true}}
schedules:
  night:
    timezone: UTC
    windows: [{{from: {opens}, to: {closes}}}]
"""
MUTED, HEARD = {"mute": True}, {"mute": False}


def quiet(opens_at: datetime, closes_at: datetime) -> str:
    """The rules, with one window."""
    return QUIET.format(opens=wall_clock(opens_at), closes=wall_clock(closes_at))


def applied(rows: Sequence[Record]) -> int:
    """How many decisions Discord has carried out."""
    return sum(row["outcome"] == "applied" for row in rows)


async def test_quiet_hours_mute_and_release_at_their_instants(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """Who is there is muted when they begin and released when they end; a human's mute stays."""
    daemon = await (await start()).ready()
    for name in ("alice", "bob", "carol", "stella"):
        harbour.join(name)
    harbour.human("bob", mute=True)
    opens_at = whole_second(3)
    closes_at = whole_second(5)
    write_policies(policies, {"rules.yaml": quiet(opens_at, closes_at)})
    for name in ("alice", "carol"):
        for body, due_at in ((MUTED, opens_at), (HEARD, closes_at)):
            edit = await harbour.edit(name, body)
            late = (edit.at - due_at).total_seconds()
            print(f"{name} {body}: {1000 * late:.1f} ms after the instant")
            assert 0 <= late < 0.1 * PROMISE_FACTOR
            assert edit.reason == "voxguard: quiet: Nobody speaks at night."
    assert harbour.edits("bob") == harbour.edits("stella") == []
    assert harbour.member("bob").guild_mute
    assert await daemon.stop() == 0
    rows = await tables.actions(harbour.user_id("alice"))
    assert [(row["effect"], row["outcome"], row["decided_at"]) for row in rows] == [
        ("mute", "applied", opens_at),
        ("unmute", "applied", closes_at),
    ]


async def test_quiet_hours_outlast_a_killed_daemon(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """Killed while they last and started again, the daemon releases everybody at their end.

    Whoever is away then is released when they next join, after yet another restart too.
    """
    for name in ("alice", "bob", "carol"):
        harbour.join(name)
    harbour.human("bob", mute=True)
    write_policies(policies, {"rules.yaml": quiet(whole_second(-2), whole_second(3600))})
    daemon = await (await start()).ready()
    await tables.where(lambda rows: applied(rows) == 2)
    await daemon.kill()
    harbour.leave("carol")

    daemon = await (await start()).ready()
    closes_at = whole_second(1)
    write_policies(policies, {"rules.yaml": quiet(whole_second(-60), closes_at)})
    edit = await harbour.edit("alice", HEARD)
    print(f"released {(edit.at - closes_at).total_seconds():.3f} s after the end")
    assert edit.at >= closes_at
    await daemon.line("outcome", effect="unmute", outcome="pending")
    assert harbour.member("carol").guild_mute
    await daemon.kill()

    daemon = await (await start()).ready()
    harbour.join("carol", "hall")
    joined_at = datetime.now(UTC)
    edit = await harbour.edit("carol", HEARD)
    assert (edit.at - joined_at).total_seconds() < 0.1 * PROMISE_FACTOR
    await daemon.line("outcome", effect="unmute", outcome="applied")
    assert await daemon.stop() == 0
    assert [edit.body for edit in harbour.edits("alice")] == [MUTED, HEARD]
    assert [edit.body for edit in harbour.edits("carol")] == [MUTED, HEARD]
    assert harbour.edits("bob") == []
    assert harbour.member("bob").guild_mute
    rows = await tables.actions()
    assert sorted((row["user_id"], row["effect"], row["outcome"]) for row in rows) == sorted(
        (harbour.user_id(name), effect, "applied")
        for name in ("alice", "carol")
        for effect in ("mute", "unmute")
    )


async def test_quiet_hours_that_end_while_nobody_watches(
    start: Start, harbour: Harbour, policies: Path
) -> None:
    """When the end passes while the daemon is down, everybody is released at its next start."""
    daemon = await (await start()).ready()
    harbour.join("alice")
    closes_at = whole_second(3)
    write_policies(policies, {"rules.yaml": quiet(whole_second(-2), closes_at)})
    await daemon.line("outcome", rule="quiet", effect="mute", outcome="applied")
    assert await daemon.stop() == 0
    assert harbour.member("alice").guild_mute

    async def over() -> bool:
        return datetime.now(UTC) > closes_at

    await eventually(over, "the end of quiet hours")
    await (await start()).ready()
    await harbour.edit("alice", HEARD)
    assert [edit.body for edit in harbour.edits("alice")] == [MUTED, HEARD]
