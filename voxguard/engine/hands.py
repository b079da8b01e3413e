"""What others' hands leave to be decided: releases that are made already, or effects anew."""

from collections.abc import Mapping
from typing import Final

from voxguard.engine.leases import Draft, last_of
from voxguard.engine.state import MemberState
from voxguard.model.decisions import RELEASES, Effect, Mode
from voxguard.policy.effects.base import Want
from voxguard.policy.effects.deafen import Deafen
from voxguard.policy.effects.grant import Grant
from voxguard.policy.effects.mute import Mute
from voxguard.policy.effects.suppress import Suppress

_WANTS: Final[Mapping[Effect, Want]] = {
    Effect.MUTE: Mute(),
    Effect.DEAFEN: Deafen(),
    Effect.SUPPRESS: Suppress(),
}


def yielded(member: MemberState) -> list[Draft]:
    """The ends of what hands have ended: nobody needs to carry them out."""
    ended = [hand for hand in member.hands if not hand.again]
    member.hands = [hand for hand in member.hands if hand.again]
    drafts = []
    for hand in ended:
        last = last_of(hand.leases)
        effect = RELEASES[last.effect]
        drafts.append(
            Draft(
                last.rule,
                last.order,
                effect,
                Mode.ENFORCE,
                last.episode_id,
                released_role_id=last.role_id,
                hand=hand,
            )
        )
    return drafts


def reasserted(member: MemberState) -> list[Draft]:
    """What hands have undone and is held all the same, to be set again; no hand is left then."""
    drafts = []
    for hand in {hand.slot: hand for hand in member.hands}.values():
        leases = member.enforced.leases.get(hand.slot)
        if not leases:
            continue
        first = next(iter(leases.values()))
        role_id = first.role_id
        want = _WANTS[first.effect] if role_id is None else Grant(role_id)
        if not want.is_done(member):
            drafts.append(
                Draft(
                    first.rule,
                    first.order,
                    first.effect,
                    Mode.ENFORCE,
                    first.episode_id,
                    want,
                    hand=hand,
                )
            )
    member.hands.clear()
    return drafts
