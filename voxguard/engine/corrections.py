"""What becomes known of our own edits beside what reports show.

Some failed, some were shown by no report, and some pass for ours by a report that shows a hand,
as the guild's audit log tells.
"""

from datetime import datetime
from typing import assert_never

from voxguard.engine.assume import assume
from voxguard.engine.failures import enforcement_failed
from voxguard.engine.humans import Told, take_over, undo
from voxguard.engine.leases import held_since
from voxguard.engine.reported import held_slot, reported, set_reported
from voxguard.engine.state import GuildState
from voxguard.model.decisions import ENDED, RELEASES
from voxguard.model.events import EchoMissed, EnforcementFailed, HandSeen


def correct(
    guild: GuildState, event: EnforcementFailed | HandSeen | EchoMissed, at: datetime
) -> None:
    """Take in that something is not as it was assumed to be."""
    match event:
        case EnforcementFailed():
            enforcement_failed(guild, event)
        case HandSeen():
            hand_seen(guild, event, at)
        case EchoMissed():
            echo_missed(guild, event)
        case _:
            assert_never(event)


def echo_missed(guild: GuildState, event: EchoMissed) -> None:
    """Edits have worked long ago: reports older than that are no measure for the next one."""
    member = guild.members.get(event.user_id)
    if member is None:
        return
    for effect, role_id in event.changes:
        slot = held_slot(effect, role_id)
        if slot is not None:
            set_reported(member, slot, role_id, on=effect not in ENDED)


def hand_seen(guild: GuildState, event: HandSeen, at: datetime) -> None:
    """Somebody has done what a report has shown, and what it was not taken for."""
    member = guild.members.get(event.user_id)
    if member is None or guild.humans is None:
        return
    told = Told(at, by=event.by)
    for effect, role_id in sorted(event.changes, key=str):
        slot = held_slot(effect, role_id)
        if slot is None or slot not in member.enforced.leases:
            continue
        if event.is_before(held_since(member.enforced.leases[slot])):
            continue
        is_on = effect in RELEASES
        if reported(member, slot, role_id) is not is_on:
            continue
        if is_on:
            take_over(guild, member, slot, told)
        else:
            undo(guild, member, slot, told)
        assume(guild, member, effect, role_id)
