"""The story: what happens in the harbour within a minute, scene by scene."""

from collections.abc import Awaitable, Callable
from typing import Final

from voxguard.daemon.demo.stage import GUILD, Stage

Scene = Callable[[Stage], Awaitable[None]]


async def already_there(stage: Stage) -> None:
    """A rule is about how things are, and not about what happens."""
    stage.tell("trudy is on the block list and was in voice before the daemon. It connects.")
    await stage.pause(1)
    await stage.connect()
    await stage.expect("blocked-stay-out", "disconnect", "trudy")
    await stage.pause(2.5)


async def blocked(stage: Stage) -> None:
    """The simplest rule there is."""
    stage.tell("mallory is on the block list, too, and tries to join the lobby.")
    await stage.pause(1.5)
    since_at = stage.now()
    await stage.do(lambda sandbox: sandbox.join(GUILD, "mallory", "lobby"))
    await stage.expect("blocked-stay-out", "disconnect", "mallory", after=since_at)
    await stage.pause(2.5)


async def members_only(stage: Stage) -> None:
    """Somebody in the wrong place is moved."""
    stage.tell("carol enters the members' channel without the role: she is taken to the lobby.")
    await stage.pause(1.5)
    await stage.do(lambda sandbox: sandbox.join(GUILD, "carol", "members"))
    await stage.expect("members-only", "move to lobby", "carol")
    await stage.pause(2.5)


async def away(stage: Stage) -> None:
    """Time passes, and an exception is made."""
    stage.tell("bob and dave deafen themselves. dave is away then; bob is a DJ and may do so.")
    await stage.pause(1)
    await stage.do(lambda sandbox: sandbox.set_flags(GUILD, "bob", self_deaf=True))
    await stage.do(lambda sandbox: sandbox.set_flags(GUILD, "dave", self_deaf=True))
    await stage.expect("away-goes-to-afk", "move to afk", "dave")
    await stage.pause(1.5)


async def quiet_hours(stage: Stage) -> None:
    """A schedule opens and closes, and a moderator's mute is not the program's."""
    stage.tell("eve joins, and olga mutes her by hand. schedules.yaml gets quiet hours.")
    await stage.do(lambda sandbox: sandbox.join(GUILD, "eve", "lobby"))
    await stage.do(lambda sandbox: sandbox.human_edit(GUILD, "eve", mute=True))
    since_at = stage.now()
    edit = stage.edit(stage.files.open_quiet_hours(stage.now()))
    await stage.in_force(edit)
    await stage.expect("night-silence", "mute", "alice", "carol", after=since_at)
    stage.tell("Quiet hours: alice and carol are muted as long as these last, olga is staff.")
    await stage.expect("night-silence", "unmute", "alice", "carol", after=since_at)
    stage.tell("They are over, the mutes lifted. eve stays muted: that was a human's hand.")
    await stage.pause(3)


async def listed(stage: Stage) -> None:
    """A list is a file, and a file can be edited."""
    stage.tell("eve is put on the block list while she is connected: one line in lists.yaml.")
    await stage.pause(1)
    edit = stage.edit(stage.files.block_eve(stage.now()))
    await stage.in_force(edit)
    await stage.expect("blocked-stay-out", "disconnect", "eve")
    await stage.pause(2.5)


async def broken(stage: Stage) -> None:
    """A mistake never means that there are no rules."""
    stage.tell("Somebody misspells a word in rules.yaml. The rules in force stay in force.")
    await stage.pause(1)
    await stage.refused(stage.edit(stage.files.misspell(stage.now())))
    since_at = stage.now()
    await stage.do(lambda sandbox: sandbox.join(GUILD, "mallory", "music"))
    await stage.expect("blocked-stay-out", "disconnect", "mallory", after=since_at)
    await stage.pause(2.5)
    await stage.in_force(stage.edit(stage.files.correct(stage.now())))
    await stage.pause(0.5)


async def time_limit(stage: Stage) -> None:
    """What was due since the beginning."""
    stage.tell("alice has been in the lobby from the beginning: there is a limit to that.")
    await stage.expect("lobby-time-limit", "move to afk", "alice")
    await stage.pause(2)


SCENES: Final[tuple[Scene, ...]] = (
    already_there,
    blocked,
    members_only,
    away,
    quiet_hours,
    listed,
    broken,
    time_limit,
)


async def play(stage: Stage) -> None:
    """All of it, in order."""
    for scene in SCENES:
        await scene(stage)
    stage.tell("That is all. Rows are handed to PostgreSQL.")
