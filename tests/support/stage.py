"""A guild on a virtual clock: policies as YAML text, events in one line each."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from textwrap import dedent, indent
from typing import Any

from voxguard.engine.compile import compile_policies
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.engine.state import MemberState
from voxguard.engine.step import Step
from voxguard.model.decisions import Decision
from voxguard.model.events import (
    Event,
    GuildAppeared,
    MemberChanged,
    VoiceStateChanged,
)
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.visits import Visit
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Role, VoiceState
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources

GUILD = GuildId(100)
LOBBY, AFK, MUSIC, STAGE, CATEGORY, OUTSIDE = (ChannelId(number) for number in range(1, 7))
STAFF, DJ, ADMIN = RoleId(11), RoleId(12), RoleId(13)
OWNER = UserId(900)
ALICE, BOB, CAROL = UserId(501), UserId(502), UserId(503)
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

GUILD_YAML = """
version: 1
guild:
  id: "100"
  channels: {lobby: "1", afk: "2", music: "3", stage: "4", category: "5", outside: "6"}
  roles: {staff: "11", dj: "12", admin: "13"}
"""

CHANNELS = (
    Channel(CATEGORY, ChannelKind.CATEGORY),
    Channel(LOBBY, ChannelKind.VOICE, CATEGORY),
    Channel(AFK, ChannelKind.VOICE),
    Channel(MUSIC, ChannelKind.VOICE, CATEGORY),
    Channel(STAGE, ChannelKind.STAGE),
    Channel(OUTSIDE, ChannelKind.VOICE),
)
ROLES = (
    Role(RoleId(GUILD)),
    Role(STAFF),
    Role(DJ),
    Role(ADMIN, permissions=int(Permission.ADMINISTRATOR)),
)


def make_index(policies: str, *, guild: str = "", filed: bool = True) -> RuleIndex:
    """Compile a guild's policies; `guild` are more keys of its guild.yaml."""
    guild_yaml = GUILD_YAML + indent(dedent(guild), "  ")
    sources = Sources(
        policies={
            "guild.yaml": guild_yaml.encode(),
            "rules.yaml": f"version: 1\n{dedent(policies)}".encode(),
        }
    )
    loaded = load_sources(sources)
    assert loaded.policy_set is not None, loaded.problems
    return compile_policies(loaded.policy_set, filed=filed)


class Stage:
    """One guild, one engine; instants are seconds since the start."""

    def __init__(
        self,
        policies: str,
        *,
        guild: str = "",
        members: Iterable[Member] = (),
        voice: Iterable[VoiceState] = (),
        filed: bool = True,
        appear: bool = True,
        fuses: bool = False,
        humans: bool = False,
    ) -> None:
        index = make_index(policies, guild=guild, filed=filed)
        self.engine = Engine(index, fuses=fuses, humans=humans)
        self.decisions: list[Decision] = []
        self.visits: list[Visit] = []
        self.now = 0.0
        if appear:
            self.step(self.snapshot(members=members, voice=voice))

    def snapshot(
        self, *, members: Iterable[Member] = (), voice: Iterable[VoiceState] = (), **more: Any
    ) -> GuildAppeared:
        """A GUILD_CREATE of the guild as these tests know it."""
        return GuildAppeared(
            GuildSnapshot(
                id=GUILD,
                owner_id=OWNER,
                afk_channel_id=more.pop("afk", None),
                roles=more.pop("roles", ROLES),
                channels=more.pop("channels", CHANNELS),
                members=tuple(members),
                voice_states=tuple(voice),
            )
        )

    def at(self, seconds: float) -> "Stage":
        """Go on to an instant, where the next step happens."""
        self.now = seconds
        return self

    def instant(self, seconds: float | None = None) -> datetime:
        """The instant so many seconds after the start."""
        return START + timedelta(seconds=self.now if seconds is None else seconds)

    def step(self, *events: Event) -> list[tuple[str, str]]:
        """All events of the present instant; what was decided, as (rule, effect)."""
        step: Step = self.engine.step(events, self.instant())
        self.decisions += step.decisions
        self.visits += step.visits
        return [(decision.rule, decision.effect.value) for decision in step.decisions]

    def activate(self, policies: str, *, guild: str = "") -> list[tuple[str, str]]:
        """Make other policies the active ones."""
        self.engine.activate(make_index(policies, guild=guild), self.instant())
        return self.step()

    def enter(
        self, user: UserId, channel: ChannelId | None, **flags: bool
    ) -> list[tuple[str, str]]:
        """One voice state."""
        return self.step(voice(user, channel, **flags))

    def leave(self, user: UserId) -> list[tuple[str, str]]:
        """Out of voice."""
        return self.step(voice(user, None))

    def roles(self, user: UserId, *roles: RoleId) -> list[tuple[str, str]]:
        """The member's roles are these now."""
        return self.step(MemberChanged(GUILD, Member(user, frozenset(roles))))

    def member(self, user: UserId) -> MemberState:
        """The engine's state of a member."""
        guild = self.engine.guild(GUILD)
        assert guild is not None
        return guild.members[user]

    @property
    def wake_in(self) -> float | None:
        """Seconds since the start at which the engine wants to be woken."""
        wake_at = self.engine.wake_at
        return None if wake_at is None else (wake_at - START).total_seconds()


def users(count: int) -> list[UserId]:
    """So many members, whom no policy names."""
    return [UserId(1000 + number) for number in range(count)]


def voice(user: UserId, channel: ChannelId | None, **flags: bool) -> VoiceStateChanged:
    """A VOICE_STATE_UPDATE without a member object."""
    return VoiceStateChanged(GUILD, VoiceState(user, channel, **flags))
