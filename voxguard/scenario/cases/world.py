"""The world of a policy test: it does what the steps say, and answers decisions as Discord would.

It knows no categories: every channel is in none, and a voice channel unless the test says
that it is a stage. There is neither an owner nor an AFK channel.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.events import Event, GuildAppeared, MemberChanged, VoiceStateChanged
from voxguard.model.ids import MAX_ID, ChannelId, RoleId
from voxguard.model.permissions import Permission
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Role, VoiceState
from voxguard.policy.cases.case import (
    Case,
    CaseMember,
    ChangeRoles,
    ChangeState,
    Enter,
    Happening,
    Leave,
    Moderate,
)

ADMINISTRATORS: Final = RoleId(MAX_ID)
"""A role that no policy names, for members of whom a test says `admin`."""

_OUT: Final = (Effect.DISCONNECT, Effect.TIMEOUT)
_SET: Final = {
    Effect.MUTE: ("guild_mute", True),
    Effect.UNMUTE: ("guild_mute", False),
    Effect.DEAFEN: ("guild_deaf", True),
    Effect.UNDEAFEN: ("guild_deaf", False),
    Effect.SUPPRESS: ("suppressed", True),
    Effect.UNSUPPRESS: ("suppressed", False),
}


class CaseWorld:
    """The members of one test and where they are."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._by_id = case.by_id
        self._members = {
            member.user_id: _known(member, member.roles) for member in case.members.values()
        }
        self._voices = {
            member.user_id: VoiceState(
                member.user_id,
                member.channel_id,
                suppressed=self._is_audience(member, member.channel_id),
            )
            for member in case.members.values()
        }

    def snapshot(self) -> Event:
        """The guild as the test begins."""
        guild = self._case.guild
        aliased = sorted({*guild.roles.values()} - {guild.id, ADMINISTRATORS})
        return GuildAppeared(
            GuildSnapshot(
                id=guild.id,
                roles=(
                    Role(RoleId(guild.id)),
                    *map(Role, aliased),
                    Role(ADMINISTRATORS, int(Permission.ADMINISTRATOR)),
                ),
                channels=tuple(
                    Channel(stage, ChannelKind.STAGE) for stage in sorted(self._case.stages)
                ),
                members=tuple(self._members.values()),
                voice_states=tuple(
                    voice for voice in self._voices.values() if voice.channel_id is not None
                ),
            )
        )

    def is_possible(self, happening: Happening) -> bool:
        """Whether Discord would let it happen: only the connected can be muted or deafened."""
        voice = self._voices[self._case.members[happening.member].user_id]
        return voice.channel_id is not None or not isinstance(happening.action, Moderate)

    def happens(self, happening: Happening) -> Event:
        """Let something happen; what Discord then reports."""
        who = self._case.members[happening.member]
        match happening.action:
            case ChangeRoles(roles):
                known = self._members[who.user_id] = _known(who, roles)
                return MemberChanged(self._case.guild.id, known)
            case Enter(channel_id):
                return self._report(self._place(who, channel_id))
            case Leave():
                return self._report(self._place(who, None))
            case ChangeState(flags) | Moderate(flags):
                return self._report(_flagged(self._voices[who.user_id], flags))

    def answers(self, decisions: Iterable[Decision]) -> Iterator[Event]:
        """What Discord reports once decisions have been carried out."""
        for decision in decisions:
            if decision.mode is Mode.OBSERVE:
                continue
            who = self._by_id[decision.user_id]
            before = voice = self._voices[who.user_id]
            if decision.effect in (Effect.GRANT, Effect.REVOKE):
                yield self._give(who, decision)
            elif decision.effect is Effect.MOVE:
                if before.channel_id is not None:
                    voice = self._place(who, ChannelId(int(str(decision.params["channel"]))))
            elif decision.effect in _OUT:
                voice = self._place(who, None)
            elif decision.effect in _SET:
                flag, value = _SET[decision.effect]
                voice = _flagged(before, {flag: value})
            if voice != before:
                yield self._report(voice, is_ours=decision.effect is Effect.MOVE)

    def _give(self, who: CaseMember, decision: Decision) -> Event:
        """A role that is given or taken away."""
        before = self._members[who.user_id]
        role = {RoleId(int(str(decision.params["role"])))}
        granted = decision.effect is Effect.GRANT
        roles = before.roles | role if granted else before.roles - role
        known = self._members[who.user_id] = replace(before, roles=roles)
        return MemberChanged(self._case.guild.id, known)

    def _is_audience(self, who: CaseMember, channel_id: ChannelId | None) -> bool:
        """Whoever enters a stage listens until they are invited to speak."""
        return channel_id in self._case.stages and not who.admin

    def _place(self, who: CaseMember, channel_id: ChannelId | None) -> VoiceState:
        """The voice state after a change of channel.

        Who mutes or deafens themselves stays so over channels and visits; camera and stream
        end with the visit, and whoever enters a stage is in its audience.
        """
        voice = self._voices[who.user_id]
        if channel_id != voice.channel_id:
            suppressed = self._is_audience(who, channel_id)
            voice = replace(voice, channel_id=channel_id, suppressed=suppressed)
        return voice if channel_id is not None else replace(voice, camera=False, streaming=False)

    def _report(self, voice: VoiceState, *, is_ours: bool = False) -> Event:
        self._voices[voice.user_id] = voice
        known = self._members[voice.user_id]
        return VoiceStateChanged(self._case.guild.id, voice, known, is_ours=is_ours)


def _flagged(voice: VoiceState, flags: Mapping[str, bool]) -> VoiceState:
    changes: dict[str, Any] = dict(flags)
    return replace(voice, **changes)


def _known(member: CaseMember, roles: frozenset[RoleId]) -> Member:
    return Member(
        user_id=member.user_id,
        roles=roles | {ADMINISTRATORS} if member.admin else roles,
        bot=member.bot,
        joined_at=member.joined_at,
        name=member.name,
    )
