"""The facts about one connected member that conditions and effects may read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.visits import Places, Stay
from voxguard.model.world import ChannelKind


class Facts(Protocol):
    """What holds for one connected member at the instant of a decision.

    `roles` contains the guild's own id (@everyone) and no deleted role. `category_id`
    is the present parent of the channel. `guild_mute` and `guild_deaf` are what Discord
    reports, corrected by what our own leases have set or ended since.
    """

    @property
    def user_id(self) -> UserId:
        """Whom the facts are about."""

    @property
    def bot(self) -> bool:
        """Whether the user is a bot; unknown counts as no."""

    @property
    def roles(self) -> frozenset[RoleId]:
        """The member's roles, @everyone included."""

    @property
    def joined_at(self) -> datetime | None:
        """When the member joined the guild; None where that is not known."""

    @property
    def channel_id(self) -> ChannelId:
        """The channel in which the member is."""

    @property
    def category_id(self) -> ChannelId | None:
        """The category of that channel, if it is in one."""

    @property
    def channel_kind(self) -> ChannelKind:
        """The kind of that channel."""

    @property
    def occupancy(self) -> int:
        """How many people are connected to that channel, the member included; no bots."""

    def entry_at(self, number: int) -> datetime | None:
        """When the member entered a channel of the guild: the last time is 1, the one before 2.

        None where there was no such entry, or none as recent as any rule looks back.
        """

    def channel_entry_at(self, number: int) -> datetime | None:
        """The same for everybody's entries, bots included, into the member's channel."""

    def stays(self, since_at: datetime) -> Iterable[Stay]:
        """The member's stays in channels that go on or ended after `since_at`, oldest first."""

    def used(self, places: Places, since_at: datetime, at: datetime) -> timedelta:
        """For how long of the time from `since_at` to `at` the member was in such places."""

    @property
    def guild_mute(self) -> bool:
        """Muted by a moderator or by a rule."""

    @property
    def guild_deaf(self) -> bool:
        """Deafened by a moderator or by a rule."""

    @property
    def self_mute(self) -> bool:
        """Muted by themselves."""

    @property
    def self_deaf(self) -> bool:
        """Deafened by themselves."""

    @property
    def suppressed(self) -> bool:
        """In the audience of a stage channel."""

    @property
    def camera(self) -> bool:
        """With the camera on."""

    @property
    def streaming(self) -> bool:
        """Sharing a screen."""
