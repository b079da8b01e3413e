"""Somebody else's hand on what rules hold: which reports show one, and who has the slot then."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.support.restart import restarted
from tests.support.stage import (
    ALICE,
    DJ,
    GUILD,
    LOBBY,
    MUSIC,
    ROLES,
    STAFF,
    STAGE,
    Stage,
    voice,
)
from voxguard.engine.humans import LONGEST_FIGHT, MOST_REASSERTIONS
from voxguard.engine.restart import forget_report
from voxguard.model.decisions import RELEASES, Effect
from voxguard.model.events import (
    NO_ECHOES,
    Echo,
    EnforcementFailed,
    MemberChanged,
    VoiceStateChanged,
)
from voxguard.model.ids import RoleId, UserId
from voxguard.model.world import Member, VoiceState

MODERATOR = UserId(77)


@dataclass(frozen=True)
class Slot:
    """One thing that can be held, and how reports show it."""

    effect: Effect
    then: str
    flag: str | None = None

    @property
    def role(self) -> RoleId | None:
        """The role, if it is one."""
        return DJ if self.flag is None else None

    @property
    def on(self) -> Echo:
        """Our own edit that turns it on."""
        return self.effect, self.role

    @property
    def off(self) -> Echo:
        """Our own edit that turns it off."""
        return RELEASES[self.effect], self.role

    def is_on(self, stage: Stage) -> bool:
        """Whether rules see it as on."""
        member = stage.member(ALICE)
        return DJ in member.roles if self.flag is None else bool(getattr(member, self.flag))

    def report(
        self, stage: Stage, *, on: bool, echoes: Iterable[Echo] = (), by: UserId | None = None
    ) -> list[tuple[str, str]]:
        """Discord says how it is."""
        known = frozenset(echoes)
        if self.flag is None:
            member = Member(ALICE, frozenset({DJ} if on else ()))
            return stage.step(MemberChanged(GUILD, member, known, by))
        where = stage.member(ALICE).channel_id
        state = VoiceState(ALICE, where, **{self.flag: on})
        return stage.step(VoiceStateChanged(GUILD, state, echoes=known, by=by))


SLOTS = [
    Slot(Effect.MUTE, "mute: true", "guild_mute"),
    Slot(Effect.DEAFEN, "deafen: true", "guild_deaf"),
    Slot(Effect.SUPPRESS, "suppress: true", "suppressed"),
    Slot(Effect.GRANT, "grant: dj"),
]
slots = pytest.mark.parametrize("slot", SLOTS, ids=lambda slot: slot.effect.value)


def held(slot: Slot, *, humans: str = "yield", more: str = "", rules: str = "") -> Stage:
    """Alice on the stage, where a rule's effect is on and reported."""
    text = f"rules: {{r: {{where: stage, then: {{{slot.then}{more}}}}}{rules}}}"
    stage = Stage(text, guild=f"humans: {humans}", humans=True)
    assert stage.enter(ALICE, STAGE) == [("r", slot.effect.value)]
    assert slot.report(stage.at(1), on=True, echoes=[slot.on]) == []
    return stage


@slots
def test_a_hand_that_undoes_it_wins_until_the_episode_ends(slot: Slot) -> None:
    """The release is recorded and needs nobody; the next episode acts again."""
    stage = held(slot)
    assert slot.report(stage.at(2), on=False, by=MODERATOR) == [("r", slot.off[0].value)]
    release = stage.decisions[-1]
    assert (release.yielded, release.release) == (True, True)
    assert release.details["by"] == str(MODERATOR)
    assert not slot.is_on(stage)
    assert stage.at(3).enter(ALICE, STAGE, self_mute=True) == []
    stage.at(4).enter(ALICE, LOBBY)
    assert stage.at(5).enter(ALICE, STAGE) == [("r", slot.effect.value)]


@slots
def test_what_a_hand_sets_afterwards_is_never_lifted(slot: Slot) -> None:
    """A moderator has undone it and done it again: it stays when the rule stops."""
    stage = held(slot)
    slot.report(stage.at(2), on=False)
    assert slot.report(stage.at(3), on=True) == []
    assert slot.is_on(stage)
    if slot.effect is not Effect.SUPPRESS:
        flags = {} if slot.flag is None else {slot.flag: True}
        assert stage.at(4).enter(ALICE, MUSIC, **flags) == []
        assert slot.is_on(stage)
    assert stage.at(5).activate("rules: {}") == []


