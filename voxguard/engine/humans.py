"""Somebody else's hand on what a rule holds: who has it from then on.

A report that differs from the one before, and is none of our own edits coming back, shows a
hand. Where it undoes a mute it wins, or is undone in turn; where it sets what our own request
has not set yet, what is there is not ours to lift.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from voxguard.engine.episodes import Hand
from voxguard.engine.reported import stands
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Humans
from voxguard.model.events import NO_ECHOES, Echo
from voxguard.model.ids import UserId
from voxguard.policy.effects.base import Slot

MOST_REASSERTIONS: Final = 5
LONGEST_FIGHT: Final = timedelta(minutes=10)
"""So often within that time a rule sets again what a hand undoes; then the hand wins after all.

People do not go on for so long, and another program would go on for ever.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How a report came: when, what of it may be our own doing, and whose hand is known.

    `live`: it tells of what has just happened. A snapshot does not say when, nor in which
    order, so that what it shows as set may be our own doing all the same.
    """

    at: datetime
    echoes: frozenset[Echo] = NO_ECHOES
    by: UserId | None = None
    live: bool = True


def is_by_hand(
    guild: GuildState, member: MemberState, slot: Slot, told: Told | None, *, before: bool | None
) -> bool:
    """Whether a report that has turned what a lease is on shows a hand, which has it then.

    `before` is what was reported until now, None where nothing was. Without `told` nobody's
    hand can have been there.
    """
    if guild.humans is None or told is None or before is None:
        return False
    lease = next(iter(member.enforced.leases[slot].values()))
    effect = RELEASES[lease.effect] if before else lease.effect
    if (effect, lease.role_id) in told.echoes:
        return False
    if before:
        undo(guild, member, slot, told)
    elif told.live or not stands(member, RELEASES[lease.effect], lease.role_id):
        # Also a snapshot's, where ours is known to have been refused.
        take_over(guild, member, slot, told)
    else:
        return False
    return True


def undo(guild: GuildState, member: MemberState, slot: Slot, told: Told) -> None:
    """A hand has undone what is held on a slot.

    It wins until each episode that goes on has ended, whatever its rule wants; or the effect
    is decided again.
    """
    guild.dirty.add(member.user_id)
    if guild.humans is Humans.REASSERT and _may_fight(member, slot, told.at):
        leases = tuple(member.enforced.leases[slot].values())
        again = len(member.fights[slot])
        member.hands.append(Hand(slot, leases, undone=True, by=told.by, again=again))
        return
    _let_go(member, slot, told, undone=True)
    for stretch in member.stretches.values():
        if stretch.episode is not None:
            stretch.episode.yielded.add(slot)


def take_over(guild: GuildState, member: MemberState, slot: Slot, told: Told) -> None:
    """A hand has set what a rule has only decided so far: it is not ours to lift.

    When that hand lifts it, the rule acts, as with what was there before the rule held.
    """
    guild.dirty.add(member.user_id)
    _let_go(member, slot, told, undone=False)


def _let_go(member: MemberState, slot: Slot, told: Told, *, undone: bool) -> None:
    leases = tuple(member.enforced.leases.pop(slot).values())
    member.hands.append(Hand(slot, leases, undone, told.by))


def _may_fight(member: MemberState, slot: Slot, at: datetime) -> bool:
    lately = [each for each in member.fights.get(slot, ()) if at - each < LONGEST_FIGHT]
    if len(lately) >= MOST_REASSERTIONS:
        return False
    member.fights[slot] = [*lately, at]
    return True
