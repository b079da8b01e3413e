"""How well what is known of guilds and members agrees with Discord."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from voxguard.model.ids import GuildId, UserId
from voxguard.model.world import VoiceState


class Drift(StrEnum):
    """How a member is found to be otherwise than was reported last."""

    GONE = "gone"
    """Not in voice any more."""

    ELSEWHERE = "elsewhere"
    """In another channel."""

    UNSEEN = "unseen"
    """In voice, though no report of that has come."""

    FLAGS = "flags"
    """Muted, deafened, suppressed, or with camera or stream, or not so any more."""


@dataclass(slots=True)
class ReconciliationStats:
    """What was found since the start.

    `rounds` are complete ones, `asked` the members asked after in all rounds, `unanswered`
    those of whom Discord has said nothing. `drift` counts what was found and put right.
    `renewed` are sessions begun anew because of it. `overdue` are the guilds of the policy
    set, now, that Discord says the bot is in and has not shown for long.
    """

    rounds: int = 0
    asked: int = 0
    unanswered: int = 0
    drift: dict[Drift, int] = field(default_factory=lambda: dict.fromkeys(Drift, 0))
    renewed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """What Discord says of a member's voice state.

    `state` has no channel where the member is not in voice; it is None where there is no
    answer, for the `reason` given. `refused`: asking again would be refused again.
    `pause_seconds`: so long nothing more may be asked.
    """

    state: VoiceState | None
    reason: str = ""
    refused: bool = False
    pause_seconds: float = 0.0


class VoiceReader(Protocol):
    """What can be asked where a member is."""

    async def look(self, guild_id: GuildId, user_id: UserId) -> Looked:
        """Ask once, at once."""
        ...
