"""Whose doing a report shows: our own, when it comes back, or somebody else's hand."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from voxguard.daemon.audit_log import AuditLog
from voxguard.daemon.expected import PLACE, Expected, Key, Subject, Value, echo_of, edits_of
from voxguard.daemon.shown import ALWAYS, Shown
from voxguard.engine.engine import Engine
from voxguard.engine.leases import held_since
from voxguard.engine.reported import held_slot, reported
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Effect
from voxguard.model.events import (
    Echo,
    EchoMissed,
    Event,
    GuildAppeared,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    VoiceStateChanged,
)
from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Act, Answer, Place

Turn = tuple[Subject, bool, bool]
"""What a report says of one thing, and whether the one before said otherwise."""


class Attribution:
    """Marks events before the engine takes them in.

    What turns off is somebody's hand, unless we have asked for it. What turns on while we hold
    it is ours, unless we have not asked for it: nobody else would ever lift it. What a former
    run has asked for is not known, so that this is ours. An entry of the audit log has the
    last word, where they can be seen. `bot_id` is set when Discord has said who we are.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Compare with this engine, which is only read."""
        self._engine = engine
        self._now = now
        self._expected = Expected()
        self._restored: set[tuple[Key, Subject]] = set()
        self._audit_log = AuditLog()
        self.shown = Shown(now)
        self.bot_id: UserId | None = None

    def take_up(self, guilds: Iterable[GuildState]) -> None:
        """Note what a former run holds."""
        for guild in guilds:
            for user_id, member in guild.members.items():
                self._restored.update(((guild.id, user_id), each) for each in _held(member))

    def sent(self, guild_id: GuildId, user_id: UserId, act: Act) -> None:
        """A request is sent: its report may come from now on."""
        key = (guild_id, user_id)
        self._expected.sent(key, act)
        for subject, value in edits_of(act):
            self._restored.discard((key, subject))
            if isinstance(value, bool):
                # Whoever did the same before has done something else.
                self._audit_log.begins(key, echo_of(subject, on=value))

    def answered(self, guild_id: GuildId, user_id: UserId, act: Act, answer: Answer) -> None:
        """It was answered, or nothing is known of it."""
        self._expected.answered((guild_id, user_id), act, answer, self._now())

    def expects(self, guild_id: GuildId, user_id: UserId, effect: Effect) -> bool:
        """Whether a report of our own doing is still to come; see `ports.enforcement`."""
        since_at = self.shown.since(guild_id)
        return self._expected.expects((guild_id, user_id), (effect, None), self._now(), since_at)

    def missed(self, event: Event) -> list[EchoMissed]:
        """What the engine has to know before it takes an event in: edits no report has shown.

        A snapshot shows what was done before it, however lately the connection stands.
        """
        guild_id = event.guild_id
        since_at = self.shown.since(guild_id)
        keys = []
        match event:
            case VoiceStateChanged(state=VoiceState(user_id=user_id)):
                keys = [(guild_id, user_id)]
            case MemberChanged(member=known):
                keys = [(guild_id, known.user_id)]
            case GuildAppeared():
                keys, since_at = self._expected.keys(guild_id), ALWAYS
            case HandSeen() if event.by != self.bot_id and event.done_at is not None:
                key = guild_id, event.user_id
                undone = self._expected.undone_by(key, event.changes, event.done_at)
                return [EchoMissed(*key, undone)] if undone else []
            case _:
                pass
        return [
            EchoMissed(*key, changes)
            for key in keys
            if key in self._expected
            and (changes := self._expected.missed(key, self._now(), since_at))
        ]

    def tell_apart(self, event: Event) -> Event | None:
        """The event as the engine is to take it in; None where it is only for us."""
        match event:
            case VoiceStateChanged():
                return self._voice_state(event)
            case MemberChanged(guild_id=guild_id, member=known):
                member = self._engine.member(guild_id, known.user_id)
                turns = self._role_turns((guild_id, known.user_id), member, known.roles)
                echoes, by = self._judge((guild_id, known.user_id), member, turns)
                return replace(event, echoes=echoes, by=by) if echoes or by else event
            case GuildAppeared():
                return self._appeared(event)
            case MemberRemoved(guild_id=guild_id, user_id=user_id):
                self._expected.drop((guild_id, user_id))
                return event
            case HandSeen():
                return self._entry(event)
            case _:
                return event

    def _voice_state(self, event: VoiceStateChanged) -> VoiceStateChanged:
        key = (event.guild_id, event.state.user_id)
        member = self._engine.member(*key)
        if key not in self._expected and (member is None or not member.enforced.leases):
            return event
        place, turned = event.state.channel_id, _is_elsewhere(member, event.state)
        is_ours = self._shows(key, PLACE, Place(place), turned=turned)
        turns = _flag_turns(member, event.state)
        if event.member is not None:
            turns += self._role_turns(key, member, event.member.roles)
        echoes, by = self._judge(key, member, turns)
        return replace(event, is_ours=is_ours, echoes=echoes, by=by)

    def _appeared(self, event: GuildAppeared) -> GuildAppeared:
        """A snapshot: everything that was answered before its session began is in it."""
        guild_id = event.guild.id
        since_at = self.shown.since(guild_id)
        listed = {known.user_id: known for known in event.guild.members}
        states = {state.user_id: state for state in event.guild.voice_states}
        found = {}
        for key in self._expected.keys(guild_id):
            member = self._engine.member(*key)
            turns = _flag_turns(member, states[key[1]]) if key[1] in states else []
            if key[1] in listed:
                turns += self._role_turns(key, member, listed[key[1]].roles)
            echoes, _ = self._judge(key, member, turns)
            if echoes:
                found[key[1]] = echoes
            self._expected.forget(key, since_at, roles=key[1] in listed)
        return replace(event, echoes=found) if found else event

    def _entry(self, event: HandSeen) -> HandSeen | None:
        if self.bot_id is None:
            return None
        now = self._now()
        if event.by != self.bot_id:
            return self._audit_log.hears(event, now, self._shown_on(event))
        key = (event.guild_id, event.user_id)
        for change in event.changes:
            if not self._audit_log.is_judged(key, change, now):
                self._expected.told(key, change, now)
        return None

    def _shown_on(self, event: HandSeen) -> set[Echo]:
        """What of an entry is on by our hand, as far as reports tell."""
        member = self._engine.member(event.guild_id, event.user_id)
        if member is None:
            return set()
        return {
            (effect, role)
            for effect, role in event.changes
            if (slot := held_slot(effect, role)) is not None
            and effect in RELEASES
            and slot in member.enforced.leases
            and reported(member, slot, role)
        }

    def _judge(
        self, key: Key, member: MemberState | None, turns: Iterable[Turn]
    ) -> tuple[frozenset[Echo], UserId | None]:
        """Which of these are our own doing, and who is known to have done any other."""
        echoes = set()
        by = None
        now = self._now()
        held = {} if member is None else _held(member)
        for subject, on, turned in turns:
            ours = self._shows(key, subject, on, turned=turned)
            if not turned or subject not in held:
                continue
            change = echo_of(subject, on=on)
            author = self._audit_log.author(key, change, now, held[subject])
            if author is not None:
                by = author
                continue
            ours = ours or (on and (key, subject) in self._restored)
            self._audit_log.judged(key, change, now, ours=ours)
            if ours:
                echoes.add(change)
        return frozenset(echoes), by

    def _shows(self, key: Key, subject: Subject, value: Value, *, turned: bool) -> bool:
        since_at = self.shown.since(key[0])
        return self._expected.shows(
            key, subject, value, self._now(), turned=turned, since_at=since_at
        )

    def _role_turns(
        self, key: Key, member: MemberState | None, roles: frozenset[RoleId]
    ) -> list[Turn]:
        """What is reported of roles that have changed, or of which something is expected."""
        before = frozenset() if member is None else member.reported_roles
        about = (before ^ roles).union(self._expected.roles(key))
        return [
            ((Effect.GRANT, role), role in roles, (role in roles) is not (role in before))
            for role in sorted(about)
        ]


def _held(member: MemberState) -> dict[Subject, datetime]:
    """What we hold of a member, and since when."""
    found = {}
    for leases in member.enforced.leases.values():
        lease = next(iter(leases.values()))
        found[lease.effect, lease.role_id] = held_since(leases)
    return found


def _is_elsewhere(member: MemberState | None, state: VoiceState) -> bool:
    if member is None or not member.connected:
        return state.channel_id is not None
    return state.channel_id != member.channel_id


def _flag_turns(member: MemberState | None, state: VoiceState) -> list[Turn]:
    """What a voice state says of what moderators set."""
    if member is None:
        return []
    return [
        ((effect, None), now, now is not before)
        for effect, before, now in (
            (Effect.MUTE, member.reported_mute, state.guild_mute),
            (Effect.DEAFEN, member.reported_deaf, state.guild_deaf),
            (Effect.SUPPRESS, member.reported_suppressed, state.suppressed),
        )
    ]
