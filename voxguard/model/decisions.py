"""What the engine decides: a rule, a member, an effect, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId


class Mode(StrEnum):
    """Whether decisions are carried out or only logged."""

    ENFORCE = "enforce"
    OBSERVE = "observe"


class Humans(StrEnum):
    """What happens when somebody else's hand undoes what a rule holds."""

    YIELD = "yield"
    REASSERT = "reassert"


class Effect(StrEnum):
    """Everything that can be decided of a member, as logs and traces name it."""

    DISCONNECT = "disconnect"
    TIMEOUT = "timeout"
    MOVE = "move"
    DEAFEN = "deafen"
    MUTE = "mute"
    SUPPRESS = "suppress"
    GRANT = "grant"
    UNDEAFEN = "undeafen"
    UNMUTE = "unmute"
    UNSUPPRESS = "unsuppress"
    REVOKE = "revoke"
    WARN = "warn"
    ANNOUNCE = "announce"


RELEASES = MappingProxyType(
    {
        Effect.MUTE: Effect.UNMUTE,
        Effect.DEAFEN: Effect.UNDEAFEN,
        Effect.SUPPRESS: Effect.UNSUPPRESS,
        Effect.GRANT: Effect.REVOKE,
    }
)
"""What ends each held effect."""

ENDED = MappingProxyType({release: effect for effect, release in RELEASES.items()})
"""What each release ends."""


class Outcome(StrEnum):
    """How carrying a decision out went; the first two are passing, the others final."""

    PENDING = "pending"
    DEFERRED = "deferred"
    APPLIED = "applied"
    OBSERVED = "observed"
    YIELDED = "yielded"
    FUSED = "fused"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will become of the decision."""
        return self not in (Outcome.PENDING, Outcome.DEFERRED)


NO_PARAMS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    """One effect that one rule wants of one member at one instant.

    `channel_id` is None where the member is not connected. `release` tells the end of
    a held effect from one that a rule asks for. `reason` is the audit-log text.
    `params` are the effect's own: `channel` of a move and an announcement, `role` of a
    grant and its revocation, `seconds` of a timeout, `text` of a warning and an
    announcement; ids as texts. `fused`: observed only because the rule's fuse is blown.
    `yielded`: a release that somebody else's hand has made already.
    `details` are the facts that mattered, as JSON values.
    """

    id: UUID
    episode_id: UUID
    decided_at: datetime
    guild_id: GuildId
    user_id: UserId
    channel_id: ChannelId | None
    rule: str
    effect: Effect
    mode: Mode
    release: bool = False
    fused: bool = False
    yielded: bool = False
    reason: str = ""
    params: Mapping[str, object] = field(default_factory=lambda: NO_PARAMS)
    details: Mapping[str, object] = field(default_factory=lambda: NO_PARAMS, compare=False)


def role_of(params: Mapping[str, object]) -> RoleId | None:
    """The role that a decision with these parameters is about, if it is about one."""
    role = params.get("role")
    return None if role is None else RoleId(int(str(role)))