@slots
def test_an_echo_is_no_hand(slot: Slot) -> None:
    """Our own release comes back after the rule has taken the slot again."""
    stage = held(slot)
    assert slot.report(stage.at(2), on=False, echoes=[slot.off]) == []
    assert slot.is_on(stage)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []
    assert stage.at(4).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_what_a_hand_does_before_us_is_theirs(slot: Slot) -> None:
    """They set it while ours still waits: it is not ours to lift, and the rule acts after it."""
    text = f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}"
    stage = Stage(text, humans=True)
    stage.enter(ALICE, STAGE)
    assert slot.report(stage.at(1), on=True) == [("r", slot.off[0].value)]
    assert (stage.decisions[-1].yielded, stage.decisions[-1].details["undone"]) == (True, False)
    assert slot.is_on(stage)
    assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
    assert not stage.decisions[-1].yielded


@slots
def test_reasserted_it_is_set_again_in_the_same_episode(slot: Slot) -> None:
    """As a decision of its own, and released with the rule as ever."""
    stage = held(slot, humans="reassert")
    assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
    first, again = stage.decisions
    assert (again.episode_id, again.params, again.release) == (
        first.episode_id,
        first.params,
        False,
    )
    assert again.id != first.id
    assert slot.is_on(stage)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []
    assert stage.at(4).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_reasserted_or_not_a_hand_that_sets_it_has_it(slot: Slot) -> None:
    """A moderator who undoes it and does it again before us keeps what they have set."""
    stage = held(slot, humans="reassert")
    slot.report(stage.at(2), on=False)
    assert slot.report(stage.at(2), on=True) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    assert stage.at(3).activate("rules: {}", guild="humans: reassert") == []
    assert slot.is_on(stage)


@slots
def test_a_fight_ends(slot: Slot) -> None:
    """So often within ten minutes it is set again, also within an instant; then the hand wins."""
    stage = held(slot, humans="reassert")
    for _ in range(MOST_REASSERTIONS):
        assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
        assert slot.report(stage.at(2), on=True, echoes=[slot.on]) == []
    assert slot.report(stage.at(3), on=False) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    assert len({each.id for each in stage.decisions}) == len(stage.decisions)
    later = held(slot, humans="reassert")
    for number in range(3 * MOST_REASSERTIONS):
        at = 2 + number * LONGEST_FIGHT.total_seconds() / MOST_REASSERTIONS
        assert slot.report(later.at(at), on=False) == [("r", slot.effect.value)]
        assert slot.report(later.at(at + 1), on=True, echoes=[slot.on]) == []


def test_holds_end_with_a_hand_and_are_reasserted_like_all_else() -> None:
    """Also when the rule has stopped holding."""
    mute = SLOTS[0]
    for humans, effect in (("yield", "unmute"), ("reassert", "mute")):
        stage = held(mute, humans=humans, more=", hold: 10m")
        assert stage.at(2).enter(ALICE, LOBBY, guild_mute=True) == []
        assert mute.report(stage.at(3), on=False) == [("r", effect)]
        mute.report(stage.at(4), on=humans == "reassert", echoes=[mute.on])
        assert stage.at(600).step() == ([("r", "unmute")] if humans == "reassert" else [])


def test_a_role_is_reasserted_of_somebody_who_is_away() -> None:
    """Of roles Discord changes those of anybody; muted is nobody who is not connected."""
    for humans, effect in (("yield", "revoke"), ("reassert", "grant")):
        stage = held(SLOTS[3], humans=humans, more=", hold: 10m")
        assert stage.at(2).leave(ALICE) == []
        assert stage.at(3).roles(ALICE) == [("r", effect)]
        assert stage.decisions[-1].channel_id is None
        assert stage.decisions[-1].yielded is (humans == "yield")


