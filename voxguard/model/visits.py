"""Visits: one member's unbroken stay in one channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from voxguard.model.ids import ChannelId, GuildId, UserId
from voxguard.model.world import ChannelKind


class EndReason(StrEnum):
    """Why a visit ended.

    `VOXGUARD`: by a decision of ours. `LOST`: nobody saw it end, the instant is an
    estimate.
    """

    LEFT = "left"
    MOVED = "moved"
    VOXGUARD = "voxguard"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay in a channel; `left_at` and `end_reason` are None while it goes on."""

    id: UUID
    guild_id: GuildId
    user_id: UserId
    channel_id: ChannelId
    joined_at: datetime
    left_at: datetime | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay with what the channel is at present; `left_at` None is one that goes on."""

    channel_id: ChannelId
    category_id: ChannelId | None
    channel_kind: ChannelKind
    joined_at: datetime
    left_at: datetime | None


class Places(Protocol):
    """Some of a guild's channels; equal ones are the same channels."""

    def include(
        self, channel_id: ChannelId, category_id: ChannelId | None, kind: ChannelKind
    ) -> bool:
        """Whether a channel is one of them, by what it is at present."""

    def __hash__(self) -> int:
        """For looking up what was added up for them before."""
