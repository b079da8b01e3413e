"""What holds whatever moderators do to what rules hold, whenever they do it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC, OUTSIDE, Stage
from tests.unit.daemon.parts import Clock
from voxguard.daemon.attribution import Attribution
from voxguard.engine.state import episode_ids
from voxguard.model.decisions import Decision, Effect
from voxguard.model.events import VoiceStateChanged
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.world import VoiceState
from voxguard.ports.discord import Applied, MemberEdit

RULES: Final = (
    "rules: {a: {where: lobby, then: {mute: true}}}",
    "rules: {a: {where: [lobby, music], then: {mute: true, hold: 20s}}}",
    """
    rules:
      a: {priority: 1, where: lobby, then: {mute: true}}
      b: {where: [lobby, music], for: 5s, then: {mute: true, hold: 10s}}
    """,
    """
    rules:
      a: {where: [lobby, music], when: {state: {self_mute: true}}, then: {mute: true}}
      b: {where: lobby, when: {state: {self_mute: false}}, then: {mute: true}}
    """,
)
HUMANS: Final = st.sampled_from(["yield", "reassert"])


@dataclass(frozen=True)
class Act:
    """Something that happens to a member; `slow` requests are made after what happens next."""

    user: UserId
    what: str
    pause: int
    slow: bool


ACTS: Final = st.lists(
    st.builds(
        Act,
        st.sampled_from([ALICE, BOB]),
        st.sampled_from(
            ["lobby", "lobby", "music", "outside", "leave", "self", "mute", "unmute", "unmute"]
        ),
        st.integers(0, 12),
        st.booleans(),
    ),
    max_size=40,
)
PLACES: Final = {"lobby": LOBBY, "music": MUSIC, "outside": OUTSIDE, "leave": None}


@dataclass
class Voice:
    """A member as Discord has them, and whether a person has set the mute that is on."""

    channel: ChannelId | None = None
    self_mute: bool = False
    mute: bool = False
    by_hand: bool = False
    wanted: Decision | None = None
    yielded: set[UUID] = field(default_factory=set)


class Guild:
    """Discord, which does at once what it is asked for, and an engine that is told everything."""

    def __init__(self, rules: str, humans: str) -> None:
        self.humans = f"humans: {humans}"
        self.yields = humans == "yield"
        self.stage = Stage(rules, guild=self.humans, humans=True)
        self.clock = Clock()
        self.attribution = Attribution(self.stage.engine, self.clock.now)
        self.voices = {ALICE: Voice(), BOB: Voice()}

    def live(self, acts: list[Act]) -> None:
        """One thing after the other."""
        for act in acts:
            self.wait(act.pause)
            self.happens(act)
            for user in self.voices:
                if not (act.slow and user == act.user):
                    self.carry_out(user)

    def wait(self, seconds: int) -> None:
        """Let what falls due meanwhile be decided."""
        end = self.stage.now + seconds
        while (wake_in := self.stage.wake_in) is not None and wake_in <= end:
            self.stage.at(wake_in).step()
            self.take()
        self.stage.at(end)

    def happens(self, act: Act) -> None:
        """What Discord allows of it."""
        voice = self.voices[act.user]
        if act.what in PLACES:
            voice.channel = PLACES[act.what]
        elif voice.channel is None:
            return
        elif act.what == "self":
            voice.self_mute = not voice.self_mute
        elif voice.mute is not (act.what == "mute"):
            is_held = voice.wanted is None or voice.wanted.effect is Effect.MUTE
            if self.yields and voice.mute and not voice.by_hand and is_held:
                voice.yielded |= self.running(act.user)
            voice.mute = voice.by_hand = act.what == "mute"
        self.report(act.user)

    def report(self, user: UserId) -> None:
        """A voice state, on its way through the daemon."""
        voice = self.voices[user]
        state = VoiceState(user, voice.channel, guild_mute=voice.mute, self_mute=voice.self_mute)
        event = self.attribution.tell_apart(VoiceStateChanged(GUILD, state))
        assert event is not None
        self.stage.step(event)
        self.take()

    def take(self) -> None:
        """Note what is wanted now."""
        for decision in self.stage.decisions:
            voice = self.voices[decision.user_id]
            # Nothing is wanted again in an episode in which a hand has won.
            assert decision.release or decision.episode_id not in voice.yielded
            voice.wanted = None if decision.yielded else decision
        self.stage.decisions.clear()

    def running(self, user: UserId) -> set[UUID]:
        """The episodes that go on."""
        guild = self.stage.engine.guild(GUILD)
        member = None if guild is None else guild.members.get(user)
        return set() if member is None else episode_ids(member)

    def carry_out(self, user: UserId) -> None:
        """Ask for what is wanted, unless it is so already."""
        voice = self.voices[user]
        while voice.wanted is not None and voice.channel is not None:
            mute = voice.wanted.effect is Effect.MUTE
            voice.wanted = None
            if voice.mute is mute:
                continue
            # Nobody's own mute is ever lifted.
            assert mute or not voice.by_hand
            edit = MemberEdit(mute=mute)
            self.attribution.sent(GUILD, user, edit)
            voice.mute, voice.by_hand = mute, False
            self.report(user)
            self.attribution.answered(GUILD, user, edit, Applied())

    def ends(self) -> Iterator[Voice]:
        """Everybody, once no rule wants anything any more."""
        self.stage.activate("rules: {}", guild=self.humans)
        self.take()
        for user, voice in self.voices.items():
            self.happens(Act(user, "outside", 0, slow=False))
            self.carry_out(user)
            yield voice


@given(st.sampled_from(RULES), HUMANS, ACTS)
def test_nobodys_own_mute_is_lifted_and_nobody_stays_muted_by_us(
    rules: str, humans: str, acts: list[Act]
) -> None:
    """And an episode in which a hand has won wants nothing again."""
    guild = Guild(rules, humans)
    guild.live(acts)
    for voice in guild.ends():
        assert voice.mute is voice.by_hand