def test_all_rules_yield_that_hold_by_then() -> None:
    """Those that agreed, and those that wait; a rule that begins to hold later does not."""
    rules = """
    , agrees: {where: [stage, lobby], then: {mute: true}}
    , silent: {where: stage, when: {state: {camera: true}}, then: {mute: true}}
    , waits: {where: stage, for: 1h, then: {mute: true}}
    , deafens: {where: stage, then: {deafen: true}}
    """
    stage = Stage(
        f"rules: {{r: {{priority: 1, where: stage, then: {{mute: true}}}} {rules}}}", humans=True
    )
    assert stage.enter(ALICE, STAGE) == [("deafens", "deafen"), ("r", "mute")][::-1]
    both = {"guild_mute": True, "guild_deaf": True}
    ours = frozenset({(Effect.MUTE, None), (Effect.DEAFEN, None)})
    state = VoiceState(ALICE, STAGE, **both)
    assert stage.at(1).step(VoiceStateChanged(GUILD, state, echoes=ours)) == []
    # The last in order is named, as at any end.
    assert stage.at(2).enter(ALICE, STAGE, guild_deaf=True) == [("agrees", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_deaf=True) == [("deafens", "undeafen")]
    assert stage.at(4).enter(ALICE, STAGE, camera=True) == [
        ("r", "mute"),
        ("deafens", "deafen"),
    ]


def test_a_rule_that_yields_keeps_no_later_rule_from_the_slot() -> None:
    """It says nothing of it, as in a cooldown; an episode that begins later has its turn."""
    stage = Stage(
        """
        rules:
          first: {priority: 1, then: {mute: true}}
          later: {when: {state: {camera: true}}, then: {mute: true}}
        """,
        humans=True,
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("first", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, camera=True) == [("later", "mute")]


MUTED = frozenset({(Effect.MUTE, None)})


def test_lifting_leaves_what_the_hand_sets() -> None:
    """A rule that lifts, and that held already, has yielded as well."""
    stage = Stage(
        """
        rules:
          mutes: {priority: 1, where: lobby, then: {mute: true}}
          lifts: {where: lobby, then: {mute: false}}
        """,
        humans=True,
    )
    assert stage.enter(ALICE, LOBBY) == [("mutes", "mute")]
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("mutes", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.member(ALICE).guild_mute


def test_an_observing_rule_yields_with_the_others() -> None:
    """As it would if it were enforced: what it holds beside them ends, with no new beginning."""
    stage = Stage(
        """
        rules:
          watches: {priority: 1, mode: observe, then: {mute: true}}
          mutes: {then: {mute: true}}
        """,
        humans=True,
    )
    assert stage.enter(ALICE, LOBBY) == [("watches", "mute"), ("mutes", "mute")]
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("mutes", "unmute"), ("watches", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, self_mute=True) == []


def test_what_is_only_observed_nobody_can_undo() -> None:
    """Nothing was done."""
    stage = Stage("rules: {r: {mode: observe, then: {mute: true}}}", humans=True)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(2).enter(ALICE, LOBBY) == []


@slots
def test_a_restart_keeps_what_a_hand_has_undone(slot: Slot) -> None:
    """The episode goes on, and the rule does not take the slot again."""
    stage = held(slot)
    slot.report(stage.at(2), on=False)
    assert restarted(stage.at(3)) == []
    assert stage.at(4).enter(ALICE, STAGE, self_mute=True) == []
    stage.at(5).enter(ALICE, LOBBY)
    assert stage.at(6).enter(ALICE, STAGE) == [("r", slot.effect.value)]


def snapshot(stage: Stage, slot: Slot, *, on: bool, echoes: frozenset[Echo] = NO_ECHOES) -> object:
    """Discord shows the guild anew."""
    flags = {} if slot.flag is None else {slot.flag: on}
    members = [Member(ALICE, frozenset({DJ} if on else ()))] if slot.flag is None else []
    shown = stage.snapshot(members=members, voice=[VoiceState(ALICE, STAGE, **flags)])
    return stage.step(type(shown)(shown.guild, echoes={ALICE: echoes} if echoes else {}))


@slots
def test_a_snapshot_shows_what_hands_have_undone(slot: Slot) -> None:
    """What was reported as on and is off; what never was on is ours to do, and echoes are ours."""
    stage = held(slot)
    assert snapshot(stage.at(2), slot, on=False, echoes=frozenset({slot.off})) == []
    stage = held(slot)
    assert snapshot(stage.at(2), slot, on=False) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    waiting = Stage(f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}", humans=True)
    waiting.enter(ALICE, STAGE)
    assert snapshot(waiting.at(1), slot, on=False) == []
    # Whether that was us cannot be told, and nobody else would lift it.
    assert snapshot(waiting.at(2), slot, on=True) == []
    assert waiting.at(3).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_a_request_in_doubt_is_nobodys_hand(slot: Slot) -> None:
    """What a former run may have asked for is not held against anybody."""
    stage = held(slot)
    forget_report(stage.member(ALICE), slot.off[0], slot.role)
    assert slot.report(stage.at(2), on=False) == []
    assert slot.is_on(stage)
    for effect in (slot.effect, Effect.WARN):
        forget_report(stage.member(ALICE), effect, STAFF)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []


@slots
def test_without_a_lease_a_doubt_changes_nothing(slot: Slot) -> None:
    """The facts follow reports then, and need the last one to compare with."""
    stage = held(slot)
    stage.at(2).activate("rules: {}")
    forget_report(stage.member(ALICE), slot.off[0], slot.role)
    assert slot.report(stage.at(3), on=True) == []
    assert not slot.is_on(stage)


def test_whoever_is_not_connected_is_in_nobodys_hands() -> None:
    """A report of leaving may say anything; what is off at the next join was undone meanwhile."""
    stage = held(SLOTS[0], more=", hold: 10m")
    assert stage.at(2).step(voice(ALICE, None, guild_mute=True)) == []
    assert stage.at(3).enter(ALICE, LOBBY) == [("r", "unmute")]
    assert stage.decisions[-1].yielded
    stage = held(SLOTS[0], more=", hold: 10m")
    assert stage.at(2).leave(ALICE) == []
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(601).step() == [("r", "unmute")]


def test_the_audience_is_left_with_the_stage() -> None:
    """That is nobody's invitation, and no lease is left to yield."""
    stage = held(SLOTS[2])
    assert stage.at(2).enter(ALICE, LOBBY) == []
    assert stage.at(3).enter(ALICE, STAGE) == [("r", "suppress")]


def test_a_deleted_role_was_taken_by_nobody() -> None:
    """A snapshot shows it gone from the table and from the member at once; the rule goes on."""
    stage = held(SLOTS[3])
    shown = stage.snapshot(
        members=[Member(ALICE)],
        voice=[VoiceState(ALICE, STAGE)],
        roles=[role for role in ROLES if role.id != DJ],
    )
    assert stage.at(2).step(shown) == [("r", "grant")]


def test_a_reassertion_is_void_when_the_lease_is() -> None:
    """The channel is left at the instant of the hand, or the mute is there again."""
    mute = SLOTS[0]
    stage = held(mute, humans="reassert")
    left = voice(ALICE, STAGE), voice(ALICE, LOBBY)
    assert stage.at(2).step(*left) == []
    stage = held(mute, humans="reassert")
    both = VoiceStateChanged(
        GUILD, VoiceState(ALICE, STAGE, guild_mute=True), echoes=frozenset({mute.on})
    )
    assert stage.at(2).step(voice(ALICE, STAGE), both) == [("r", "mute")]


def test_what_could_not_be_set_again_is_not_there() -> None:
    """A refusal is a fact, as of any decision."""
    stage = held(SLOTS[0], humans="reassert")
    SLOTS[0].report(stage.at(2), on=False)
    assert stage.at(3).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE)) == []
    assert not stage.member(ALICE).guild_mute


@slots
def test_in_simulations_nobody_has_a_hand(slot: Slot) -> None:
    """What is reported while a lease is on it changes nothing."""
    stage = Stage(f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}")
    stage.enter(ALICE, STAGE)
    for on in (True, False, True):
        assert slot.report(stage, on=on) == []
        assert slot.is_on(stage)
