"""What a decision makes true of a member, before Discord has said so."""

from typing import assert_never

from voxguard.engine.state import MemberState
from voxguard.model.decisions import Effect


def assume(member: MemberState, effect: Effect) -> None:
    """Take a decision as carried out, as far as it changes a fact by itself.

    Where a member is stays what the world says.
    """
    match effect:
        case Effect.MUTE:
            member.guild_mute = True
        case Effect.UNMUTE:
            member.guild_mute = False
        case Effect.DEAFEN:
            member.guild_deaf = True
        case Effect.UNDEAFEN:
            member.guild_deaf = False
        case Effect.DISCONNECT | Effect.MOVE:
            pass
        case _:
            assert_never(effect)


def stands(member: MemberState, release: Effect) -> bool:
    """Whether there is still something for a release to undo."""
    match release:
        case Effect.UNMUTE:
            return member.guild_mute
        case Effect.UNDEAFEN:
            return member.guild_deaf
        case Effect.MUTE | Effect.DEAFEN | Effect.DISCONNECT | Effect.MOVE:
            return False
        case _:
            assert_never(release)
